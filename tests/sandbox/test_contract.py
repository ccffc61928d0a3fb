"""What support leans on, asked of the stand-in and of the processor's own test mode in the same words."""

from typing import Any
from uuid import uuid4

import pytest
from stripe import CardError, IdempotencyError, InvalidRequestError

from tests.sandbox.conftest import Processor


def key() -> Any:
    return {"idempotency_key": f"contract:{uuid4()}"}


@pytest.mark.parametrize(("card", "country"), [("us", "US"), ("de", "DE")])
def test_a_tokens_preview_tells_the_cards_country(processor: Processor, card: str, country: str) -> None:
    preview: Any = processor.v1.confirmation_tokens.retrieve(processor.token(card)).payment_method_preview
    assert (preview.type, preview.card.country) == ("card", country)


def test_a_token_lives_for_twelve_hours(processor: Processor) -> None:
    token = processor.v1.confirmation_tokens.retrieve(processor.token())
    assert token.expires_at
    assert token.expires_at - token.created == 12 * 3600


def test_an_unconfirmed_intent_is_paid_by_a_token(processor: Processor) -> None:
    intent = processor.intent(capture_method="automatic")
    assert intent.status == "requires_payment_method"
    paid = processor.confirm(intent.id, processor.token("de"), expand=["latest_charge.balance_transaction"])
    entry = paid.latest_charge.balance_transaction
    assert (paid.status, paid.amount_received) == ("succeeded", 500)
    assert (entry.type, entry.net) == ("charge", entry.amount - entry.fee)


def test_the_method_that_was_charged_tells_its_country(processor: Processor) -> None:
    held = processor.confirm(
        processor.intent(capture_method="manual").id, processor.token("de"), expand=["payment_method"]
    )
    assert (held.status, held.payment_method.card.country) == ("requires_capture", "DE")
    assert processor.v1.payment_intents.cancel(held.id).status == "canceled"


def test_a_token_is_used_once(processor: Processor) -> None:
    token = processor.token()
    processor.confirm(processor.intent().id, token)
    with pytest.raises(InvalidRequestError):
        processor.confirm(processor.intent().id, token)


def test_a_declined_card_is_told_by_its_code_and_the_intent_waits(processor: Processor) -> None:
    intent = processor.intent()
    with pytest.raises(CardError) as error:
        processor.confirm(intent.id, processor.token("visa_chargeDeclined"))
    assert error.value.code == "card_declined"
    assert processor.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_a_bank_may_ask_for_a_challenge(processor: Processor) -> None:
    asked = processor.confirm(
        processor.intent().id, processor.token("authenticationRequired"), return_url="https://example.org/"
    )
    assert (asked.status, bool(asked.next_action)) == ("requires_action", True)


def test_one_key_makes_one_intent(processor: Processor) -> None:
    params: Any = {"amount": 500, "currency": "eur"}
    options = key()
    first = processor.v1.payment_intents.create(params, options)
    assert processor.v1.payment_intents.create(params, options).id == first.id
    with pytest.raises(IdempotencyError):
        processor.v1.payment_intents.create({**params, "amount": 600}, options)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"amount": 500, "currency": "eur", "colour": "red"}, "parameter_unknown"),
        ({"currency": "eur"}, "parameter_missing"),
        ({"amount": 1, "currency": "usd"}, "amount_too_small"),
    ],
)
def test_a_wrong_request_is_refused_with_its_code(processor: Processor, params: Any, code: str) -> None:
    with pytest.raises(InvalidRequestError) as error:
        processor.v1.payment_intents.create(params)
    assert error.value.code == code


def test_a_payment_is_refunded_once(processor: Processor) -> None:
    paid = processor.confirm(processor.intent(capture_method="automatic").id, processor.token())
    params: Any = {"payment_intent": paid.id}
    assert processor.v1.refunds.create(params).status in ("succeeded", "pending")
    with pytest.raises(InvalidRequestError) as error:
        processor.v1.refunds.create(params)
    assert error.value.code == "charge_already_refunded"


def test_movements_are_listed_newest_first_and_in_pages(processor: Processor) -> None:
    for _ in range(3):
        processor.confirm(processor.intent(capture_method="automatic").id, processor.token())
    first = processor.v1.balance_transactions.list({"limit": 2})
    second = processor.v1.balance_transactions.list({"limit": 2, "starting_after": first.data[-1].id})
    rows = [*first.data, *second.data]
    assert first.has_more
    assert [row.created for row in rows] == sorted((row.created for row in rows), reverse=True)
    assert len({row.id for row in rows}) == len(rows)


def begin(processor: Processor) -> Any:
    product = processor.v1.products.create({"name": "Support"})
    customer = processor.v1.customers.create({"email": "giver@example.org"})
    recurring = {"interval": "month"}
    data = {"currency": "eur", "product": product.id, "recurring": recurring, "unit_amount": 500}
    params: Any = {
        "customer": customer.id,
        "items": [{"price_data": data}],
        "payment_behavior": "default_incomplete",
        "payment_settings": {
            "payment_method_types": ["card"],
            "save_default_payment_method": "on_subscription",
        },
        "expand": ["latest_invoice.confirmation_secret"],
    }
    return processor.v1.subscriptions.create(params)


def test_a_plan_is_begun_unpaid_changed_and_ended(processor: Processor) -> None:
    begun = begin(processor)
    assert begun.status == "incomplete"
    intent = begun.latest_invoice.confirmation_secret.client_secret.partition("_secret_")[0]
    processor.confirm(intent, processor.token("de"))
    active = processor.v1.subscriptions.retrieve(begun.id)
    assert (active.status, bool(active.default_payment_method)) == ("active", True)
    item = active["items"].data[0]
    data = {"currency": "eur", "product": item.price.product, "recurring": {"interval": "month"}, "unit_amount": 900}
    change: Any = {"items": [{"id": item.id, "price_data": data}], "proration_behavior": "none"}
    changed = processor.v1.subscriptions.update(begun.id, change)
    assert changed["items"].data[0].price.unit_amount == 900
    assert processor.v1.subscriptions.cancel(begun.id).status == "canceled"


def test_another_card_is_made_ready_without_a_charge(processor: Processor) -> None:
    customer = processor.v1.customers.create({"email": "giver@example.org"})
    params: Any = {"customer": customer.id, "allowed_payment_method_types": ["card"], "usage": "off_session"}
    setup = processor.v1.setup_intents.create(params)
    ready = processor.v1.setup_intents.confirm(
        setup.id, {"confirmation_token": processor.token("de"), "expand": ["payment_method"]}
    )
    method: Any = ready.payment_method
    assert (ready.status, method.customer, method.card.country) == ("succeeded", customer.id, "DE")
