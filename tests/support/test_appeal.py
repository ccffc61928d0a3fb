"""Appeals: what came in for one, and what of it is told."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from hectograph.money import Money
from hectograph.payments.port import Kind, Movement
from hectograph.support import appeal
from hectograph.support.appeal import Appeal
from hectograph.support.booking import book
from hectograph.support.contribution import Contribution, State
from tests.support.given import given
from tests.support.movements import WHEN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()


def row(**values: Any) -> Appeal:
    values = {"goal": 1_000_000, "starts": NOW, "ends": NOW + timedelta(days=9)} | values
    return Appeal.objects.create(slug="winter", **values)


def gifts(count: int, minor: int = 1_000, day: date = TODAY - timedelta(days=1), **values: Any) -> None:
    values = {"appeal": "winter", "currency": "USD", "state": State.PAID} | values
    for _ in range(count):
        name = uuid.uuid4()
        Contribution.objects.create(
            uuid=name,
            frequency="once",
            minor=minor,
            day=day,
            processor="x",
            ref=name.hex,
            receipt=name.hex[:16],
            **values,
        )


def test_of_fewer_than_twenty_gifts_nothing_is_told() -> None:
    one = row()
    gifts(19)
    assert appeal.raised(one, TODAY) is None
    gifts(1)
    assert appeal.raised(one, TODAY) == 20_000


def test_todays_gifts_wait_until_tomorrow() -> None:
    one = row()
    gifts(20)
    gifts(50, day=TODAY)
    assert appeal.raised(one, TODAY) == 20_000


def test_a_sum_moves_by_whole_hundredths_of_the_goal() -> None:
    one = row()
    gifts(20, minor=1_499)
    assert appeal.raised(one, TODAY) == 20_000


def test_other_currencies_other_appeals_and_what_never_came_do_not_count() -> None:
    one = row()
    gifts(20)
    gifts(20, currency="EUR")
    gifts(20, appeal="spring")
    gifts(20, state=State.FAILED)
    gifts(20, state=State.REFUNDED)
    assert appeal.raised(one, TODAY) == 20_000


def booked(number: int, currency: str, amount: int = 1_100, kind: Kind = Kind.CHARGE) -> Movement:
    """What the service made of the euros of that number, in the currency of its balance."""
    name = f"txn_{number}_{kind.value}"
    return Movement(name, kind, amount, 0, amount, currency, WHEN, payment=f"pi_{number}", original=Money(1_000, "EUR"))


def test_a_gift_in_another_currency_counts_as_the_service_exchanged_it_and_by_no_rate_of_ours() -> None:
    one = row()
    for number in range(25):
        given(number, appeal="winter", processor="peer")
    assert appeal.raised(one, TODAY) is None  # nothing is booked yet
    book("peer", [booked(number, "USD" if number < 20 else "EUR") for number in range(25)])
    assert appeal.raised(one, TODAY) == 20 * 1_100 // 10_000 * 10_000


def test_what_was_given_back_of_an_exchanged_gift_is_taken_off_as_the_books_have_it() -> None:
    one = row(goal=100)
    for number in range(21):
        given(number, appeal="winter", processor="peer")
    book("peer", [booked(number, "USD") for number in range(21)])
    assert appeal.raised(one, TODAY) == 21 * 1_100
    part = replace(booked(0, "USD", -550, Kind.REFUND), original=Money(-500, "EUR"))
    book("peer", [part])
    assert appeal.raised(one, TODAY) == 21 * 1_100 - 550


def test_what_was_given_back_is_taken_off() -> None:
    one = row()
    gifts(40, state=State.REFUNDED_PART, refunded=500)
    assert appeal.raised(one, TODAY) == 20_000


def test_without_a_goal_nothing_is_told() -> None:
    one = row(goal=0)
    gifts(20)
    assert appeal.raised(one, TODAY) is None


def test_an_appeal_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError):
        Appeal(slug="x", starts=NOW, ends=NOW).full_clean()


@pytest.mark.parametrize("slug", ["Winter", "win_ter", "Зима", "a b"])
def test_a_short_name_that_would_not_travel_is_refused_in_a_sentence(slug: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Appeal(slug=slug, starts=NOW, ends=NOW + timedelta(days=1)).full_clean()
    assert "slug" in refused.value.message_dict


@pytest.mark.parametrize("slug", ["winter-2026", "a", "2026"])
def test_one_that_travels_is_taken(slug: str) -> None:
    Appeal(slug=slug, starts=NOW, ends=NOW + timedelta(days=1)).full_clean()
