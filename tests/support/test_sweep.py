"""The sweep: whatever hints did or did not come, the books hold what the service holds, or a person is told."""

import random
from datetime import date, timedelta

import pytest

from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.port import Kind, PlanTerms
from hectograph.support.booking import book, held
from hectograph.support.plan import Plan
from hectograph.support.sweep import OVERLAP, SweptRail, sweep
from hectograph.support.sweep_row import SweepCursor, SweepRun
from tests.support.movements import WHEN, moved
from tests.support.till import Service

pytestmark = pytest.mark.django_db
NIGHT = WHEN + timedelta(hours=15)


def swept(service: Service) -> SweptRail:
    return SweptRail("peer", service.list_money, service.balance, service.active_plans)


def test_what_no_hint_told_of_is_found() -> None:
    service = Service(moved(1), moved(2, Kind.FEE, 0, 200), moved(3, Kind.PAYOUT, -500, 0))
    run = sweep(swept(service), NIGHT)
    assert (run.state, run.found) == (SweepRun.State.EQUAL, 3)
    assert held("peer") == service.balance()


def test_what_hints_brought_is_not_found_again() -> None:
    book("peer", [moved(1)])
    assert sweep(swept(Service(moved(1))), NIGHT).found == 0


def test_a_difference_of_a_cent_is_told() -> None:
    service = Service(moved(1))
    service.off = 1
    run = sweep(swept(service), NIGHT)
    assert (run.state, run.diff) == (SweepRun.State.UNEQUAL, {"EUR": -1})


def test_money_that_moves_between_two_questions_is_no_difference() -> None:
    service = Service(moved(1))
    service.between = [moved(2)]
    assert sweep(swept(service), NIGHT).state == SweepRun.State.EQUAL


def test_a_movement_without_an_account_here_differs_in_its_currency() -> None:
    service = Service(moved(1), moved(2, currency="USD"))
    run = sweep(SweptRail("peer", lambda since: iter([moved(1)]), service.balance), NIGHT)
    assert run.diff == {"USD": -941}


def test_the_second_night_lists_a_week_and_no_more() -> None:
    service = Service(moved(1, at=WHEN - timedelta(days=90)), moved(2))
    sweep(swept(service), NIGHT)
    service.lists.clear()
    sweep(swept(service), NIGHT + timedelta(days=1))
    assert service.lists == [WHEN - OVERLAP]


def test_what_was_missed_a_year_ago_is_found_when_the_sums_differ() -> None:
    service = Service(moved(1))
    sweep(swept(service), NIGHT)
    service.money.append(moved(2, at=WHEN - timedelta(days=365)))
    run = sweep(swept(service), NIGHT + timedelta(days=1))
    assert (run.state, run.found) == (SweepRun.State.EQUAL, 1)


def test_a_service_that_is_down_leaves_the_cursor_where_it_was() -> None:
    service = Service(moved(1))
    sweep(swept(service), NIGHT)
    service.down = True
    assert sweep(swept(service), NIGHT + timedelta(days=1)).state == SweepRun.State.UNREACHABLE
    cursor = SweepCursor.objects.get()
    assert (cursor.movements_until, cursor.swept_at) == (WHEN, NIGHT)


def test_a_rail_that_holds_nothing_for_us_is_counted() -> None:
    assert sweep(SweptRail("peer", Service(moved(1)).list_money), NIGHT).state == SweepRun.State.COUNTED


def test_the_longest_silence_between_two_charges_is_kept() -> None:
    days = [0, 1, 5, 6]
    charges = [moved(day, at=WHEN + timedelta(days=day)) for day in days]
    sweep(swept(Service(*charges, moved(9, Kind.FEE, 0, 1, at=WHEN + timedelta(days=3)))), NIGHT)
    cursor = SweepCursor.objects.get()
    assert (cursor.charges, cursor.longest_silence) == (4, timedelta(days=4))


def test_a_full_year_in_any_order_and_twice_agrees_to_the_cent() -> None:
    draw = random.Random(7)
    kinds = list(Kind)
    money = [
        moved(
            number, draw.choice(kinds), draw.randint(-9_999, 9_999), draw.randint(-99, 99), draw.choice(["EUR", "JPY"])
        )
        for number in range(2_000)
    ]
    hinted = draw.choices(money, k=1_500)
    draw.shuffle(hinted)
    book("peer", hinted)
    service = Service(*money)
    assert sweep(swept(service), NIGHT).state == SweepRun.State.EQUAL
    assert held("peer") == service.balance()


def plan(ref: str, state: str = "active", started: date = date(2026, 1, 1)) -> None:
    number = Plan.objects.count() + 1
    Plan.objects.create(
        uuid=f"00000000-0000-4000-8000-{number:012d}",
        processor="peer",
        sub_ref=ref,
        frequency="monthly",
        minor=500,
        currency="EUR",
        language="en",
        state=state,
        started_on=started,
    )


def terms(ref: str) -> PlanTerms:
    return PlanTerms(ref, True, False, Frequency.MONTHLY, Money(500, "EUR"), None)


def test_a_plan_cancelled_here_and_charged_there_is_told_and_the_reverse() -> None:
    for ref, state in (("both", "active"), ("ended here", "ended"), ("ended there", "active"), ("done", "ended")):
        plan(ref, state)
    service = Service()
    service.plans = [terms("both"), terms("ended here"), terms("never ours")]
    run = sweep(swept(service), NIGHT)
    assert (run.plans_there, run.plans_here) == (["ended here", "never ours"], ["ended there"])


def test_a_plan_that_was_just_begun_is_not_told() -> None:
    plan("new", started=NIGHT.date())
    assert sweep(swept(Service()), NIGHT).plans_here == []
