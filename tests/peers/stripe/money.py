"""The account's money: one balance transaction for each movement, pending until it is available, and the balance."""

from decimal import Decimal

from tests.peers.stripe import currencies
from tests.peers.stripe.cards import Card
from tests.peers.stripe.clock import DAY
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

PENDING_DAYS = 3
DISPUTE_FEE = 2000
HOME = "DE"
EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
CATEGORIES = {
    "payment": "charge",
    "payment_refund": "refund",
    "stripe_fee": "fee",
    "payment_failure_refund": "refund",
    "payout_failure": "payout_reversal",
    "adjustment": "dispute",
}


def enter(
    service: Service,
    kind: str,
    amount: int,
    currency: str,
    *,
    fee: int = 0,
    source: str | None = None,
    description: str | None = None,
    rate: Decimal | None = None,
    at_once: bool = False,
    category: str | None = None,
) -> Row:
    """One movement, in a currency that the account holds. `amount - fee` moves the balance; `at_once` skips pending."""
    row = service.add(
        "txn",
        "balance_transaction",
        amount=amount,
        available_on=service.now if at_once else service.now + PENDING_DAYS * DAY,
        balance_type="payments",
        currency=currency,
        description=description,
        exchange_rate=float(rate) if rate is not None else None,
        fee=fee,
        fee_details=_fee_details(fee, currency),
        net=amount - fee,
        reporting_category=category or CATEGORIES.get(kind, kind),
        source=source,
        status="available" if at_once else "pending",
        type=kind,
    )
    held = service.balance.setdefault(currency, {"available": 0, "pending": 0})
    held[row["status"]] += row["net"]
    if not at_once:
        service.clock.at(row["available_on"], make_available, service, row["id"])
    return row


def make_available(service: Service, name: str) -> None:
    row = service.find(name)
    held = service.balance[row["currency"]]
    held["pending"] -= row["net"]
    held["available"] += row["net"]
    row["status"] = "available"


def settle(service: Service, amount: int, currency: str) -> tuple[int, str, Decimal | None]:
    """What an amount comes to in the currency that it is held in, and the rate if it had to be changed."""
    if currency in service.settles:
        return amount, currency, None
    target = service.settles[0]
    rate = currencies.rate(currency, target, service.now)
    return currencies.convert(amount, rate), target, rate


def fee_for(card: Card, amount: int, currency: str) -> int:
    """The fee for taking a settled amount: a share and a fixed part, by the card's country."""
    if card.type == "sepa_debit":
        return 35
    share = "0.015" if card.country in EEA.split() else "0.025" if card.country == "GB" else "0.0325"
    return currencies.convert(amount, Decimal(share)) + 25


def balance(service: Service) -> Row:
    def part(name: str) -> list[Row]:
        held = service.balance or {service.settles[0]: {"available": 0, "pending": 0}}
        return [
            {"amount": sums[name], "currency": currency, "source_types": {"card": sums[name]}}
            for currency, sums in held.items()
        ]

    return {"object": "balance", "livemode": False, "available": part("available"), "pending": part("pending")}


def _fee_details(fee: int, currency: str) -> list[Row]:
    words = {"application": None, "currency": currency, "description": "Stripe processing fees", "type": "stripe_fee"}
    return [{"amount": fee, **words}] if fee else []
