"""Group 6 of the attacks with real threads over the cashier's own pool: twenty presses at once are one charge."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from hectograph.newsroom.cashier import Cashier
from hectograph.newsroom.flows import give
from hectograph.newsroom.rails import Rails
from hectograph.payments.policy import Policy
from hectograph.support import attempt as attempts
from hectograph.support import policy_row
from hectograph.support.contribution import Contribution
from tests.newsroom.pair import Pair, open_pair

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other anyhow"),
]


@pytest.fixture
def pair() -> Iterator[Pair]:
    policy_row.publish(Policy(0), "operator", datetime.now(UTC))
    with open_pair() as made:
        yield made


def cashier(pair: Pair) -> Cashier:
    ways = dict.fromkeys(("card", "sepa"), pair.ours.web)
    return Cashier(Rails(ways, {"stripe": pair.ours.plans}), now=pair.clock, threads=6)


@pytest.mark.parametrize("frequency", ["once", "monthly"])
def test_twenty_presses_of_one_page_over_two_cashiers_are_one_charge(pair: Pair, frequency: str) -> None:
    first = pair.press(pair.ours.peer.token(country="DE"), frequency=frequency)
    for _ in range(19):
        pair.press(pair.ours.peer.token(country="DE"), first.intent.uuid, frequency=frequency)
    two = [cashier(pair), cashier(pair)]
    for _ in range(60):
        for one in two:
            one.step()
        pair.clock.wait(seconds=1)
        if not attempts.due(pair.clock(), 1):
            break
    for one in two:
        one._pool.shutdown(wait=True)
    pair.work()
    assert pair.charged() == 1
    assert Contribution.objects.count() == 1


def test_twenty_threads_that_take_up_one_press_are_one_charge(pair: Pair) -> None:
    attempt, gate = pair.press(pair.ours.peer.token(country="DE")), threading.Barrier(20)
    took = list[bool]()

    def carry(number: int) -> None:
        gate.wait()
        took.append(give.carry(pair.till(f"thread {number}"), attempt.pk))
        connections.close_all()

    threads = [threading.Thread(target=carry, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pair.work()
    assert took.count(True) == 1
    assert (pair.page(attempt), pair.charged()) == ("paid", 1)
