"""All that is ever sent to Stripe, call by call. What does not stand here is not sent.

Of the giver there is nothing: no name, address, mail, page or language. Of the gift: amount, currency, the intent's
random number, and words that say the same of every gift. Methods are listed by name and never left to the dashboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from stripe import params as sent

from hectograph.money import Money
from hectograph.payments.forms import DEBIT_CURRENCY, Frequency
from hectograph.payments.port import Order
from hectograph.payments.processors.stripe.amounts import to_stripe

PRODUCT, WORDS = "contribution", "Contribution"  # on receipts and in the dashboard: the same for all
INTENT = "intent"  # the only metadata
INTERVALS: dict[Frequency, Literal["month", "year"]] = {Frequency.MONTHLY: "month", Frequency.ANNUAL: "year"}
METHODS = ("card", "sepa_debit")
_ONLY_IN = {"sepa_debit": DEBIT_CURRENCY}


def methods(allowed: Sequence[str], currency: str) -> list[str]:
    """Those of `allowed` that exist in `currency`."""
    return [method for method in allowed if _ONLY_IN.get(method, currency) == currency]


def once(order: Order, allowed: Sequence[str]) -> sent.PaymentIntentCreateParams:
    """A payment that is not confirmed yet; a card's bank will hold the amount until it is captured."""
    return {
        "amount": to_stripe(order.money),
        "currency": order.money.currency.lower(),
        "allowed_payment_method_types": methods(allowed, order.money.currency),
        "payment_method_options": {"card": {"capture_method": "manual"}},
        "description": WORDS,
        "metadata": {INTENT: order.key},
    }


def customer(order: Order) -> sent.CustomerCreateParams:
    """Whom a plan hangs on at Stripe: a number."""
    return {"metadata": {INTENT: order.key}}


def product() -> sent.ProductCreateParams:
    return {"id": PRODUCT, "name": WORDS}


def plan(order: Order, customer_ref: str, allowed: Sequence[str]) -> sent.SubscriptionCreateParams:
    """A plan whose first payment is made and not confirmed."""
    return {
        "customer": customer_ref,
        "items": [{"price_data": _price(order.frequency, order.money)}],
        "payment_behavior": "default_incomplete",
        "payment_settings": {
            "payment_method_types": methods(allowed, order.money.currency),
            "save_default_payment_method": "on_subscription",
        },
        "description": WORDS,
        "metadata": {INTENT: order.key},
        "expand": ["latest_invoice.confirmation_secret"],
    }


def confirm(token: str) -> sent.PaymentIntentConfirmParams:
    return {"confirmation_token": token, "expand": ["payment_method"]}


def capture() -> sent.PaymentIntentCaptureParams:
    return {"expand": ["payment_method"]}


def cancel() -> sent.PaymentIntentCancelParams:
    return {"expand": ["payment_method"]}


def refund(payment: str, money: Money) -> sent.RefundCreateParams:
    return {"payment_intent": payment, "amount": to_stripe(money)}


def amount(item: str, frequency: Frequency, money: Money) -> sent.SubscriptionUpdateParams:
    """Another amount from the next payment on, nothing for the days between."""
    return {"items": [{"id": item, "price_data": _price(frequency, money)}], "proration_behavior": "none"}


def next_on(moment: datetime) -> sent.SubscriptionUpdateParams:
    """Nothing is charged before `moment` (aware); the interval counts from there."""
    return {"trial_end": int(moment.timestamp()), "proration_behavior": "none"}


def pause(until: datetime | None) -> sent.SubscriptionUpdateParams:
    """What falls due until then is void, not owed; None takes the pause away."""
    if until is None:
        return {"pause_collection": ""}
    return {"pause_collection": {"behavior": "void", "resumes_at": int(until.timestamp())}}


def replace(customer_ref: str, token: str, allowed: Sequence[str], currency: str) -> sent.SetupIntentCreateParams:
    """Ask the bank now whether it may pay later, when nobody is there (Stripe's own default for `usage`, a word that
    the library keeps for itself and would not send)."""
    return {
        "customer": customer_ref,
        "allowed_payment_method_types": methods(allowed, currency),
        "confirm": True,
        "confirmation_token": token,
        "description": WORDS,
        "expand": ["payment_method"],
    }


def means(method: str, allowed: Sequence[str], currency: str) -> sent.SubscriptionUpdateParams:
    """Pay by `method` from now on. A plan that was begun when fewer ways were open takes no other kind by itself."""
    return {
        "default_payment_method": method,
        "payment_settings": {"payment_method_types": methods(allowed, currency)},
    }


def _price(frequency: Frequency, money: Money) -> sent.SubscriptionCreateParamsItemPriceData:
    return {
        "currency": money.currency.lower(),
        "product": PRODUCT,
        "unit_amount": to_stripe(money),
        "recurring": {"interval": INTERVALS[frequency]},
    }
