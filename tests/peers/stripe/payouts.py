"""Payouts to the newsroom's bank, fees that come without an event, and money of kinds that do not exist yet."""

from tests.peers.stripe import money
from tests.peers.stripe.clock import DAY
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

ARRIVES_AFTER = 2 * DAY


def make(service: Service, currency: str, amount: int | None = None) -> Row | None:
    """A payout of all that is available, or of `amount`; None if there is nothing to pay out."""
    available = service.balance.get(currency, {"available": 0})["available"]
    amount = available if amount is None else amount
    if amount <= 0:
        return None
    payout = service.add(
        "po",
        "payout",
        amount=amount,
        arrival_date=service.now + ARRIVES_AFTER,
        automatic=True,
        balance_transaction=None,
        currency=currency,
        description="STRIPE PAYOUT",
        destination="ba_standin",
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata={},
        method="standard",
        reconciliation_status="in_progress",
        source_type="card",
        statement_descriptor=None,
        status="in_transit",
        type="bank_account",
    )
    payout["balance_transaction"] = money.enter(
        service, "payout", -amount, currency, source=payout["id"], at_once=True
    )["id"]
    service.emit("payout.created", payout)
    service.clock.at(payout["arrival_date"], arrive, service, payout["id"])
    return payout


def every_day(service: Service) -> None:
    """From now on all that is available is paid out, once a day."""
    for currency in list(service.balance):
        make(service, currency)
    service.clock.at(service.now + DAY, every_day, service)


def arrive(service: Service, name: str) -> None:
    payout = service.find(name)
    if payout["status"] != "in_transit":
        return
    payout |= {"status": "paid", "reconciliation_status": "completed"}
    service.emit("payout.paid", payout)
    service.emit("payout.reconciliation_completed", payout)


def fail(service: Service, name: str) -> None:
    """The bank sends it back: the money is in the balance again. A payout may fail even after it was "paid"."""
    payout = service.find(name)
    if payout["status"] == "failed":
        return
    entry = money.enter(service, "payout_failure", payout["amount"], payout["currency"], source=name, at_once=True)
    payout |= {"status": "failed", "failure_code": "account_closed", "failure_balance_transaction": entry["id"]}
    service.emit("payout.failed", payout)


def charge_fee(service: Service, amount: int, currency: str) -> Row:
    """A fee that the processor takes for itself. There is no event: only the list of transactions knows."""
    return money.enter(service, "stripe_fee", -amount, currency, description="Radar for Fraud Teams", at_once=True)


def unknown(service: Service, amount: int, currency: str, kind: str) -> Row:
    """A movement of a kind that this version of the API does not know."""
    return money.enter(service, kind, amount, currency, at_once=True, category=kind)
