"""A contribution stands as the ledger has it, in whatever order its movements come."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from hectograph.money import Money
from hectograph.payments.port import Kind, Movement
from hectograph.support import fuse
from hectograph.support.booking import book
from hectograph.support.contribution import Contribution, State
from hectograph.support.sweep import SweptRail, sweep
from tests.support.given import given
from tests.support.movements import WHEN, moved
from tests.support.till import Service

pytestmark = pytest.mark.django_db


def of_payment(number: int, kind: Kind, amount: int, payment: str = "pi_1") -> Movement:
    return replace(moved(number, kind, amount, 0), payment=payment)


CHARGE = of_payment(1, Kind.CHARGE, 1000)
PART = of_payment(2, Kind.REFUND, -300)
REST = of_payment(3, Kind.REFUND, -700)
FAILED = of_payment(4, Kind.REFUND_FAILED, 700)
DISPUTE = of_payment(5, Kind.DISPUTE, -300)


def standing() -> tuple[int, int, bool]:
    row = Contribution.objects.get(ref="pi_1")
    return row.state, row.refunded, row.disputed


@pytest.mark.parametrize(
    ("movements", "state", "refunded"),
    [
        ([CHARGE], State.PAID, 0),
        ([CHARGE, PART], State.REFUNDED_PART, 300),
        ([CHARGE, PART, REST], State.REFUNDED, 1000),
        ([CHARGE, PART, REST, FAILED], State.REFUNDED_PART, 300),
    ],
)
def test_every_order_of_movements_leads_to_the_same_standing(
    movements: list[Movement], state: State, refunded: int
) -> None:
    for number, order in enumerate(permutations(movements)):
        payment = f"pi_x{number}"
        given(0, state=State.CREATED, ref=payment)
        for movement in order:
            book("peer", [replace(movement, id=f"{movement.id}-{number}", payment=payment)])
        row = Contribution.objects.get(ref=payment)
        assert (row.state, row.refunded, row.disputed) == (state, refunded, False)


def test_a_dispute_is_a_mark_beside_the_state() -> None:
    given(1)
    book("peer", [CHARGE, DISPUTE])
    assert standing() == (State.PAID, 0, True)


def test_a_dispute_calls_a_person_once_a_day_however_often_it_is_told_of() -> None:
    given(1)
    book("peer", [CHARGE, DISPUTE])
    book("peer", [replace(DISPUTE, id="txn_6")])
    (row,) = fuse.open_alarms()
    assert (row.kind, row.about) == (fuse.DISPUTED, f"{WHEN:%Y-%m-%d}")


def test_a_refund_counts_in_the_currency_that_was_paid() -> None:
    given(1, minor=4_300, currency="PLN")
    book("peer", [CHARGE, replace(PART, original=Money(1_290, "PLN"))])
    assert standing() == (State.REFUNDED_PART, 1_290, False)


def test_another_service_s_payment_of_the_same_name_is_another() -> None:
    given(1)
    book("bank", [CHARGE, PART, REST])
    assert standing() == (State.PAID, 0, False)


def test_a_contribution_written_down_after_its_refund_is_brought_up_at_night() -> None:
    service = Service(CHARGE, PART)
    book("peer", service.money)
    given(1)
    sweep(SweptRail("peer", service.list_money, service.balance), WHEN + timedelta(hours=15))
    assert standing() == (State.REFUNDED_PART, 300, False)
