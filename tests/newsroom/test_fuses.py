"""Fuses: what closes a way of paying, what never does, and how it opens again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hectograph.errors import Problem
from hectograph.newsroom import health
from hectograph.newsroom.flows import fuses, notices
from hectograph.newsroom.flows.till import ASKED, BAD, READ, Till
from hectograph.support import fuse, fuse_count
from hectograph.support.contribution import Contribution
from hectograph.support.fuse import Alarm
from hectograph.support.fuse_count import FuseCount
from hectograph.support.operator_action import OperatorAction
from tests.newsroom.giving import Giving

pytestmark = pytest.mark.django_db


@pytest.fixture
def giving() -> Giving:
    return Giving()


def metered(giving: Giving) -> Till:
    meter = fuses.Meter(giving.clock)
    return replace(giving.till(), is_open=meter.is_open, seen=meter.seen)


def pages(giving: Giving, till: Till, *tokens: str, method: str = "card") -> list[str]:
    """What the pages of presses with these tokens say, made at once."""
    presses = [giving.press(token, method=method) for token in tokens]
    giving.work(till)
    return [giving.page(press) for press in presses]


def test_a_thousand_stolen_cards_in_a_minute_close_cards_for_a_while_and_call_a_person_once(giving: Giving) -> None:
    till = metered(giving)
    said = pages(giving, till, *(f"tok_DE_declined_{number}" for number in range(1000)))
    assert said.count("closed") >= 960
    assert giving.bank.calls.count("confirm") <= 40
    assert Alarm.objects.count() == 1
    assert pages(giving, till, "tok_DE_debit", method="sepa") == ["processing"]
    giving.clock.wait(minutes=16)
    assert pages(giving, till, "tok_DE") == ["paid"]


def test_a_letter_that_brings_hundreds_in_a_minute_closes_nothing(giving: Giving) -> None:
    said = pages(giving, metered(giving), *(f"tok_{'DE' if n % 3 else 'FR_declined'}_{n}" for n in range(200)))
    assert "closed" not in said


@pytest.mark.parametrize("token", ["junk", "tok_RU"])
def test_tokens_that_are_none_and_countries_that_may_not_give_close_no_card_of_others(
    giving: Giving, token: str
) -> None:
    till = metered(giving)
    pages(giving, till, *(f"{token}_{number}" for number in range(100)))
    assert pages(giving, till, "tok_DE") == ["paid"]


def test_more_tokens_than_a_desk_lets_through_at_ease_close_cards_whatever_they_are(giving: Giving) -> None:
    meter = fuses.Meter(giving.clock)
    for _ in range(fuses.PRESSES_A_MINUTE + 1):
        meter.seen("card", "asked")
    assert not meter.is_open("card")


def test_a_fuse_that_a_person_opened_starts_from_nothing(giving: Giving) -> None:
    till = metered(giving)
    pages(giving, till, *(f"tok_DE_declined_{number}" for number in range(50)))
    assert fuse.open_again("card", giving.clock())
    assert pages(giving, till, "tok_FR_declined", "tok_DE") == ["declined", "paid"]
    assert not fuse.open_again("card", giving.clock())


def test_two_cashiers_count_together_and_a_restart_forgets_nothing(giving: Giving) -> None:
    for number in range(30):  # each press is another cashier's, and each was started just now
        assert pages(giving, metered(giving), f"tok_DE_declined_{number}") == ["declined"], number
    assert pages(giving, metered(giving), "tok_DE") == ["closed"]


def test_what_was_heard_while_it_closed_closes_it_no_second_time(giving: Giving) -> None:
    till = metered(giving)
    pages(giving, till, *(f"tok_DE_declined_{number}" for number in range(50)))
    giving.clock.wait(minutes=14)
    for _ in range(50):  # of cards that were at their banks already
        till.seen("card", BAD)
    giving.clock.wait(minutes=2)
    assert pages(giving, till, "tok_FR_declined", "tok_DE") == ["declined", "paid"]


def test_an_hour_of_presses_leaves_a_handful_of_numbers_and_forgetting_leaves_none(giving: Giving) -> None:
    for _ in range(120):
        for what in (ASKED, READ, BAD):
            fuse_count.hear("card", what, giving.clock())
        giving.clock.wait(seconds=30)
    assert FuseCount.objects.count() <= 3 * 11
    notices.forget(giving.clock() + timedelta(minutes=6))
    assert not FuseCount.objects.exists()


@pytest.mark.parametrize(("method", "token"), [("sepa", "tok_DE"), ("card", "tok_DE_debit")])
def test_a_way_that_is_closed_is_not_opened_by_naming_another(giving: Giving, method: str, token: str) -> None:
    assert pages(giving, giving.till(), token, method=method) == ["refused"]
    assert giving.bank.calls == ["preview"]


def disputed(giving: Giving, count: int, of: int) -> None:
    while Contribution.objects.count() < of:
        giving.press()
        giving.work()
    rows = Contribution.objects.order_by("pk").values("pk")[:count]
    Contribution.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(disputed=True)


def test_four_disputes_close_nothing_and_five_close_cards(giving: Giving) -> None:
    disputed(giving, 4, of=8)
    assert not fuses.watch_disputes(giving.clock())
    disputed(giving, 5, of=8)
    assert fuses.watch_disputes(giving.clock())
    assert fuse.is_closed("card", giving.clock())


def test_cards_that_a_person_opened_stay_open_until_there_is_another_dispute(giving: Giving) -> None:
    disputed(giving, 5, of=8)
    fuses.watch_disputes(giving.clock())
    fuse.open_again("card", giving.clock())
    assert not fuses.watch_disputes(giving.clock())
    assert not fuse.is_closed("card", giving.clock())
    disputed(giving, 6, of=8)
    assert fuses.watch_disputes(giving.clock())


def test_who_opened_a_way_again_and_why_is_kept(giving: Giving) -> None:
    fuse.blow("card", "too many disputes", giving.clock(), timedelta(days=1))
    fuses.open_again("card", "anna", "They were of one reader", giving.clock())
    assert not fuse.is_closed("card", giving.clock())
    done = OperatorAction.objects.get()
    assert (done.act, done.by, done.about, done.note) == ("open again", "anna", "card", "They were of one reader")
    with pytest.raises(Problem, match="No fuse"):
        fuses.open_again("card", "anna", "Once more", giving.clock())


def test_health_says_how_a_closed_way_opens(giving: Giving) -> None:
    fuse.blow("card", "too many disputes", giving.clock(), timedelta(days=1))
    said = health._fuses(giving.clock())
    assert "hecto support open-again WAY --reason" in said.remedy
