"""A limit holds in every stretch of time, over restarts, whatever the wall clock does."""

import bisect
import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.post.throttle import Throttle, warm_up

TRIES = (0.0, 0.01, 0.5, 3.0, 50.0)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def most_in(times: list[float], seconds: float) -> int:
    return max((sum(start <= at < start + seconds - 1e-6 for at in times) for start in times), default=0)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([(10, 1.0), (100, 3600.0), (7, 3600.0), (1, 86400.0), (40, 1.0)]),
    st.lists(st.tuples(st.sampled_from(TRIES), st.booleans()), min_size=50, max_size=300),
)
def test_no_stretch_holds_more_than_the_limit(limit: tuple[int, float], steps: list[tuple[float, bool]]) -> None:
    """Attack 18, with crashes between: a crash starts with empty buckets."""
    count, seconds = limit
    clock, went = Clock(), list[float]()
    names = {1.0: "rate", 3600.0: "hourly", 86400.0: "daily"}

    def make() -> Throttle:
        return Throttle(clock, **{names[seconds]: float(count)})

    throttle = make()
    for wait, crash in steps:
        clock.now += wait * seconds / 20
        throttle = make() if crash else throttle
        while throttle.take() <= 0.0:
            went.append(clock.now)
    assert most_in(went, seconds) <= count


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=30, max_size=30), st.sampled_from([100.0, 1000.0]))
def test_small_mails_and_the_letter_together_stay_below_the_limit(small: list[int], limit: float) -> None:
    """A twentieth is kept for small mails, and what they take is taken off what the letter may."""
    clock, went = Clock(), list[float]()
    throttle = Throttle(clock, hourly=limit * 0.95)
    for step in range(300):  # three hours
        clock.now += 36.0
        count = small[step // 10] if step % 10 == 0 else 0
        throttle.elsewhere(count)
        went += [clock.now] * count
        while throttle.take() <= 0.0:
            went.append(clock.now)
    assert max(bisect.bisect_left(went, at + 3600.0 - 1e-6) - place for place, at in enumerate(went)) <= limit


def test_after_a_rush_of_small_mails_the_letter_waits_for_as_many() -> None:
    clock = Clock()
    alone, beside = Throttle(clock, hourly=950.0), Throttle(clock, hourly=950.0)
    beside.elsewhere(100)
    counts = [0, 0]
    for _ in range(3600):
        clock.now += 1.0
        for place, throttle in enumerate((alone, beside)):
            while throttle.take() <= 0.0:
                counts[place] += 1
    assert counts[0] - counts[1] in (99, 100, 101)


def test_one_in_eight_minutes() -> None:
    clock = Clock()
    throttle = Throttle(clock, hourly=7.5)
    went = []
    for _ in itertools.repeat(None, 3600 * 2):
        clock.now += 1.0
        if throttle.take() <= 0.0:
            went.append(clock.now)
    assert len(went) in (14, 15)
    assert min(b - a for a, b in itertools.pairwise(went)) >= 479


def test_a_rate_is_used_up_whole() -> None:
    clock = Clock()
    throttle, went = Throttle(clock, rate=1000.0), 0
    for _ in range(10_000):
        clock.now += 0.001
        while throttle.take() <= 0.0:
            went += 1
    assert 9_000 <= went <= 10_000


def test_a_clean_stop_keeps_what_a_bucket_holds_and_a_crash_does_not(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "throttle"
    first = Throttle(clock, hourly=100.0)
    clock.now += 3600
    assert first.take() <= 0.0
    first.save(file, "boot")
    second = Throttle(clock, hourly=100.0)
    second.restore(file, "boot")
    assert second.take() <= 0.0
    third = Throttle(clock, hourly=100.0)
    third.restore(file, "boot")
    assert third.take() > 0.0
    first.save(file, "boot")
    other_boot = Throttle(clock, hourly=100.0)
    other_boot.restore(file, "another")
    assert other_boot.take() > 0.0


@pytest.mark.parametrize(("boot", "limit"), [("", 100.0), ("boot", 200.0)])
def test_where_boot_or_limit_are_not_the_same_a_bucket_begins_empty(tmp_path: Path, boot: str, limit: float) -> None:
    clock, file = Clock(), tmp_path / "throttle"
    first = Throttle(clock, hourly=100.0)
    clock.now += 3600
    assert first.take() <= 0.0
    first.save(file, boot)
    second = Throttle(clock, hourly=limit)
    second.restore(file, boot)
    assert second.take() > 0.0
    assert not file.exists()


def test_a_relay_that_puts_off_is_written_to_half_as_fast_and_slowly_faster_again() -> None:
    clock = Clock()
    throttle = Throttle(clock, rate=100.0)
    for number in range(200):
        throttle.heard(put_off=number % 20 == 0)
    assert throttle.pace() == pytest.approx(50.0)
    for _ in range(20):
        clock.now += 61
        throttle.heard(put_off=False)
    assert throttle.pace() == pytest.approx(100.0)


def test_a_new_relay_is_warmed_up_day_by_day() -> None:
    began = date(2026, 11, 1)
    caps = [warm_up(began, date(2026, 11, 1 + day)) for day in range(14)]
    assert caps[0] == 500
    assert all(later > earlier for earlier, later in itertools.pairwise(caps[:11]))
    assert caps[11:] == [0, 0, 0]
    assert warm_up(None, began) == 0
