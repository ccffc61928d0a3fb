"""Links that are turned when all of an archive is here: never over an editor's words, and none ends the import."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from hectograph.errors import Problem
from hectograph.stories.importing import turns, waiting_links
from hectograph.stories.importing.writing import run_import
from hectograph.stories.story import Story
from tests.stories.importing.archives import post, written, wxr

LINK = '<a href="/2020/post-9/">later</a>'
GAP = "a link to /2020/post-9/"


def two_that_wait(folder: Path) -> Path:
    return written(folder, wxr(post(1, "Early", LINK), post(2, "Second", LINK), post(9, "Late")))


def turned(title: str) -> bool:
    return 'linktype="page"' in str(Story.objects.get(title=title).body.get_prep_value())


def test_a_draft_that_an_editor_saves_as_the_links_are_turned_stays_on_top(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = turns.wholly_or_not

    @contextmanager
    def after_an_editor() -> Iterator[None]:
        early = Story.objects.filter(title="Early").first()
        if early and Story.objects.filter(title="Late").exists() and not early.has_unpublished_changes:
            early.title = "Edited by hand"
            early.save_revision()
        with real():
            yield

    monkeypatch.setattr(turns, "wholly_or_not", after_an_editor)
    report = run_import("wordpress", two_that_wait(tmp_path))
    assert Story.objects.get(title="Early").get_latest_revision_as_object().title == "Edited by hand"
    assert [item.gaps for item in report.items] == [[GAP], [], []]


def test_a_page_is_locked_before_its_links_are_turned_where_the_database_can(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = waiting_links.settle, list[str]()

    def watched(rows: Any) -> None:
        with CaptureQueriesContext(connection) as seen:
            real(rows)
        asked.extend(query["sql"] for query in seen)

    monkeypatch.setattr(waiting_links, "settle", watched)
    run_import("wordpress", two_that_wait(tmp_path))
    locks = [sql for sql in asked if "FOR UPDATE" in sql and "wagtailcore_page" in sql]
    assert len(locks) == (2 if connection.features.has_select_for_update else 0)


def refusing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """What turns the links of “Early” meets `error` behind its last write."""
    real = waiting_links.digest_with

    def refuses(digest: str, gaps: Any) -> str:
        if turned("Early") and not turned("Second"):
            raise error
        return real(digest, gaps)

    monkeypatch.setattr(waiting_links, "digest_with", refuses)


def test_links_that_can_not_be_stored_are_one_line_of_the_report(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, ValueError("no such thing"))
    report = run_import("wordpress", two_that_wait(tmp_path))
    assert [item.outcome for item in report.items] == ["came"] * 3
    told = "its links can't be stored (ValueError); HECTO_LOG_LEVEL=INFO tells more"
    assert [item.gaps for item in report.items] == [[GAP, told], [], []]
    assert (turned("Early"), turned("Second")) == (False, True)


def test_links_that_could_not_be_stored_are_turned_by_the_next_run(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as this_once:
        refusing(this_once, ValueError("no such thing"))
        run_import("wordpress", two_that_wait(tmp_path))
    report = run_import("wordpress", two_that_wait(tmp_path))
    assert [item.outcome for item in report.items] == ["changed", "same", "same"]
    assert turned("Early")


@pytest.mark.parametrize("words", ["database or disk is full", "could not extend file: No space left on device"])
def test_a_disk_that_is_full_as_links_are_turned_is_a_sentence(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    refusing(monkeypatch, OperationalError(words))
    with pytest.raises(Problem, match="disk is full"):
        run_import("wordpress", two_that_wait(tmp_path))
