"""When a letter goes out: a weekday and an hour of the newsroom's own clock. Pure.

Where the clock is put forward over that hour, the letter goes at the moment that the hour would have been (08:00 for
07:00 that never came); where it is put back, the first of the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hectograph.errors import Problem

LATE = timedelta(hours=6)  # more than this, and a person must say that it may still go
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RHYTHM = re.compile(r"([a-z]+)\s+([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Rhythm:
    """`weekday` counts from Monday, 0; `at` is wall time."""

    weekday: int
    at: time


def read(text: str) -> Rhythm:
    """A rhythm from words like `friday 08:00`."""
    found = _RHYTHM.fullmatch(text.strip().lower())
    if not found or found[1] not in _DAYS:
        raise Problem("The letter's day and hour are not understood.", "HECTO_LETTER_TIME=friday 08:00")
    return Rhythm(_DAYS.index(found[1]), time(int(found[2]), int(found[3])))


def next_day(rhythm: Rhythm, now: datetime, zone: str) -> date:
    """The day of the next letter: today, where its hour has not passed."""
    local = now.astimezone(ZoneInfo(zone))
    ahead = (rhythm.weekday - local.weekday()) % 7
    if ahead == 0 and local.time() >= rhythm.at:
        ahead = 7
    return local.date() + timedelta(days=ahead)


def moment(day: date, at: time, zone: str) -> datetime:
    """The UTC moment of a wall time."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def is_late(send_at: datetime, now: datetime) -> bool:
    """Whether so much time has passed that the letter waits for a person."""
    return now - send_at > LATE
