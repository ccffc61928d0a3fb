"""Groups 2 and 11 of the attacks: what services tell comes in any order and twice, and what befalls one gift leaves
others as they are."""

import random
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest
from django.db import transaction

from hectograph.money import Money
from hectograph.newsroom.flows import books, renewals
from hectograph.newsroom.flows.books import Rail
from hectograph.payments.hooks import Hint
from hectograph.payments.port import PaymentState, Preview
from hectograph.readers import vault as vaults
from hectograph.support.booking import held
from hectograph.support.contribution import Contribution, State
from hectograph.support.fuse import Alarm
from hectograph.support.plan import Plan
from tests.newsroom.bank import Made
from tests.newsroom.giving import START, Giving
from tests.newsroom.pair import Pair, worker
from tests.newsroom.test_manage import mails, planned, until, wish

pytestmark = pytest.mark.django_db
TOLD = ("customer.subscription.created", "customer.subscription.updated", "invoice.created")
OF_PAYMENT = ("payment_intent.processing", "charge.succeeded", "customer.subscription.deleted")
ORDERS = list(permutations(range(6)))


@pytest.mark.parametrize("orders", [40, pytest.param(720, marks=pytest.mark.soak)])
def test_a_plan_s_life_told_in_every_order_and_twice_is_the_same(tmp_path: Path, orders: int) -> None:
    giving = Giving()
    plan = planned(giving, vaults.make(tmp_path / "opener", START))
    first = next(iter(giving.bank.payments.values()))
    giving.bank.payments["pi_r1"] = Made(first.order, PaymentState.PAID, Preview("card", "DE"), plan.sub_ref)
    giving.bank.plans[plan.sub_ref] = replace(giving.bank.plans[plan.sub_ref], active=False)
    things = [(kind, plan.sub_ref.replace("sub", "in") if "invoice" in kind else plan.sub_ref) for kind in TOLD]
    things += [(kind, plan.sub_ref if "sub" in kind else "pi_r1") for kind in OF_PAYMENT]
    for order in random.Random(1).sample(ORDERS, orders):
        with transaction.atomic():
            for place in (*order, *order[::-1]):
                kind, thing = things[place]
                renewals.deal(giving.till(), "stripe", Hint(f"evt_{place}", kind, thing, 1))
            plan.refresh_from_db()
            gifts = list(Contribution.objects.order_by("ref").values_list("ref", "state"))
            assert (plan.state, gifts) == (Plan.State.ENDED, [("pi_1", State.PAID), ("pi_r1", State.PAID)]), order
            assert max(Counter(mails(plan)).values()) == 1, order
            transaction.set_rollback(True)


def test_a_renewal_of_which_less_came_than_was_agreed_calls_a_person(tmp_path: Path) -> None:
    giving = Giving()
    plan = planned(giving, vaults.make(tmp_path / "opener", START))
    first = next(iter(giving.bank.payments.values()))
    giving.bank.payments["pi_r1"] = Made(first.order, PaymentState.PAID, Preview("card", "DE"), plan.sub_ref)
    less = replace(giving.bank.get("pi_r1"), received=Money(499, "EUR"))
    renewals.take(giving.till(), "stripe", less)
    assert (Alarm.objects.get().kind, Alarm.objects.get().about) == ("a payment was not as agreed", "pi_r1")


def test_without_a_policy_no_card_replaces_another(tmp_path: Path) -> None:
    giving = Giving()
    plan = planned(giving, vaults.make(tmp_path / "opener", START))
    giving.policy = None
    assert wish(giving, plan, "card", token="tok_FR_new", until=until(giving)) == "refused"
    assert "replace_means" not in giving.bank.calls


def test_what_befalls_one_gift_leaves_the_others_as_they_are(pair: Pair) -> None:
    """Given back in two parts, of which one fails; disputed and won; disputed and lost after a part was given back."""
    peer = pair.ours.peer
    for _ in range(4):
        pair.press(peer.token(country="DE"))
        pair.work()
    back, won, lost, _ = (row["id"] for row in peer.rows("charges"))
    peer.refund(back, 200)
    peer.fail_refund(peer.refund(back, 300)["id"])
    peer.win(peer.dispute(won)["id"])
    peer.refund(lost, 100)
    peer.lose(peer.dispute(lost, 400)["id"])
    account = pair.ours.worker
    while books.turn([Rail(account, account)], partial(renewals.deal, worker(pair)), pair.clock()):
        pass
    rows = Contribution.objects.order_by("pk").values_list("state", "refunded", "disputed")
    assert list(rows) == [
        (State.REFUNDED_PART, 200, False),
        (State.PAID, 0, True),
        (State.REFUNDED_PART, 100, True),
        (State.PAID, 0, False),
    ]
    assert held("stripe") == account.balance()
