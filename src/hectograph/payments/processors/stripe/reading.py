"""What Stripe answers, as the port's values. Names, addresses and card numbers' ends in an answer are passed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hectograph.money import Money
from hectograph.payments.port import Payment, PaymentState, PlanTerms, Preview
from hectograph.payments.processors.stripe import failures, parameters
from hectograph.payments.processors.stripe.amounts import from_stripe

Row = dict[str, Any]
NO_MONEY = Money(0, "XXX")  # ISO 4217: no currency
_STATES = {
    "requires_confirmation": PaymentState.OPEN,
    "requires_action": PaymentState.ACTION,
    "processing": PaymentState.PROCESSING,
    "requires_capture": PaymentState.HELD,
    "canceled": PaymentState.CANCELLED,
    "succeeded": PaymentState.PAID,
}
_FREQUENCIES = {interval: frequency for frequency, interval in parameters.INTERVALS.items()}


def ref(thing: Any) -> str:
    """The id of a thing that comes as its id or whole; empty for none."""
    name = thing.get("id") if isinstance(thing, dict) else thing
    return name if isinstance(name, str) else ""


def preview(means: Row) -> Preview:
    """What is known of a means of payment: a payment method, or the preview of one in a confirmation token."""
    method = means.get("type")
    details = means.get(method) if isinstance(method, str) else None
    known = details if isinstance(details, dict) else {}
    wallet = known.get("wallet")
    return Preview(_text(method), _text(known.get("country")), _text(wallet.get("type")) if wallet else "")


def renewal(intent: Row, invoice: Row) -> Payment:
    """Of a payment intent and the invoice that it pays, where there is one. A debit's bank is asked when its invoice is
    made final, and answers days later."""
    if not invoice:
        return payment(intent)
    found = payment(intent, plan_of(invoice))
    is_debit = found.preview is not None and found.preview.method == "sepa_debit"
    asked = (invoice.get("status_transitions") or {}).get("finalized_at" if is_debit else "paid_at")
    return replace(found, asked_at=datetime.fromtimestamp(asked, UTC)) if asked else found


def payment(intent: Row, plan: str = "") -> Payment:
    """Of a payment intent."""
    currency, error = intent["currency"], intent.get("last_payment_error")
    state = _STATES.get(intent["status"])
    return Payment(
        ref=intent["id"],
        state=state or (PaymentState.FAILED if error else PaymentState.OPEN),
        money=from_stripe(intent["amount"], currency),
        received=from_stripe(intent["amount_received"], currency),
        secret=_text(intent.get("client_secret")),
        reason=failures.reason(error) if error and state is None else "",
        preview=_means_of(intent),
        plan=plan,
        key=_key(intent),
    )


def change_of_means(setup: Row) -> Payment:
    """Of a setup intent: HELD is what the bank agreed to. It moves no money."""
    error, succeeded = setup.get("last_setup_error"), setup["status"] == "succeeded"
    state = PaymentState.HELD if succeeded else _STATES.get(setup["status"])
    return Payment(
        ref=setup["id"],
        state=state or (PaymentState.FAILED if error else PaymentState.OPEN),
        money=NO_MONEY,
        received=NO_MONEY,
        secret=_text(setup.get("client_secret")),
        reason=failures.reason(error) if error and state is None else "",
        preview=_means_of(setup),
    )


def terms(subscription: Row) -> PlanTerms:
    """Of a subscription, with `default_payment_method` expanded."""
    item, status = subscription["items"]["data"][0], subscription["status"]
    price, means = item["price"], subscription.get("default_payment_method")
    ends = item.get("current_period_end")
    return PlanTerms(
        ref=subscription["id"],
        active=status in ("active", "trialing", "past_due"),
        paused=bool(subscription.get("pause_collection")),
        frequency=_FREQUENCIES[price["recurring"]["interval"]],
        money=from_stripe(price["unit_amount"], price["currency"]),
        next_on=datetime.fromtimestamp(ends, UTC) if ends else None,
        preview=preview(means) if isinstance(means, dict) else None,
        expires=_expiry(means) if isinstance(means, dict) else None,
        overdue=status == "past_due",
        key=_key(subscription),
    )


def plan_of(invoice: Row) -> str:
    """The plan that an invoice is of; empty where it is of none."""
    parent = invoice.get("parent") or {}
    return ref((parent.get("subscription_details") or {}).get("subscription"))


def _means_of(intent: Row) -> Preview | None:
    means = intent.get("payment_method")
    return preview(means) if isinstance(means, dict) else None


def _expiry(means: Row) -> tuple[int, int] | None:
    card = means.get("card")
    return (card["exp_year"], card["exp_month"]) if isinstance(card, dict) else None


def _key(thing: Row) -> str:
    return _text((thing.get("metadata") or {}).get(parameters.INTENT))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
