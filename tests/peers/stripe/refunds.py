"""Refunds: money out again, at the day's rate, without the fee coming back; and refunds that fail later."""

from tests.peers.stripe import money
from tests.peers.stripe.clock import DAY
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row


def create(service: Service, params: Row) -> Row:
    charge = _charge_of(service, params)
    amount = params.get("amount", charge["amount_captured"] - charge["amount_refunded"])
    _check(charge, amount)
    return make(service, charge, amount, reason=params.get("reason"), metadata=params.get("metadata") or {})


def _charge_of(service: Service, params: Row) -> Row:
    if name := params.get("charge"):
        return service.table("charge").get(name, "charge")
    if not params.get("payment_intent"):
        raise Refused(
            400, "One of the following params should be provided: payment_intent or charge.", "parameter_missing"
        )
    intent = service.table("payment_intent").get(params["payment_intent"], "payment_intent")
    if not intent["latest_charge"]:
        words = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise Refused(400, words, "payment_intent_unexpected_state", param="payment_intent")
    return service.find(intent["latest_charge"])


def _check(charge: Row, amount: int) -> None:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if not charge["captured"] or charge["status"] == "failed":
        raise Refused(400, f"Charge {charge['id']} has not been captured.", "charge_not_refundable", param="charge")
    if left == 0:
        raise Refused(400, f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    if charge["disputed"]:
        raise Refused(400, f"Charge {charge['id']} has been charged back; cannot issue a refund.", "charge_disputed")
    if not 0 < amount <= left:
        words = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise Refused(400, words, "amount_too_large", param="amount")


def make(service: Service, charge: Row, amount: int, *, reason: str | None = None, metadata: Row | None = None) -> Row:
    """The refund, booked. A card whose refunds fail says so a day later."""
    debit = charge["id"].startswith("py_")
    refund = service.add(
        "pyr" if debit else "re",
        "refund",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details={"type": "sepa_debit" if debit else "card"},
        failure_balance_transaction=None,
        metadata=metadata or {},
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=reason,
        receipt_number=None,
        status="succeeded",
    )
    settled, currency, rate = money.settle(service, amount, charge["currency"])
    entry = money.enter(
        service, "payment_refund" if debit else "refund", -settled, currency, source=refund["id"], rate=rate
    )
    refund["balance_transaction"] = entry["id"]
    _count(charge, amount)
    service.emit("refund.created", refund)
    service.emit("charge.refunded", charge, {"amount_refunded": charge["amount_refunded"] - amount})
    if service.cards[charge["id"]].later == "refund_fails":
        service.clock.at(service.now + DAY, fail, service, refund["id"])
    return refund


def _count(charge: Row, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]


def fail(service: Service, name: str) -> None:
    """The bank sends the refund back: exactly what went out comes in again, as a movement of its own."""
    refund = service.find(name)
    if refund["status"] == "failed":
        return
    out = service.find(refund["balance_transaction"])
    entry = money.enter(service, "refund_failure", -out["amount"], out["currency"], source=name, at_once=True)
    refund |= {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": entry["id"],
    }
    _count(service.find(refund["charge"]), -refund["amount"])
    service.emit("refund.updated", refund, {"status": "succeeded"})
    service.emit("refund.failed", refund)
