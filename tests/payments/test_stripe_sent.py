"""What is sent to Stripe, whole: this list, and nothing besides. A name that is added here must be argued for."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.port import Order
from hectograph.payments.processors.stripe import drift
from tests.payments.conftest import Ours

KEY = "0f9c7c1e-5c1c-4c55-9a39-2d8f4d6f2a11"
PRICE = [
    f"items[0][price_data][{name}]".replace("[recurring]", "[recurring][interval]")
    for name in ("currency", "product", "recurring", "unit_amount")
]
METHODS = ["allowed_payment_method_types[0]", "allowed_payment_method_types[1]"]
SENT = {
    "DELETE /v1/subscriptions/ID": [],
    "GET /v1/account": [],
    "GET /v1/balance": [],
    "GET /v1/balance_transactions": ["created[gte]", "expand[0]", "limit"],
    "GET /v1/billing_portal/configurations": ["limit"],
    "GET /v1/charges/ID": [],
    "GET /v1/confirmation_tokens/ID": [],
    "GET /v1/events": ["created[gte]", "limit"],
    "GET /v1/invoice_payments": ["expand[0]", "limit", "payment[payment_intent]", "payment[type]"],
    "GET /v1/invoices/ID": ["expand[0]"],
    "GET /v1/payment_intents/ID": ["expand[0]"],
    "GET /v1/payment_method_configurations": ["limit"],
    "GET /v1/payment_methods/ID": [],
    "GET /v1/products/ID": [],
    "GET /v1/setup_intents/ID": ["expand[0]"],
    "GET /v1/subscriptions": ["customer", "expand[0]", "limit"],
    "GET /v1/subscriptions/ID": ["expand[0]"],
    "GET /v1/webhook_endpoints": ["limit"],
    "POST /v1/customers": ["metadata[intent]"],
    "POST /v1/payment_intents": [
        *METHODS, "amount", "currency", "description", "metadata[intent]",
        "payment_method_options[card][capture_method]",
    ],
    "POST /v1/payment_intents/ID/cancel": ["expand[0]"],
    "POST /v1/payment_intents/ID/capture": ["expand[0]"],
    "POST /v1/payment_intents/ID/confirm": ["confirmation_token", "expand[0]"],
    "POST /v1/products": ["id", "name"],
    "POST /v1/refunds": ["amount", "payment_intent"],
    "POST /v1/setup_intents": [
        *METHODS, "confirm", "confirmation_token", "customer", "description", "expand[0]",
    ],
    "POST /v1/subscriptions": [
        "customer", "description", "expand[0]", *PRICE, "metadata[intent]", "payment_behavior",
        "payment_settings[payment_method_types][0]", "payment_settings[payment_method_types][1]",
        "payment_settings[save_default_payment_method]",
    ],
    "POST /v1/subscriptions/ID": [
        "default_payment_method", "items[0][id]", *PRICE, "pause_collection", "pause_collection[behavior]",
        "pause_collection[resumes_at]", "payment_settings[payment_method_types][0]",
        "payment_settings[payment_method_types][1]", "proration_behavior", "trial_end",
    ],
}  # fmt: skip


def everything(ours: Ours) -> None:
    """Each call of the port once at least, by a giver who typed a name into the processor's own fields."""
    giver = {"country": "DE", "name": "Canary Name", "email": "canary@example.org"}
    ours.web.preview(ours.peer.token(**giver))
    taken = ours.paid(500, key=KEY, **giver)
    ours.web.cancel(ours.begun(key=KEY.replace("0", "1"))[0])
    ours.operator.refund(taken.ref, Money(100, "EUR"), "k1")
    ours.worker.get(ours.peer.rows("charges")[0]["id"])
    plan = ours.plan(frequency=Frequency.ANNUAL, key=KEY.replace("0", "2"), **giver)
    later = datetime.fromtimestamp(ours.peer.clock.now, UTC) + timedelta(days=40)
    ours.plans.change_amount(plan, Money(700, "EUR"), "w1")
    ours.plans.move_next(plan, later, "w2")
    ours.plans.pause(plan, later)
    ours.plans.pause(plan, None)
    held = ours.plans.replace_means(plan, ours.peer.token(**giver), "w3")
    ours.plans.use_means(plan, ours.web.get(held.ref).ref, "w4")
    list(ours.plans.using(ours.peer.row(plan)["default_payment_method"]))
    list(ours.plans.active_plans())
    ours.worker.get(ours.peer.row(plan)["latest_invoice"])
    ours.worker.get(ours.peer.rows("payment_intents")[-1]["id"])
    ours.web.cancel_plan(plan)
    list(ours.worker.list_money(datetime.fromtimestamp(0, UTC)))
    list(ours.worker.hints(datetime.fromtimestamp(0, UTC)))
    ours.worker.balance()
    drift.found(ours.door("web"), frozenset())


def names(value: Any, so_far: str = "") -> Iterator[tuple[str, Any]]:
    """Each parameter by its name on the wire, with its value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        whole = f"{so_far}[{name}]" if so_far else str(name)
        if isinstance(inner, (dict, list)):
            yield from names(inner, whole)
        else:
            yield whole, inner


def test_nothing_is_sent_that_is_not_on_the_list(ours: Ours) -> None:
    everything(ours)
    sent: dict[str, set[str]] = {}
    for call in ours.peer.requests:
        path = re.sub(r"/([a-z]+_[A-Za-z0-9]{16,}|contribution)(?=/|$)", "/ID", call.path)
        sent.setdefault(f"{call.method} {path}", set()).update(name for name, _ in names(call.params))
    assert {call: sorted(names) for call, names in sorted(sent.items())} == {
        call: sorted(names) for call, names in SENT.items()
    }


def test_no_value_that_is_sent_says_anything_of_the_giver(ours: Ours) -> None:
    everything(ours)
    for call in ours.peer.requests:
        for name, value in names(call.params):
            assert "anary" not in str(value)
            if name in ("description", "name"):
                assert value == "Contribution"
            if name == "metadata[intent]":
                assert re.fullmatch(r"[012][0-9a-f]{7}-[0-9a-f-]{27}", value)


def test_every_call_that_makes_something_has_a_key(ours: Ours) -> None:
    everything(ours)
    keys = {call.idempotency_key for call in ours.peer.requests if call.method == "POST"}
    assert all(keys)
    assert {f"i:{KEY}:pi:1", "i:" + KEY.replace("0", "2") + ":sub:1", "r:k1", "m:w3:means"} <= keys


def test_currency_and_amount_are_those_of_the_order(ours: Ours) -> None:
    ours.web.start(Order(KEY, Frequency.ONCE, Money(5000, "CZK")))
    (call,) = ours.peer.requests
    assert (call.params["amount"], call.params["currency"]) == ("5000", "czk")
