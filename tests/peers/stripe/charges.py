"""Charges: what a confirmed payment becomes, and what happens to it afterwards by the card's nature."""

from typing import Any

from tests.peers.stripe import disputes, money, tokens
from tests.peers.stripe.cards import Card
from tests.peers.stripe.clock import DAY
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

DEBIT_DAYS = 5
WORDS = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}
OWN_CODES = ("expired_card", "incorrect_cvc", "processing_error", "authentication_required")


def make(service: Service, intent: Row, card: Card, status: str) -> Row:
    prefix = "py" if card.type == "sepa_debit" else "ch"
    charge = service.add(
        prefix,
        "charge",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details=tokens.details(card)["billing_details"],
        calculated_statement_descriptor="STAND-IN",
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        fraud_details={},
        metadata=dict(intent["metadata"]),
        outcome=_outcome(None),
        paid=status != "failed",
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        payment_method_details=_details(card),
        receipt_email=None,
        receipt_url=None,
        refunded=False,
        status=status,
        statement_descriptor=None,
        statement_descriptor_suffix=None,
    )
    service.cards[charge["id"]] = card
    intent["latest_charge"] = charge["id"]
    return charge


def decline(service: Service, intent: Row, card: Card, decline_code: str) -> Row:
    """A charge that failed. Answers the error object that tells why."""
    charge = make(service, intent, card, "failed")
    error = error_of(decline_code)
    charge |= {"failure_code": error["code"], "failure_message": error["message"], "outcome": _outcome(decline_code)}
    service.emit("charge.failed", charge)
    return {"charge": charge["id"], **error}


def error_of(decline_code: str) -> Row:
    """The error object of a decline."""
    code = decline_code if decline_code in OWN_CODES else "card_declined"
    message = WORDS.get(decline_code, "Your card was declined.")
    return {"code": code, "decline_code": decline_code, "message": message, "type": "card_error"}


def capture(service: Service, charge: Row, amount: int, *, first: bool = True) -> None:
    """Money in: the balance transaction, and then whatever this card has in store."""
    card = service.cards[charge["id"]]
    settled, currency, rate = money.settle(service, amount, charge["currency"])
    kind = "payment" if card.type == "sepa_debit" else "charge"
    fee = money.fee_for(card, settled, currency)
    entry = money.enter(service, kind, settled, currency, fee=fee, source=charge["id"], rate=rate)
    charge |= {"captured": True, "amount_captured": amount, "status": "succeeded", "paid": True}
    if first:
        service.emit("charge.succeeded", charge)  # the transaction is filled in a moment later, as there
    else:
        service.emit("charge.captured", charge)
    charge["balance_transaction"] = entry["id"]
    service.emit("charge.updated", charge, {"balance_transaction": None})
    _aftermath(service, charge, card)


def _aftermath(service: Service, charge: Row, card: Card) -> None:
    acts: dict[str | None, Any] = {"dispute": disputes.open_one, "inquiry": disputes.inquire, "warning": disputes.warn}
    if act := acts.get(card.later):
        act(service, charge)


def start_debit(service: Service, intent: Row, card: Card) -> Row:
    charge = make(service, intent, card, "pending")
    service.emit("charge.pending", charge)
    return charge


def debit_day(service: Service) -> int:
    return service.now + DEBIT_DAYS * DAY


def _outcome(decline_code: str | None) -> Row:
    if decline_code is None:
        return {"network_status": "approved_by_network", "reason": None, "risk_level": "normal", "risk_score": 12,
                "seller_message": "Payment complete.", "type": "authorized"}  # fmt: skip
    return {"network_status": "declined_by_network", "reason": decline_code, "risk_level": "normal", "risk_score": 12,
            "seller_message": "The bank declined the payment.", "type": "issuer_declined"}  # fmt: skip


def _details(card: Card) -> Row:
    return {"type": card.type, card.type: tokens.details(card)[card.type]}
