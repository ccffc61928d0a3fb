"""What every test may lean on. The environment is set before pytest-django reads the settings."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.environment import SCRATCH
from tests.newsroom.cast import Newsroom


def pytest_sessionfinish() -> None:
    postgres.stop()
    shutil.rmtree(SCRATCH, ignore_errors=True)


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
