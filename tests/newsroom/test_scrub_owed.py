"""What was taken down is forgotten by the database's file, however busy that was at first."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import health, timetable
from hectograph.newsroom.access import accounts
from hectograph.newsroom.flows import scrubbing, take_down
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom

OWED = Path(settings.HECTO_HOME) / "scrub-owed"


@pytest.fixture(autouse=True)
def scrubs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the database answers to the next scrubs: an error, or nothing. A test's own transaction lets it do none."""
    answers: list[Any] = []

    def scrub() -> None:
        if answers and (error := answers.pop(0)):
            raise error

    monkeypatch.setattr(scrubbing, "_scrub_sqlite", scrub)
    monkeypatch.setattr(scrubbing, "_scrub_postgresql", scrub)
    for mark in OWED.parent.glob(f"{OWED.name}*"):
        mark.unlink()
    return answers


@pytest.mark.parametrize("trouble", [OperationalError("database is locked"), Problem("It is read all the time.")])
def test_a_busy_database_is_told_to_the_editor_and_forgets_later(
    newsroom: Newsroom, client: Client, scrubs: list[Any], trouble: Exception
) -> None:
    client.force_login(accounts.create_staff("pub", "a-long-enough-password", role="publisher"))
    story = newsroom.story("The long night")
    scrubs[:] = [trouble, trouble]
    answer = client.post(f"/admin/newsroom/take-down/{story.pk}/", {"leave": "nothing"}, follow=True)
    assert "The worker tries again every minute" in answer.content.decode()
    assert ("The database is busy" in answer.content.decode()) == isinstance(trouble, OperationalError)
    assert not Story.objects.filter(pk=story.pk).exists()
    timetable._scrub(timezone.now())  # busy still
    assert scrubbing.owed_since()
    timetable._scrub(timezone.now())
    assert not scrubbing.owed_since()


@pytest.mark.parametrize("act", ["take_down", "retire"])
def test_a_worker_that_pays_too_early_does_not_wipe_the_debt(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, act: str
) -> None:
    row = newsroom.story("The long night") if act == "take_down" else newsroom.bylines[0]
    monkeypatch.setattr(scrubbing, "pages_with", lambda words: timetable._scrub(timezone.now()) or [])
    with django_capture_on_commit_callbacks(execute=True):
        getattr(take_down, act)(row.pk)
    assert scrubbing.owed_since()


def test_what_is_taken_down_while_a_scrub_runs_is_owed_still(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "_scrub_sqlite", scrubbing.owe)
    monkeypatch.setattr(scrubbing, "_scrub_postgresql", scrubbing.owe)
    scrubbing.scrub()
    assert scrubbing.owed_since() is not None


def test_of_two_scrubs_at_once_neither_stumbles_over_the_other(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[bool] = []

    def another() -> None:
        if not inside:
            inside.append(True)
            scrubbing.scrub()

    monkeypatch.setattr(scrubbing, "_scrub_sqlite", another)
    monkeypatch.setattr(scrubbing, "_scrub_postgresql", another)
    scrubbing.owe()
    scrubbing.scrub()
    assert scrubbing.owed_since() is None


def test_a_scrub_that_fails_leaves_its_debt(newsroom: Newsroom, scrubs: list[Any]) -> None:
    scrubs[:] = [OperationalError("database is locked")]
    with pytest.raises(OperationalError):
        scrubbing.scrub()
    assert scrubbing.owed_since() is not None
    scrubbing.scrub()
    assert scrubbing.owed_since() is None


def test_a_debt_that_stays_is_told_by_the_doctor(newsroom: Newsroom) -> None:
    scrubbing.owe()
    since = scrubbing.owed_since()
    assert since is not None
    assert health._forgetting(since + timedelta(minutes=1)).ok
    assert not health._forgetting(since + timedelta(minutes=20)).ok


@pytest.mark.parametrize("act", ["take_down", "retire"])
def test_whoever_is_killed_before_the_scrub_owes_it(newsroom: Newsroom, act: str) -> None:
    row = newsroom.story("The long night") if act == "take_down" else newsroom.bylines[0]
    getattr(take_down, act)(row.pk)
    assert scrubbing.owed_since()
    scrubbing.scrub()
    assert not scrubbing.owed_since()
