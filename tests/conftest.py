"""What every test may lean on. The environment is set before pytest-django reads the settings."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from pytest_django.plugin import blocking_manager_key
from xdist.scheduler import LoadScopeScheduling

from tests import guards, laid_anew, postgres
from tests.environment import SCRATCH
from tests.newsroom.cast import Newsroom


class ByFile(LoadScopeScheduling):  # type: ignore[misc, unused-ignore]
    """A file's tests stay with one worker. The soak's are long and few a file: each goes to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if self.config.option.markexpr == "soak" else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(autouse=True, scope="session")
def _passwords_cost_little() -> Iterator[None]:
    """What keeps passwords is dear by intent, and hundreds of tests sign in."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _no_tries_remembered() -> None:
    """Sign-ins that another test got wrong don't count in this one."""
    cache.clear()


def pytest_sessionfinish() -> None:
    postgres.stop()
    shutil.rmtree(SCRATCH, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        laid_anew.remember()


def _commits(test: Any) -> bool:
    marker = test.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(test.fixturenames)
    return bool(asked or (marker and marker.kwargs.get("transaction")))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    """Before any fixture opens a transaction."""
    if not _commits(item) and ("db" in item.fixturenames or item.get_closest_marker("django_db")):
        with item.config.stash[blocking_manager_key].unblock():
            laid_anew.lay()


@pytest.fixture(autouse=True)
def _decisions_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that really commits, before its tables are flushed."""
    commits = _commits(request.node)
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        guards.empty()
        laid_anew.taken_away()


@pytest.fixture
def site_root(tmp_path: Path, settings: Any) -> Path:
    """An empty folder that is the site for one test."""
    root = tmp_path / "site"
    settings.SITE_ROOT = root
    return root


@pytest.fixture
def newsroom(db: None, site_root: Path) -> Newsroom:
    """A newsroom as `hecto init` makes it, in English and Russian, with two sections a language."""
    return Newsroom()


@pytest.fixture
def ground(transactional_db: None) -> None:
    """What migrations put in, for a test that commits and leans on it."""
    laid_anew.lay()
