"""Disputes: the money is taken at once with a fee, and comes back if the dispute is won. Early warnings of fraud."""

from decimal import Decimal

from tests.peers.stripe import money
from tests.peers.stripe.clock import DAY
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

DAYS_TO_ANSWER = 7


def open_one(service: Service, charge: Row, amount: int | None = None) -> Row:
    """A dispute over the charge or a part of it."""
    dispute = _make(service, charge, amount or charge["amount_captured"], "needs_response")
    service.emit("charge.dispute.created", dispute)
    settled, currency, rate = money.settle(service, dispute["amount"], dispute["currency"])
    _move(service, dispute, -settled, currency, rate, money.DISPUTE_FEE, "Chargeback withdrawal")
    service.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def inquire(service: Service, charge: Row) -> Row:
    """A question from the bank: nothing is taken yet."""
    dispute = _make(service, charge, charge["amount_captured"], "warning_needs_response")
    service.emit("charge.dispute.created", dispute)
    return dispute


def warn(service: Service, charge: Row) -> Row:
    warning = service.add("issfr", "radar.early_fraud_warning", actionable=True, charge=charge["id"],
                          fraud_type="unauthorized_use_of_card", payment_intent=charge["payment_intent"])  # fmt: skip
    service.emit("radar.early_fraud_warning.created", warning)
    return warning


def win(service: Service, dispute: Row) -> None:
    """What was taken comes back, and the fee with it, at the rate at which it went."""
    taken = dispute["balance_transactions"][:1]
    for entry in taken:
        _move(service, dispute, -entry["amount"], entry["currency"], None, -entry["fee"], "Chargeback reversal")
    dispute["status"] = "won" if taken else "warning_closed"
    if taken:
        service.emit("charge.dispute.funds_reinstated", dispute)
    service.emit("charge.dispute.closed", dispute)


def lose(service: Service, dispute: Row) -> None:
    dispute["status"] = "lost"
    service.emit("charge.dispute.closed", dispute)


def is_open(dispute: Row) -> bool:
    return dispute["status"] in ("needs_response", "warning_needs_response", "under_review")


def close(service: Service, params: Row, name: str) -> Row:
    """`POST /v1/disputes/:id/close`: the loss is accepted."""
    dispute = service.table("dispute").get(name)
    if not is_open(dispute):
        raise Refused(400, "This dispute is already closed.", "dispute_already_closed")
    lose(service, dispute)
    return dispute


def _make(service: Service, charge: Row, amount: int, status: str) -> Row:
    charge["disputed"] = True
    return service.add(
        "du",
        "dispute",
        amount=amount,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={},
        evidence_details={
            "due_by": service.now + DAYS_TO_ANSWER * DAY,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=status.startswith("warning"),
        metadata={},
        network_reason_code="10.4",
        payment_intent=charge["payment_intent"],
        payment_method_details={"type": "card", "card": {"brand": "visa", "network_reason_code": "10.4"}},
        reason="fraudulent",
        status=status,
    )


def _move(
    service: Service, dispute: Row, amount: int, currency: str, rate: Decimal | None, fee: int, words: str
) -> None:
    entry = money.enter(
        service, "adjustment", amount, currency, fee=fee, source=dispute["id"], rate=rate, description=words
    )
    dispute["balance_transactions"].append(entry)
