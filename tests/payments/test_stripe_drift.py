"""A click in the dashboard opens no door unseen."""

import inspect

import pytest
from stripe.params import WebhookEndpointCreateParams

from hectograph.errors import Problem
from hectograph.payments.port import Forbidden, Unreachable
from hectograph.payments.processors.stripe import drift
from tests.payments.conftest import Ours

DESK = "https://desk.example.org/webhooks/stripe"


@pytest.fixture
def watched(ours: Ours) -> Ours:
    ours.peer.drift("webhook.url", DESK)
    return ours


def found(ours: Ours, *webhooks: str) -> list[Problem]:
    return drift.found(ours.door("web"), frozenset(webhooks or (DESK,)))


def test_with_every_door_shut_there_is_nothing_to_say(watched: Ours) -> None:
    assert found(watched) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("payment_methods.link", "“link” is on"),
        ("payment_methods.paypal", "“paypal” is on"),
        ("portal.payment_method_update", "replace a card"),
        ("portal.customer_update", "a name and an address"),
        ("portal.invoice_history", "past payments"),
        ("portal.subscription_update", "change a plan"),
    ],
)
def test_a_door_that_was_opened_is_named(watched: Ours, name: str, words: str) -> None:
    watched.peer.drift(name, True)
    (problem,) = found(watched)
    assert words in problem.message
    assert problem.remedy


def test_webhooks_that_no_longer_come_are_noticed(watched: Ours) -> None:
    watched.peer.drift("webhook.status", "disabled")
    (problem,) = found(watched)
    assert "no webhooks to any" in problem.message


def test_webhooks_of_another_version_are_noticed(watched: Ours) -> None:
    watched.peer.drift("webhook.api_version", "2017-08-15")
    (problem,) = found(watched)
    assert "another version" in problem.message


def test_webhooks_that_go_to_somebody_else_are_noticed(watched: Ours) -> None:
    watched.peer.drift("webhook.url", "https://old.example.net/hook")
    assert any("none of our desks" in problem.message for problem in found(watched))
    assert "old.example.net" not in str(found(watched)[0])


def test_one_endpoint_is_enough_for_several_desks(watched: Ours) -> None:
    assert found(watched, DESK, "https://second.example.org/webhooks/stripe") == []


def test_what_could_not_be_read_is_not_taken_for_shut(watched: Ours) -> None:
    watched.peer.trouble("down", path="/v1/billing_portal")
    with pytest.raises(Unreachable):
        found(watched)
    with pytest.raises(Forbidden):
        drift.found(watched.door("operator"), frozenset((DESK,)))


def test_an_account_that_is_being_closed_is_noticed() -> None:
    closing = {"charges_enabled": False, "payouts_enabled": False}
    assert len(list(drift._account(closing))) == 2


def test_missing_events_are_named() -> None:
    row = {"url": DESK, "status": "enabled", "api_version": drift.API_VERSION, "enabled_events": list(drift.EVENTS[1:])}
    (problem,) = drift._webhooks([row], frozenset((DESK,)))
    assert drift.EVENTS[0] in problem.message


def test_two_endpoints_for_one_desk_are_noticed() -> None:
    row = {"url": DESK, "status": "enabled", "api_version": drift.API_VERSION, "enabled_events": ["*"]}
    (problem,) = drift._webhooks([row, row], frozenset((DESK,)))
    assert "twice" in problem.message


def test_every_event_is_one_that_an_endpoint_can_be_made_with() -> None:
    known = inspect.getsource(inspect.getmodule(WebhookEndpointCreateParams))  # type: ignore[arg-type]
    assert [event for event in drift.EVENTS if f"'{event}'" not in known and f'"{event}"' not in known] == []
