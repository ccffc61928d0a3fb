"""A door that somebody opens in the service's dashboard is an alarm within the hour, once."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

import pytest

from hectograph.errors import Problem
from hectograph.newsroom.flows import doors
from hectograph.payments.port import Rejected, Unreachable
from hectograph.payments.processors.stripe import drift
from hectograph.payments.processors.stripe.door import Door
from hectograph.support import fuse
from tests.peers.stripe.stand_in import StripeStandIn

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def peer(settings: SimpleNamespace) -> Iterator[StripeStandIn]:
    settings.HECTO_LINKS = "https://courier.example"
    with StripeStandIn() as peer:
        peer.drift("webhook.url", "https://courier.example/webhooks/stripe")
        yield peer


def watch(peer: StripeStandIn, key: str = "web") -> list[tuple[str, str]]:
    door = Door(getattr(peer.keys, key), live=False, api=peer.url, stand_in=True)
    doors.watch([partial(drift.found, door)], NOW)
    return [(row.kind, row.about) for row in fuse.open_alarms()]


def test_with_every_door_shut_nobody_is_called(peer: StripeStandIn) -> None:
    assert watch(peer) == []


def test_an_open_door_calls_a_person_once(peer: StripeStandIn) -> None:
    peer.drift("payment_methods.link", True)
    watch(peer)
    ((kind, about),) = watch(peer)
    assert kind == "a door stands open"
    assert "“link” is on" in about


def test_a_key_that_may_not_look_calls_a_person(peer: StripeStandIn) -> None:
    ((kind, _),) = watch(peer, "operator")
    assert kind == "a door that can't be looked at"


def test_one_service_that_is_away_keeps_no_other_from_being_looked_at() -> None:
    def away(webhooks: frozenset[str]) -> Sequence[Problem]:
        raise Unreachable("away")

    def shut(webhooks: frozenset[str]) -> Sequence[Problem]:
        raise Rejected("no")

    doors.watch([away, shut], NOW)
    assert [row.kind for row in fuse.open_alarms()] == ["a door that can't be looked at"]


def test_the_longest_words_fit_into_an_alarm(peer: StripeStandIn) -> None:
    doors.watch([lambda webhooks: [Problem("x" * 500)]], NOW)
    assert len(fuse.open_alarms()[0].about) == 120
