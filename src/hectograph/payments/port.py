"""The port that every payment service stands behind: eight calls, and the few values they exchange.

A service raises `Declined` where the bank said no, `Unreachable` where it is certain that nothing happened, and
`Unclear` where it is not: then the payment is asked for again by its reference (`get`), and never made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.payments.forms import Frequency


class ServiceProblem(Problem):
    """The service can't do it. Its words are ours: a service's own never reach a page or a log."""


class Unreachable(ServiceProblem):
    """Nothing was done, and the same may be asked again."""


class Unclear(ServiceProblem):
    """It may or may not have been done. Ask with `get`."""


class Declined(ServiceProblem):
    """The bank said no; `reason` is one of `status.DECLINES`."""

    def __init__(self, reason: str) -> None:
        super().__init__("The bank said no.", "Another card, or another way of paying, may do.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known of a means of payment before any money moves. `country` is where it was issued, as the service says
    it, unchecked; empty where it does not say. `method` is the service's own word."""

    method: str
    country: str
    wallet: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. `key` names the intent for good: the same key never makes a second payment."""

    key: str
    frequency: Frequency
    money: Money


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that exists at the service and is not confirmed. `plan` and `customer` are set for recurring ones."""

    payment: str
    plan: str = ""
    customer: str = ""


class PaymentState(StrEnum):
    OPEN = "open"  # made, not confirmed
    ACTION = "action"  # the bank asks its customer
    HELD = "held"  # the bank agreed, nothing is taken yet
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as the service has it now. `secret` is what a bank's challenge needs in the browser. `preview` is of
    what it is really paid with; None before that is known."""

    ref: str
    state: PaymentState
    money: Money
    received: Money
    secret: str = ""
    reason: str = ""  # one of status.DECLINES where it failed
    preview: Preview | None = None
    plan: str = ""


class Kind(StrEnum):
    """Of a movement of money, as the ledger books it. What is not known comes as OTHER, never as an error."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILED = "refund failed"
    DISPUTE = "dispute"  # taken by one, or its fee
    DISPUTE_RETURNED = "dispute returned"
    PAYOUT = "payout"
    PAYOUT_FAILED = "payout failed"
    FEE = "fee"
    EXCHANGE = "exchange"  # one half: out of one currency of the balance, or into another
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of the balance (Stripe: balance transaction), in settlement currency. `amount` = `net` + `fee`, each
    in minor units and signed as the balance feels it. `source` is the charge, refund, dispute or payout that it is of.
    `payment` names the payment where there is one. `rate` is the service's own, as a decimal text, where it changed
    currencies, and `original` what was paid then."""

    id: str
    kind: Kind
    amount: int
    fee: int
    net: int
    currency: str
    created: datetime
    source: str = ""
    payment: str = ""
    own_kind: str = ""  # the service's own word
    rate: str = ""
    original: Money | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A webhook, once its signature held: something happened to `object`. What, is asked for anew."""

    event: str
    type: str
    object: str
    created: int  # seconds since 1970


class Processor(Protocol):
    """All that is asked of one service. `name` names its rail in rows and on pages."""

    name: str

    def preview(self, token: str) -> Preview:
        """What is known of the means of payment that `token` stands for. Makes nothing."""

    def start(self, order: Order) -> Started:
        """Make the payment, unconfirmed: the bank hears nothing yet. Its reference is kept before `confirm`."""

    def confirm(self, started: Started, token: str) -> Payment:
        """Ask the bank. Declined, Unreachable, Unclear as above."""

    def get(self, ref: str) -> Payment:
        """The payment as it is now."""

    def cancel_plan(self, plan: str) -> None:
        """End a plan for good; done already is done."""

    def refund(self, payment: str, money: Money, key: str) -> str:
        """Give back; returns the refund's reference. `key` names this refund for good."""

    def list_money(self, since: datetime) -> Iterator[Movement]:
        """Every movement made at `since` or later, any order."""

    def verify_webhook(self, body: bytes, header: str, now: float) -> Hint:
        """The hint in a webhook; ValueError where it is not the service's, not ours, or not of now."""


class Holding(Protocol):
    """A service where a bank's yes and the taking of the money are two steps. Both calls say how the payment stands
    afterwards, done twice or not."""

    def capture(self, payment: str) -> Payment:
        """Take what is HELD; paid already is paid."""

    def release(self, payment: str) -> Payment:
        """Give up a payment that is not paid (OPEN, ACTION, HELD): after it nothing is charged any more. One that is
        paid meanwhile stays so, and its state says it."""


class Account(Protocol):
    """A service that holds money for a while."""

    def balance(self) -> dict[str, int]:
        """Available and pending together, in minor units by currency."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan as the service has it. `next_on` is when it charges next; `active` is false once it ended."""

    ref: str
    active: bool
    paused: bool
    frequency: Frequency
    money: Money
    next_on: datetime | None
    preview: Preview | None = None
    expires: tuple[int, int] | None = None  # of the card: year, month
    words: dict[str, str] = field(default_factory=dict)


class Plans(Protocol):
    """What a service that can charge again is asked besides."""

    def terms(self, plan: str) -> PlanTerms: ...

    def change_amount(self, plan: str, money: Money, key: str) -> None: ...

    def move_next(self, plan: str, next_on: datetime, key: str) -> None: ...

    def pause(self, plan: str, until: datetime | None) -> None:
        """Charge nothing until then; None goes on."""

    def replace_means(self, plan: str, token: str, key: str) -> Payment:
        """Pay with `token` from now on, without a charge; the bank may ask its customer (ACTION)."""

    def active_plans(self) -> Iterator[PlanTerms]: ...
