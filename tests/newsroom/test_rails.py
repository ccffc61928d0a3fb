"""Which rails are open, which are looked after, and that one fault of a service stops nothing behind it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from hectograph.errors import Problem
from hectograph.newsroom.cashier import Cashier
from hectograph.newsroom.flows import books, protect, refunds
from hectograph.newsroom.flows.till import Till
from hectograph.newsroom.rails import Rails, open_rails
from hectograph.newsroom.rounds import Rounds
from hectograph.payments.hooks import Hint
from hectograph.payments.port import Unreachable
from hectograph.support import inbox, refund
from hectograph.support.contribution import Contribution
from hectograph.support.fuse import Alarm
from hectograph.support.inbox import InboxEvent
from hectograph.support.plan import Plan
from hectograph.support.policy_row import PolicyRow
from hectograph.support.refund import Refund
from tests.newsroom.bank import Bank
from tests.newsroom.giving import START, Giving

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings: SimpleNamespace, tmp_path: Path) -> Callable[..., None]:
    """Puts keys of a payment service into HECTO_KEYS, and says what is offered."""
    settings.HECTO_KEYS, settings.HECTO_STRIPE_STAND_IN = tmp_path, "http://127.0.0.1:1"

    def put(*names: str, offered: tuple[str, ...] = ()) -> None:
        settings.HECTO_SUPPORT_METHODS = list(offered)
        folder = tmp_path / "processors" / "stripe"
        folder.mkdir(parents=True, mode=0o700)
        for name in names:
            (folder / name).write_text("rk_test_" + "a1" * 12)
            (folder / name).chmod(0o600)

    return put


@pytest.mark.parametrize("names", [("web", "worker"), ("worker",)])
def test_a_rail_that_is_offered_no_more_is_looked_after_and_takes_no_attempt(
    keys: Callable[..., None], names: tuple[str, ...]
) -> None:
    keys(*names)
    cashier = Cashier(open_rails())
    assert set(cashier.books_till().plans) == {"stripe"}
    assert cashier.till().named("stripe").name == "stripe"
    assert cashier.till().way("card") is cashier.till().way("sepa") is None


def test_what_is_offered_and_keyed_is_open_and_nothing_else(keys: Callable[..., None]) -> None:
    keys("web", offered=("card",))
    rails = open_rails()
    assert set(rails.closed) == {"sepa"}
    assert Cashier(rails).till().way("card") is not None


def test_what_is_offered_without_a_key_for_it_is_closed(keys: Callable[..., None]) -> None:
    keys("worker", offered=("card", "sepa"))
    assert set(open_rails().closed) == {"card", "sepa"}


def test_the_switch_never_says_that_all_is_done_while_plans_charge_where_it_cannot_reach() -> None:
    PolicyRow.objects.create(blocked=["RU"], caution=[], effective_at=START, by="operator")
    terms = {"processor": "stripe", "frequency": "monthly", "minor": 500, "currency": "EUR", "language": "en"}
    Plan.objects.create(uuid=uuid4(), sub_ref="sub_1", started_on=START.date(), **terms)
    with pytest.raises(Problem, match="1 plans at stripe can't be reached"):
        protect.protect(Till({}), "KZ", "operator", dry_run=True)
    with pytest.raises(Problem, match="go on charging"):
        protect.protect(Till({}), "KZ", "operator")
    assert PolicyRow.objects.order_by("-version")[0].blocked == ["KZ", "RU"]


# --- one fault stops nothing else -------------------------------------------------------------------------------------


def down() -> None:
    raise Unreachable("Not now.")


def test_a_service_that_cannot_be_set_up_stops_neither_books_nor_purge_nor_refunds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr("hectograph.newsroom.flows.notices.forget", lambda now: done.append("purge"))
    monkeypatch.setattr("hectograph.newsroom.flows.refunds.carry", lambda services, now: done.append("refunds"))
    inbox.take("stripe", [Hint("evt_1", "charge.succeeded", "ch_1", 1)], START)
    cashier = Cashier(
        Rails(books=(books.Rail(Bank()),), unprepared=(SimpleNamespace(prepare=down),)), now=lambda: START
    )
    monkeypatch.setattr("hectograph.newsroom.flows.renewals.deal", lambda till, rail, hint: done.append("hint"))
    cashier.keep_books()
    assert sorted(done) == ["hint", "purge", "refunds"]


def test_what_fails_is_tried_again_ever_later_and_calls_a_person_once() -> None:
    tries: list[datetime] = []

    def work() -> None:
        tries.append(now)
        down()

    rounds, now = Rounds(), START
    for _ in range(3600):
        rounds.go("sums", work, now, every=timedelta(hours=1))
        now += timedelta(seconds=1)
    assert 8 < len(tries) < 20
    assert [(row.kind, row.about) for row in Alarm.objects.all()] == [("a part of the cashier's work fails", "sums")]


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("y"), TypeError()])
def test_a_hint_that_breaks_something_of_ours_waits_and_stops_none_behind_it(error: Exception) -> None:
    seen: list[str] = []

    def deal(rail: str, hint: Hint) -> None:
        seen.append(hint.event)
        if hint.event == "evt_1":
            raise error

    inbox.take("stripe", [Hint(f"evt_{number}", "charge.succeeded", "ch_1", number) for number in (1, 2)], START)
    books.turn([books.Rail(Bank())], deal, START)
    assert seen == ["evt_1", "evt_2"]
    states = dict(InboxEvent.objects.values_list("ref", "state"))
    assert states == {"stripe:evt_1": "waits", "stripe:evt_2": "done"}
    for minutes in range(10, 200, 10):
        books.turn([books.Rail(Bank())], deal, START + timedelta(minutes=minutes))
    assert Alarm.objects.get().kind == "a notice can't be worked off"


def test_a_refund_that_breaks_stops_none_behind_it() -> None:
    giving = Giving()
    for _ in range(2):
        giving.press()
    giving.work()
    for row in Contribution.objects.order_by("pk"):
        refund.ask(row.pk, 100, "publisher", START)
    asked: list[str] = []

    class Broken(Bank):
        def refund(self, payment: str, money: Any, key: str) -> str:
            asked.append(payment)
            if len(asked) == 1:
                raise ValueError
            return "re_1"

    refunds.carry({"stripe": Broken()}, datetime(2026, 11, 26, 13, tzinfo=UTC))
    assert len(asked) == 2
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["done", "waits"]
