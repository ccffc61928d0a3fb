"""A clock that is years off makes nobody forgotten who is young, and is told until a person has looked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from hectograph.newsroom import clock, health, timetable
from hectograph.newsroom.command.main import main
from hectograph.newsroom.flows import remind
from hectograph.newsroom.opener import Opener
from hectograph.newsroom.rounds import Rounds
from hectograph.readers import intake, vault
from hectograph.readers.intake_state import Taken
from hectograph.readers.subscriber import Consent, Subscriber
from tests.newsroom.cast import Newsroom

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YEARS = [-10, 10]


class Time:
    """What the machine's clock shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def jump(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def time(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def opener(time: Time, tmp_path: Path, settings: Any) -> Opener:
    settings.HECTO_BOUNCES = None
    return Opener(vault.make(tmp_path / "keys", NOW))


def asked_for(at: datetime) -> Subscriber:
    """Somebody who has not confirmed yet."""
    reader = Subscriber.objects.create(state=Subscriber.State.PENDING, language="en", index="a", number="b")
    reader.consents.create(kind=Consent.Kind.REQUESTED, letter="", at=at, how="form")
    Taken.objects.create(digest="d", at=at)
    return reader


def said(now: datetime) -> list[str]:
    return [finding.what for finding in health.examine(now) if not finding.ok and "clock" in finding.what]


@pytest.mark.parametrize("years", YEARS)
def test_nobody_is_forgotten_by_a_clock_that_jumped(opener: Opener, time: Time, years: int) -> None:
    opener.step()
    asked_for(time.now)
    time.jump(days=365 * years)
    opener.step()
    assert Subscriber.objects.count() == 1
    assert Taken.objects.count() == 1
    assert said(time.now)


def test_what_is_old_goes_as_the_clock_goes_on(opener: Opener, time: Time) -> None:
    opener.step()
    asked_for(time.now)
    for _ in range(4):
        time.jump(days=2)
        opener.step()
    assert not Subscriber.objects.exists()
    assert said(time.now) == []


@pytest.mark.parametrize("years", YEARS)
def test_all_goes_on_once_the_clock_is_right_again(
    opener: Opener, time: Time, years: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = list[datetime]()
    opener.step()
    time.jump(days=365 * years)
    opener.step()
    monkeypatch.setattr(intake, "forget_old", ran.append)
    time.now = NOW + timedelta(hours=2)
    opener.step()
    assert ran == [time.now]
    assert said(time.now) == []


def test_no_reminder_leaves_by_a_clock_that_jumped(opener: Opener, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = list[datetime]()
    monkeypatch.setattr(remind, "run_due", ran.append)
    opener.step()
    time.jump(days=200)
    opener.step()
    assert ran == [NOW]


def test_a_person_can_say_that_the_clock_is_right(
    opener: Opener, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    opener.step()
    asked_for(time.now)
    time.jump(days=30)
    opener.step()
    assert Subscriber.objects.exists()
    main(["doctor"])
    assert "hecto doctor --clock-is-right" in capsys.readouterr().out
    main(["doctor", "--clock-is-right"])
    opener.step()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(("by", "believed"), [(3.0, True), (3.1, False), (-0.04, True), (-0.05, False)])
def test_days_ahead_and_an_hour_back_are_the_bounds(newsroom: Newsroom, by: float, believed: bool) -> None:
    assert clock.is_believed(NOW)
    assert clock.is_believed(NOW + timedelta(days=by)) is believed


def test_a_wrong_clock_moves_the_mark_by_nothing(newsroom: Newsroom) -> None:
    clock.is_believed(NOW)
    for day in range(4, 400, 2):
        assert not clock.is_believed(NOW + timedelta(days=day))


@pytest.mark.parametrize("years", YEARS)
def test_work_of_the_clock_goes_on_after_it_was_years_off(years: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ran, rounds = list[datetime](), Rounds()
    monkeypatch.setattr(timetable, "_JOBS", {"job": (timedelta(hours=1), ran.append)})
    monkeypatch.setattr(timetable, "_last_run", {})
    for now in (NOW + timedelta(days=365 * years), NOW):
        timetable.run_due(now)
        rounds.go("books", lambda now=now: ran.append(now), now, every=timedelta(hours=1))  # type: ignore[misc]
    assert len(ran) == 4
