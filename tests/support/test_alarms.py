"""What is wrong with money is said on the admin's home and by `hecto doctor`, and names what to do."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hectograph.errors import Problem
from hectograph.newsroom import health
from hectograph.payments.hooks import Hint
from hectograph.payments.port import Kind, Unreachable
from hectograph.support import alarms, inbox
from hectograph.support.booking import book
from hectograph.support.inbox import InboxEvent
from hectograph.support.sweep import SweptRail, sweep
from hectograph.support.sweep_row import SweepRun
from tests.support.movements import WHEN, moved
from tests.support.till import Service

pytestmark = pytest.mark.django_db
Look = Callable[[datetime], Problem | None]
LOOKS: list[Look] = [
    alarms.unequal_books,
    alarms.unswept_books,
    alarms.suspense,
    alarms.silent_rails,
    alarms.plans_apart,
    alarms.hints_given_up,
]


def swept(service: Service, at: datetime = WHEN) -> SweepRun:
    return sweep(SweptRail("peer", service.list_money, service.balance), at)


@pytest.mark.parametrize("look", LOOKS)
def test_a_newsroom_that_takes_no_money_yet_hears_no_alarm(look: Look) -> None:
    assert look(WHEN) is None


@pytest.mark.parametrize("look", LOOKS)
def test_books_that_agree_raise_no_alarm(look: Look) -> None:
    swept(Service(moved(1)))
    assert look(WHEN + timedelta(hours=1)) is None


def test_a_cent_too_few_raises_one_until_the_sums_agree() -> None:
    service = Service(moved(1))
    service.off = 1
    swept(service)
    alarm = alarms.unequal_books(WHEN)
    assert alarm is not None
    assert "-1 EUR" in alarm.message
    service.off = 0
    swept(service, WHEN + timedelta(days=1))
    assert alarms.unequal_books(WHEN) is None


def test_a_service_that_is_down_does_not_hush_a_difference() -> None:
    service = Service(moved(1))
    service.off = 1
    swept(service)
    service.down = True
    swept(service, WHEN + timedelta(days=1))
    assert alarms.unequal_books(WHEN + timedelta(days=1)) is not None


def test_two_nights_without_a_sweep_raise_one() -> None:
    swept(Service(moved(1)))
    assert alarms.unswept_books(WHEN + timedelta(hours=35)) is None
    assert alarms.unswept_books(WHEN + timedelta(hours=37)) is not None


def test_a_movement_in_suspense_raises_one_and_its_opposite_ends_it() -> None:
    book("peer", [moved(1, Kind.OTHER, 500, 0)])
    assert alarms.suspense(WHEN) is not None
    book("peer", [moved(2, Kind.OTHER, -500, 0)])
    assert alarms.suspense(WHEN) is None


def daily(days: int) -> Service:
    return Service(*(moved(day, at=WHEN + timedelta(days=2 * day)) for day in range(days)))


def test_a_rail_that_is_silent_for_longer_than_ever_raises_one() -> None:
    last = WHEN + timedelta(days=2 * 29)
    swept(daily(30), last)
    assert alarms.silent_rails(last + timedelta(days=2)) is None
    assert alarms.silent_rails(last + timedelta(days=2, minutes=1)) is not None


def test_the_silence_of_a_young_rail_says_nothing() -> None:
    swept(daily(5), WHEN)
    assert alarms.silent_rails(WHEN + timedelta(days=100)) is None


def test_plans_that_live_on_one_side_alone_raise_one() -> None:
    swept(Service())
    SweepRun.objects.update(plans_there=["sub_1"])
    alarm = alarms.plans_apart(WHEN)
    assert alarm is not None
    assert "sub_1" in alarm.message


def test_hints_that_wait_for_hours_or_were_given_up_raise_one() -> None:
    inbox.take("peer", [Hint("evt_1", "charge.succeeded", "ch_1", 1)], WHEN)
    assert alarms.hints_given_up(WHEN + timedelta(hours=1)) is None
    assert alarms.hints_given_up(WHEN + timedelta(hours=3)) is not None
    for _ in range(inbox.GIVE_UP_AFTER):
        inbox.failed(InboxEvent.objects.get(), Unreachable("Not now."), WHEN)
    assert alarms.hints_given_up(WHEN + timedelta(hours=1)) is not None


def test_the_doctor_tells_of_it(newsroom: object) -> None:
    service = Service(moved(1))
    service.off = 1
    swept(service)
    said = [finding.what for finding in health.examine(WHEN) if not finding.ok]
    assert any("The books differ from what peer holds" in words for words in said)
