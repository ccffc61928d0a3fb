"""Random acts of the world, for books that must agree with the processor whatever happens."""

import random
from collections.abc import Callable

from tests.peers.stripe import disputes, methods, payments, payouts, refunds, tokens
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

CURRENCIES = ("eur", "usd", "gbp", "chf", "pln", "czk", "jpy", "kwd")
COUNTRIES = ("DE", "US", "GB", "PL", "LV")
Act = Callable[[Service, random.Random], None]


def pay(service: Service, amount: int, currency: str, card: tokens.Card, metadata: Row | None = None) -> Row:
    """A payment from nothing to its end. Its status tells what became of it."""
    intent = payments.make(service, amount, currency, metadata=metadata or {})
    service.emit("payment_intent.created", intent)
    intent["payment_method"] = methods.make(service, card)["id"]
    payments.attempt(service, intent, card)
    return intent


def random_act(service: Service, draw: random.Random) -> str:
    """One act, and its name. Where there is nothing to act on, somebody pays instead."""
    act = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    try:
        act(service, draw)
    except (Refused, LookupError):
        act = _pay
        act(service, draw)
    return act.__name__.lstrip("_")


def _pay(service: Service, draw: random.Random) -> None:
    card = tokens.drawn(
        type="card" if draw.random() < 0.8 else "sepa_debit",
        country=draw.choice(COUNTRIES),
        decline="generic_decline" if draw.random() < 0.05 else None,
        later=draw.choice((None, None, None, None, "refund_fails", "fails", "bounces", "warning")),
    )
    pay(service, draw.randrange(20, 50_000) * 10, draw.choice(CURRENCIES), card)


def _refund(service: Service, draw: random.Random) -> None:
    charge = service.table("charge").pick(draw)
    left = charge["amount_captured"] - charge["amount_refunded"]
    part = left if draw.random() < 0.6 else draw.randrange(1, max(2, left))
    refunds.create(service, {"charge": charge["id"], "amount": part})


def _dispute(service: Service, draw: random.Random) -> None:
    charge = service.table("charge").pick(draw)
    if not charge["captured"] or charge["disputed"] or charge["status"] == "failed":
        raise LookupError
    disputes.open_one(service, charge, draw.randrange(1, charge["amount_captured"] + 1))


def _close_dispute(service: Service, draw: random.Random) -> None:
    dispute = service.table("dispute").pick(draw)
    if not disputes.is_open(dispute):
        raise LookupError
    draw.choice((disputes.win, disputes.lose))(service, dispute)


def _fail_refund(service: Service, draw: random.Random) -> None:
    refunds.fail(service, service.table("refund").pick(draw)["id"])


def _payout(service: Service, draw: random.Random) -> None:
    if payouts.make(service, draw.choice(service.settles)) is None:
        raise LookupError


def _fail_payout(service: Service, draw: random.Random) -> None:
    payouts.fail(service, service.table("payout").pick(draw)["id"])


def _fee(service: Service, draw: random.Random) -> None:
    payouts.charge_fee(service, draw.randrange(1, 500), draw.choice(service.settles))


def _time_passes(service: Service, draw: random.Random) -> None:
    service.clock.advance(draw.randrange(86_400))


WEIGHTS: dict[Act, int] = {_pay: 60, _refund: 12, _dispute: 4, _close_dispute: 4, _fail_refund: 2, _payout: 3,
                           _fail_payout: 1, _fee: 4, _time_passes: 10}  # fmt: skip
