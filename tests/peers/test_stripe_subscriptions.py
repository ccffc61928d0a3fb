"""The stand-in's subscriptions: begun unpaid, renewed by the clock, past due, changed, paused and ended."""

from collections.abc import Iterator
from typing import Any

import pytest
from stripe import CardError, InvalidRequestError, StripeClient

from tests.peers.stripe import periods
from tests.peers.stripe.stand_in import StripeStandIn

JANUARY_31 = 1_801_396_800  # 2027-01-31 12:00 UTC


@pytest.fixture
def peer() -> Iterator[StripeStandIn]:
    with StripeStandIn(start=JANUARY_31) as peer:
        yield peer


@pytest.fixture
def client(peer: StripeStandIn) -> StripeClient:
    client = peer.client("web")
    client.v1.products.create({"id": "support", "name": "Support"})
    return client


def price(amount: int = 500, interval: str = "month", currency: str = "eur") -> Any:
    return {"currency": currency, "product": "support", "recurring": {"interval": interval}, "unit_amount": amount}


def begin(client: StripeClient, **more: Any) -> Any:
    customer = client.v1.customers.create({"email": "giver@example.org"})
    settings = {"payment_method_types": ["card"], "save_default_payment_method": "on_subscription"}
    params: Any = {
        "customer": customer.id,
        "items": [{"price_data": price()}],
        "payment_behavior": "default_incomplete",
        "payment_settings": settings,
        "expand": ["latest_invoice.confirmation_secret"],
        **more,
    }
    return client.v1.subscriptions.create(params)


def confirm(client: StripeClient, subscription: Any, token: str) -> Any:
    intent = subscription.latest_invoice.confirmation_secret.client_secret.partition("_secret_")[0]
    return client.v1.payment_intents.confirm(intent, {"confirmation_token": token})


def plan(peer: StripeStandIn, client: StripeClient, **card: Any) -> Any:
    """A subscription whose first payment came."""
    subscription = begin(client)
    confirm(client, subscription, peer.token(**card))
    return client.v1.subscriptions.retrieve(subscription.id)


def charged(peer: StripeStandIn) -> list[int]:
    return [row["amount"] for row in peer.rows("charges") if row["paid"]]


def types(peer: StripeStandIn) -> list[str]:
    return [row["type"] for row in peer.rows("events")]


def test_a_plan_begins_unpaid_and_its_first_payment_makes_it_active(peer: StripeStandIn, client: StripeClient) -> None:
    begun = begin(client)
    assert (begun.status, begun.latest_invoice.status) == ("incomplete", "open")
    confirm(client, begun, peer.token())
    active = client.v1.subscriptions.retrieve(begun.id, {"expand": ["default_payment_method"]})
    assert (active.status, active.default_payment_method.customer) == ("active", begun.customer)


def test_a_charge_leads_to_its_plan(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    worker = peer.client("worker")
    query: Any = {"payment": {"type": "payment_intent", "payment_intent": peer.rows("charges")[0]["payment_intent"]}}
    payment = worker.v1.invoice_payments.list({**query, "expand": ["data.invoice"]}).data[0]
    assert payment.invoice.parent.subscription_details.subscription == active.id


def test_a_plan_that_nobody_pays_expires(peer: StripeStandIn, client: StripeClient) -> None:
    begun = begin(client)
    peer.clock.advance(hours=24)
    assert client.v1.subscriptions.retrieve(begun.id).status == "incomplete_expired"
    assert [row["status"] for row in peer.rows("payment_intents")] == ["canceled"]


def test_a_declined_first_payment_may_be_tried_with_another_card(peer: StripeStandIn, client: StripeClient) -> None:
    begun = begin(client)
    with pytest.raises(CardError):
        confirm(client, begun, peer.token(decline="generic_decline"))
    confirm(client, begun, peer.token())
    assert client.v1.subscriptions.retrieve(begun.id).status == "active"


def test_a_renewal_is_drafted_an_hour_before_the_card_is_asked(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    peer.clock.advance(active.items.data[0].current_period_end - peer.clock.now)
    assert [row["status"] for row in peer.rows("invoices")] == ["paid", "draft"]
    peer.clock.advance(hours=1)
    assert [row["status"] for row in peer.rows("invoices")] == ["paid", "paid"]
    assert charged(peer) == [500, 500]


def test_a_year_of_renewals_keeps_to_the_last_day_of_the_month(peer: StripeStandIn, client: StripeClient) -> None:
    plan(peer, client)
    peer.clock.advance(days=366)
    assert len(charged(peer)) == 13
    assert periods.end(JANUARY_31, "month", 1, JANUARY_31) == JANUARY_31 + 28 * 86_400


def test_an_upcoming_renewal_is_told_a_week_before(peer: StripeStandIn, client: StripeClient) -> None:
    plan(peer, client)
    peer.clock.advance(days=22)
    assert types(peer).count("invoice.upcoming") == 1


def test_a_draft_that_is_stopped_is_never_charged(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    peer.flip_country(active.default_payment_method, "RU")
    peer.clock.advance(days=28)
    client.v1.subscriptions.cancel(active.id)
    peer.clock.advance(days=60)
    assert charged(peer) == [500]


def test_a_failing_renewal_is_tried_eight_times_and_then_the_plan_ends(
    peer: StripeStandIn, client: StripeClient
) -> None:
    active = plan(peer, client, renewal="generic_decline")
    peer.clock.advance(days=29)
    assert client.v1.subscriptions.retrieve(active.id).status == "past_due"
    peer.clock.advance(days=14)
    ended = client.v1.subscriptions.retrieve(active.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")
    assert types(peer).count("invoice.payment_failed") == 9
    assert "customer.subscription.deleted" in types(peer)


def test_a_renewal_that_the_bank_asks_about_waits_for_the_payer(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client, renewal="challenge")
    peer.clock.advance(days=29)
    assert "invoice.payment_action_required" in types(peer)
    asked = client.v1.subscriptions.retrieve(active.id, {"expand": ["latest_invoice.confirmation_secret"]})
    peer.complete_challenge(asked.latest_invoice.confirmation_secret.client_secret.partition("_secret_")[0])
    assert client.v1.subscriptions.retrieve(active.id).status == "active"


def test_another_card_is_set_through_a_setup_intent_and_pays_the_open_invoice(
    peer: StripeStandIn, client: StripeClient
) -> None:
    active = plan(peer, client, renewal="insufficient_funds")
    peer.clock.advance(days=29)
    params: Any = {"customer": active.customer, "allowed_payment_method_types": ["card"], "usage": "off_session"}
    setup = client.v1.setup_intents.create(params)
    ready = client.v1.setup_intents.confirm(setup.id, {"confirmation_token": peer.token(country="PL")})
    client.v1.subscriptions.update(active.id, {"default_payment_method": str(ready.payment_method)})
    peer.client("tester").v1.invoices.pay(str(client.v1.subscriptions.retrieve(active.id).latest_invoice))
    assert client.v1.subscriptions.retrieve(active.id).status == "active"
    assert charged(peer) == [500, 500]


def test_an_account_is_made_ready_under_a_mandate_alone(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    params: Any = {"customer": active.customer, "allowed_payment_method_types": ["sepa_debit"]}
    setup, token = client.v1.setup_intents.create(params), peer.token(type="sepa_debit", country="FR")
    peer.row(token)["mandate_data"] = None
    with pytest.raises(InvalidRequestError, match="mandate_data"):
        client.v1.setup_intents.confirm(setup.id, {"confirmation_token": token})
    agreed: Any = {"customer_acceptance": {"type": "online", "online": {"ip_address": "192.0.2.1", "user_agent": "x"}}}
    ready = client.v1.setup_intents.confirm(setup.id, {"confirmation_token": token, "mandate_data": agreed})
    assert str(ready.mandate).startswith("mandate_")


def test_a_plan_that_takes_cards_alone_collects_nothing_from_an_account(
    peer: StripeStandIn, client: StripeClient
) -> None:
    active = plan(peer, client)
    client.v1.subscriptions.update(active.id, {"payment_settings": {"payment_method_types": ["card"]}})
    params: Any = {"customer": active.customer, "confirm": True, "allowed_payment_method_types": ["sepa_debit"]}
    params["confirmation_token"] = peer.token(type="sepa_debit", country="FR")
    ready = client.v1.setup_intents.create(params)
    client.v1.subscriptions.update(active.id, {"default_payment_method": str(ready.payment_method)})
    peer.clock.advance(days=29)
    assert charged(peer) == [500]


def test_a_card_of_somebody_else_is_not_taken(peer: StripeStandIn, client: StripeClient) -> None:
    first, second = plan(peer, client), plan(peer, client)
    with pytest.raises(InvalidRequestError, match="attached to the customer"):
        client.v1.subscriptions.update(first.id, {"default_payment_method": second.default_payment_method})


def test_another_amount_counts_from_the_next_renewal(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    item: Any = {"id": active.items.data[0].id, "price_data": price(900)}
    with pytest.raises(InvalidRequestError, match="prorate"):
        client.v1.subscriptions.update(active.id, {"items": [item]})
    client.v1.subscriptions.update(active.id, {"items": [item], "proration_behavior": "none"})
    peer.clock.advance(days=29)
    assert charged(peer) == [500, 900]


def test_a_living_plan_keeps_its_currency(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    item: Any = {"id": active.items.data[0].id, "price_data": price(900, currency="usd")}
    with pytest.raises(InvalidRequestError, match="currency"):
        client.v1.subscriptions.update(active.id, {"items": [item], "proration_behavior": "none"})


def test_the_day_is_moved_by_a_free_time_until_then(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    day = peer.clock.now + 40 * 86_400
    client.v1.subscriptions.update(active.id, {"trial_end": day, "proration_behavior": "none"})
    peer.clock.advance(days=39)
    assert charged(peer) == [500]
    peer.clock.advance(days=2)
    assert charged(peer) == [500, 500]
    assert client.v1.subscriptions.retrieve(active.id).status == "active"


def test_a_pause_voids_what_would_be_charged(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    client.v1.subscriptions.update(active.id, {"pause_collection": {"behavior": "void"}})
    peer.clock.advance(days=32)
    assert [row["status"] for row in peer.rows("invoices")] == ["paid", "void"]
    client.v1.subscriptions.update(active.id, {"pause_collection": ""})
    peer.clock.advance(days=31)
    assert charged(peer) == [500, 500]


def test_a_pause_ends_by_itself_on_its_day(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    until = peer.clock.now + 40 * 86_400
    client.v1.subscriptions.update(active.id, {"pause_collection": {"behavior": "void", "resumes_at": until}})
    peer.clock.advance(days=41)
    assert client.v1.subscriptions.retrieve(active.id).pause_collection is None
    assert charged(peer) == [500]
    peer.clock.advance(days=31)
    assert charged(peer) == [500, 500]


def test_a_free_time_may_be_ended_at_once(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    for day in (peer.clock.now + 40 * 86_400, "now"):
        client.v1.subscriptions.update(active.id, {"trial_end": day, "proration_behavior": "none"})
    assert charged(peer) == [500, 500]
    assert client.v1.subscriptions.retrieve(active.id).status == "active"


def test_a_plan_may_end_with_its_period(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    client.v1.subscriptions.update(active.id, {"cancel_at_period_end": True})
    peer.clock.advance(days=29)
    assert client.v1.subscriptions.retrieve(active.id).status == "canceled"
    assert charged(peer) == [500]


def test_plans_are_listed_by_status(peer: StripeStandIn, client: StripeClient) -> None:
    living, gone = plan(peer, client), plan(peer, client)
    client.v1.subscriptions.cancel(gone.id)
    found = {status: client.v1.subscriptions.list({"status": status}).data for status in ("active", "canceled", "all")}
    assert {status: [row.id for row in rows] for status, rows in found.items()} == {
        "active": [living.id],
        "canceled": [gone.id],
        "all": [gone.id, living.id],
    }
    assert [row.id for row in client.v1.subscriptions.list().data] == [living.id]


def test_a_plan_that_is_gone_cannot_be_cancelled_again(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    client.v1.subscriptions.cancel(active.id)
    with pytest.raises(InvalidRequestError, match="No such subscription"):
        client.v1.subscriptions.cancel(active.id)


def test_a_deleted_customer_is_charged_no_more(peer: StripeStandIn, client: StripeClient) -> None:
    active = plan(peer, client)
    peer.client("tester").v1.customers.delete(active.customer)
    peer.clock.advance(days=60)
    assert charged(peer) == [500]


def test_an_interval_that_does_not_exist_is_refused(client: StripeClient) -> None:
    with pytest.raises(InvalidRequestError, match="interval"):
        begin(client, items=[{"price_data": price(interval="fortnight")}])


def test_a_debit_makes_a_plan_active_while_it_is_on_its_way(peer: StripeStandIn, client: StripeClient) -> None:
    settings = {"payment_method_types": ["sepa_debit"], "save_default_payment_method": "on_subscription"}
    begun = begin(client, payment_settings=settings)
    confirm(client, begun, peer.token(type="sepa_debit", country="DE"))
    assert client.v1.subscriptions.retrieve(begun.id).status == "active"
    peer.clock.advance(days=6)
    assert client.v1.invoices.retrieve(begun.latest_invoice.id).status == "paid"
