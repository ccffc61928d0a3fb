"""A refund is asked for by a person, made once, and never more than was paid."""

from datetime import datetime, timedelta

import pytest

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.newsroom import health
from hectograph.newsroom.flows import refunds
from hectograph.payments.port import Forbidden, Kind, Movement, Rejected, ServiceProblem, Unclear
from hectograph.support import fuse, refund
from hectograph.support.booking import book
from hectograph.support.contribution import Contribution, State
from hectograph.support.fuse import Alarm
from hectograph.support.operator_action import OperatorAction
from hectograph.support.refund import Refund
from tests.support.given import given
from tests.support.movements import WHEN

pytestmark = pytest.mark.django_db


class Back:
    """A service that gives back, once for each key."""

    def __init__(self, *problems: ServiceProblem) -> None:
        self.made: dict[str, tuple[str, Money]] = {}
        self.problems = list(problems)

    def refund(self, payment: str, money: Money, key: str) -> str:
        self.made.setdefault(key, (payment, money))
        if self.problems:
            raise self.problems.pop(0)
        return f"re_{key}"


def carry(service: Back, at: datetime = WHEN) -> bool:
    return refunds.carry({"peer": service}, at)  # type: ignore[dict-item] # of a port's calls, the one that is made


def test_what_was_asked_for_is_given_back_in_the_currency_of_the_gift() -> None:
    service, row = Back(), given(1, currency="PLN")
    refund.ask(row.pk, 400, "ada", WHEN)
    assert carry(service)
    assert list(service.made.values()) == [("pi_1", Money(400, "PLN"))]
    assert Refund.objects.get().state == Refund.State.DONE
    assert not carry(service)


def test_an_unclear_answer_is_asked_again_under_the_same_key() -> None:
    service, row = Back(Unclear("It did not say.")), given(1)
    refund.ask(row.pk, 400, "ada", WHEN)
    carry(service)
    assert Refund.objects.get().state == Refund.State.WAITS
    carry(service, WHEN + timedelta(hours=1))
    assert Refund.objects.get().state == Refund.State.DONE
    assert len(service.made) == 1


def test_a_wish_that_stayed_unclear_for_a_day_is_not_made_again() -> None:
    service, row = Back(Unclear("It did not say.")), given(1)
    refund.ask(row.pk, 400, "ada", WHEN)
    carry(service)
    carry(service, WHEN + timedelta(hours=24))
    assert (Refund.objects.get().state, Refund.objects.get().error) == (Refund.State.FAILED, "Rejected")
    assert len(service.made) == 1


def test_a_no_of_the_service_is_shown_and_frees_the_amount() -> None:
    row = given(1)
    refund.ask(row.pk, 1000, "ada", WHEN)
    carry(Back(Rejected("No.")))
    assert Refund.objects.get().state == Refund.State.FAILED
    assert refund.left(row) == 1000


def test_without_the_operator_s_key_a_refund_waits() -> None:
    refund.ask(given(1).pk, 400, "ada", WHEN)
    assert not refunds.carry({}, WHEN)
    assert Refund.objects.get().state == Refund.State.WAITS
    assert not Alarm.objects.exists()  # another cashier may have it


def test_a_refund_that_waits_for_a_key_calls_a_person_on_the_home_and_in_the_doctor_until_it_is_made() -> None:
    refund.ask(given(1).pk, 400, "ada", WHEN)
    later = WHEN + timedelta(minutes=11)
    for _ in range(2):
        refunds.carry({}, later)
    assert [alarm.kind for alarm in fuse.open_alarms()] == [fuse.NO_REFUNDS]
    found = health._alarms(later)
    assert fuse.NO_REFUNDS in found.what
    assert "“operator” into HECTO_KEYS" in found.remedy
    assert carry(Back(), later)
    assert fuse.open_alarms() == []


def test_many_refunds_that_wait_at_one_rail_hold_up_none_at_another() -> None:
    for number in range(refunds.AT_ONCE + 5):
        Contribution.objects.filter(pk=given(number).pk).update(processor="gone")
        refund.ask(Contribution.objects.get(ref=f"pi_{number}").pk, 100, "ada", WHEN)
    refund.ask(given(99).pk, 400, "ada", WHEN)
    service, later = Back(), WHEN + timedelta(minutes=11)
    assert carry(service, later)
    assert list(service.made.values()) == [("pi_99", Money(400, "EUR"))]
    assert [(alarm.kind, alarm.about) for alarm in fuse.open_alarms()] == [(fuse.NO_REFUNDS, "gone")]


def test_a_refund_that_another_cashier_tried_already_calls_nobody() -> None:
    refund.ask(given(1).pk, 400, "ada", WHEN)
    carry(Back(Unclear("It did not say.")))
    refunds.carry({}, WHEN + timedelta(hours=1))
    assert fuse.open_alarms() == []


def test_a_key_that_the_service_refuses_calls_a_person_and_the_refund_waits() -> None:
    refund.ask(given(1).pk, 400, "ada", WHEN)
    carry(Back(Forbidden("Revoked.")))
    assert [alarm.kind for alarm in fuse.open_alarms()] == [fuse.NO_KEY]
    assert Refund.objects.get().state == Refund.State.WAITS


@pytest.mark.parametrize("minor", [0, -1, 1001, 10**15])
def test_no_more_than_was_paid_is_given_back_and_no_less_than_something(minor: int) -> None:
    with pytest.raises(Problem):
        refund.ask(given(1).pk, minor, "ada", WHEN)


def test_what_waits_and_what_the_dashboard_gave_back_count_together() -> None:
    row = given(1)
    book("peer", [Movement("t1", Kind.REFUND, -300, 0, -300, "EUR", WHEN, source="re_dashboard", payment="pi_1")])
    refund.ask(row.pk, 200, "ada", WHEN)
    fresh = Contribution.objects.get(pk=row.pk)
    assert refund.left(fresh) == 500
    carry(Back())
    made = Refund.objects.get().ref
    book("peer", [Movement("t2", Kind.REFUND, -200, 0, -200, "EUR", WHEN, source=made, payment="pi_1")])
    assert refund.left(Contribution.objects.get(pk=row.pk)) == 500


@pytest.mark.parametrize("state", [State.CREATED, State.PROCESSING, State.FAILED, State.REFUNDED])
def test_what_is_not_paid_is_not_given_back(state: State) -> None:
    with pytest.raises(Problem):
        refund.ask(given(1, state=state).pk, 1, "ada", WHEN)


def test_who_asked_is_written_down_for_good() -> None:
    refund.ask(given(1).pk, 400, "ada", WHEN)
    row = OperatorAction.objects.get()
    assert (row.by, row.act, row.about) == ("ada", "refund", "pi_1")
