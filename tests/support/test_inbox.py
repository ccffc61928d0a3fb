"""Hints: kept once, worked off by asking anew, whenever and in whatever order they come."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection

from hectograph.newsroom.flows.books import Deal, Rail, book_new, poll, put_hint, turn, work_inbox
from hectograph.payments.hooks import Hint
from hectograph.payments.port import Kind, Rejected, Unreachable
from hectograph.support import inbox
from hectograph.support.booking import held
from hectograph.support.books import LedgerTxn
from hectograph.support.inbox import InboxEvent
from hectograph.support.sweep_row import SweepCursor, SweepRun
from tests.support.movements import WHEN, moved
from tests.support.till import Service

pytestmark = pytest.mark.django_db
LATE = WHEN + timedelta(days=3)


def hint(number: int, kind: str = "charge.succeeded") -> Hint:
    return Hint(f"evt_{number}", kind, f"ch_{number}", int(WHEN.timestamp()))


def rail(service: Service) -> Rail:
    return Rail(service, service, service)  # type: ignore[arg-type] # of a port's calls, those that books ask


def hints_come(rail: Rail, deal: Deal, now: datetime) -> None:
    work_inbox(rail, deal, now)
    book_new(rail, now)


def nothing(name: str, hint: Hint) -> None:
    """Deals with a hint by doing nothing."""


def test_a_hint_that_comes_fifty_times_is_one_row_and_one_transaction() -> None:
    service = Service(moved(1))
    for _ in range(50):
        inbox.take("peer", [hint(1), hint(1)], WHEN)
        hints_come(rail(service), nothing, WHEN)
    assert (InboxEvent.objects.count(), LedgerTxn.objects.count()) == (1, 1)


def test_a_hint_is_dealt_with_once() -> None:
    dealt: list[str] = []
    inbox.take("peer", [hint(1)], WHEN)
    for _ in range(2):
        hints_come(rail(Service()), lambda name, hint: dealt.append(hint.event), WHEN)
    assert dealt == ["evt_1"]


def test_what_a_desk_sealed_becomes_the_same_hint() -> None:
    words: dict[str, Any] = {"processor": "peer", "event": "evt_1", "type": "charge.succeeded", "object": "ch_1"}
    put_hint({**words, "created": int(WHEN.timestamp())}, WHEN)
    assert InboxEvent.objects.get().hint == hint(1)


def test_hints_in_every_order_lead_to_the_same_books() -> None:
    money = [moved(1), moved(2, Kind.REFUND, -300, 0), moved(3, Kind.DISPUTE, -700, 1500)]
    for order in permutations(range(3)):
        service = Service()
        for place in order:
            service.money.append(money[place])
            inbox.take("peer", [hint(hash((order, place)))], LATE)
            hints_come(rail(service), nothing, LATE)
    assert LedgerTxn.objects.count() == 3
    assert held("peer") == {"EUR": 941 - 300 - 2200}


def test_a_hint_three_days_late_is_worked_off_like_any_other() -> None:
    inbox.take("peer", [hint(1)], LATE)
    hints_come(rail(Service(moved(1))), nothing, LATE)
    assert held("peer") == {"EUR": 941}
    assert InboxEvent.objects.get().state == InboxEvent.State.DONE


def test_a_movement_that_is_older_than_its_hint_is_booked_with_it() -> None:
    before = replace(moved(1), created=WHEN - timedelta(minutes=30))
    inbox.take("peer", [hint(1)], WHEN)
    hints_come(rail(Service(before)), nothing, WHEN)
    assert held("peer") == {"EUR": 941}


def test_a_service_that_is_down_delays_and_loses_nothing() -> None:
    def deal(name: str, hint: Hint) -> None:
        if service.down:
            raise Unreachable("Not now.")

    service = Service(moved(1))
    service.down = True
    inbox.take("peer", [hint(1)], WHEN)
    hints_come(rail(service), deal, WHEN)
    row = InboxEvent.objects.get()
    assert (row.state, row.error, row.attempts) == (InboxEvent.State.WAITS, "Unreachable", 1)
    service.down = False
    hints_come(rail(service), deal, row.not_before)
    assert InboxEvent.objects.get().state == InboxEvent.State.DONE
    assert held("peer") == {"EUR": 941}


def test_many_hints_need_one_list_of_movements() -> None:
    service = Service(moved(1))
    inbox.take("peer", [hint(number) for number in range(120)], WHEN)
    lists = len(service.lists)
    while turn([rail(service)], nothing, WHEN):
        pass
    assert not inbox.due("peer", WHEN, 1)
    assert len(service.lists) - lists == 1 + 1 + 1  # the first, the last, and the night's sweep


def test_a_hint_that_cannot_be_dealt_with_holds_up_no_other() -> None:
    def deal(name: str, hint: Hint) -> None:
        if hint.event == "evt_1":
            raise Unreachable("Not now.")

    inbox.take("peer", [hint(1), hint(2)], WHEN)
    hints_come(rail(Service(moved(2))), deal, WHEN)
    states = dict(InboxEvent.objects.values_list("ref", "state"))
    assert states == {"peer:evt_1": "waits", "peer:evt_2": "done"}


def test_a_hint_of_something_that_is_not_ours_is_not_asked_for_again() -> None:
    def deal(name: str, hint: Hint) -> None:
        raise Rejected("There is no such thing.")

    inbox.take("peer", [hint(1)], WHEN)
    hints_come(rail(Service()), deal, WHEN)
    assert InboxEvent.objects.get().state == InboxEvent.State.DONE


def test_after_days_of_trying_a_person_is_told_and_the_row_stays() -> None:
    inbox.take("peer", [hint(1)], WHEN)
    for _ in range(inbox.GIVE_UP_AFTER):
        inbox.failed(InboxEvent.objects.get(), Unreachable("Not now."), WHEN)
    assert InboxEvent.objects.get().state == InboxEvent.State.GIVEN_UP


def test_a_lost_hint_is_asked_for_within_the_hour() -> None:
    service = Service(moved(1))
    service.happened = [hint(1)]
    turn([rail(service)], nothing, WHEN)
    assert InboxEvent.objects.get().state == InboxEvent.State.DONE


def test_hints_are_asked_for_once_an_hour() -> None:
    service = Service()
    poll(rail(service), WHEN)
    service.happened = [hint(1)]
    poll(rail(service), WHEN + timedelta(minutes=59))
    assert not InboxEvent.objects.exists()
    poll(rail(service), WHEN + timedelta(minutes=61))
    assert InboxEvent.objects.exists()


def test_no_hour_is_left_out_while_the_service_was_down() -> None:
    service = Service()
    poll(rail(service), WHEN - timedelta(days=1))
    service.down, service.happened = True, [hint(1)]
    poll(rail(service), WHEN + timedelta(hours=5))
    service.down = False
    poll(rail(service), WHEN + timedelta(hours=9))
    assert InboxEvent.objects.count() == 1


def test_a_night_is_swept_once_and_a_failed_sweep_made_up_for() -> None:
    service, morning = Service(moved(1)), WHEN + timedelta(days=1)
    turn([rail(service)], nothing, WHEN)
    turn([rail(service)], nothing, WHEN + timedelta(hours=2))
    assert SweepRun.objects.count() == 1
    service.down = True
    for minutes in (0, 5, 20):
        turn([rail(service)], nothing, morning + timedelta(minutes=minutes))
    service.down = False
    turn([rail(service)], nothing, morning + timedelta(minutes=40))
    assert [run.state for run in SweepRun.objects.order_by("at")] == ["equal", "unreachable", "unreachable", "equal"]
    assert SweepCursor.objects.get().swept_at == morning + timedelta(minutes=40)


def test_hints_are_forgotten_after_ninety_days_and_the_books_are_not() -> None:
    service = Service(moved(1))
    inbox.take("peer", [hint(1)], WHEN)
    turn([rail(service)], nothing, WHEN)
    inbox.purge(WHEN + timedelta(days=91))
    assert (InboxEvent.objects.count(), LedgerTxn.objects.count()) == (0, 1)


def test_no_column_of_the_inbox_could_hold_a_message() -> None:
    assert {field.name for field in InboxEvent._meta.fields} == {
        "ref", "rail", "type", "object", "created", "seen_at", "state", "attempts", "not_before", "error",
    }  # fmt: skip


class Killed(BaseException):
    """The process ends here."""


def killed_at_write(number: int, act: Callable[[], object]) -> bool:
    """Do `act` until its write of that number, which does not happen any more; says whether it came so far."""
    left = number

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if left < 0:
            raise Killed
        return run(sql, params, many, context)

    try:
        with connection.execute_wrapper(execute):
            act()
    except Killed:
        return True
    return False


def test_a_death_before_any_write_leaves_books_that_the_next_turn_makes_whole(books: None) -> None:
    for number in range(60):
        service = Service(moved(number * 2), moved(number * 2 + 1, Kind.DISPUTE, -700, 1500))
        service.happened = [hint(number)]
        at = WHEN + timedelta(days=number)
        killed = killed_at_write(number, lambda service=service, at=at: turn([rail(service)], nothing, at))
        turn([rail(service)], nothing, at + timedelta(minutes=20))
        assert held("peer")["EUR"] == (number + 1) * (941 - 2200)
        if not killed:
            return
    raise AssertionError("it never came to its end")
