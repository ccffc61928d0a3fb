"""The port that every payment service stands behind: ten calls, and the few values they exchange.

A service raises `Declined` where the bank said no, `Rejected` where it takes no such request at all, `Unreachable`
where it is certain that nothing happened, `Forbidden` where our key may not ask it, and `Unclear` where it is not
certain: then the payment is asked for again by its reference (`get`), and never made anew. What a service can't do is
not in its `can`, and asking for it is Rejected.

The straight line: preview → (policy) → start → the reference is kept → confirm → HELD → (policy and amount once more,
on what it is really paid with) → capture. Recurring payments and debits know no HELD: they come as PAID or PROCESSING.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.hooks import Hint


class ServiceProblem(Problem):
    """The service can't do it. Its words are ours: a service's own never reach a page or a log."""


class Unreachable(ServiceProblem):
    """Nothing was done, and the same may be asked again."""


class Rejected(ServiceProblem):
    """Nothing was done, and the same asked again comes to the same: a token used up, a thing that is not there, a call
    that this service can not do."""


class Forbidden(ServiceProblem):
    """Nothing was done: our key was revoked, or may not do this. It says nothing of the payer or of the bank, and the
    same may be asked again once a person has put it right."""


class Unclear(ServiceProblem):
    """It may or may not have been done. Ask with `get`."""


class Declined(ServiceProblem):
    """The bank said no; `reason` is one of `status.DECLINES`."""

    def __init__(self, reason: str) -> None:
        super().__init__("The bank said no.", "Another card, or another way of paying, may do.")
        self.reason = reason


class Can(StrEnum):
    """What a service can do besides saying how to pay, and counting what came."""

    CHARGE = "charge"  # preview, confirm, capture: it asks the payer's bank
    REFUND = "refund"
    PLANS = "plans"  # it charges again by itself
    WEBHOOKS = "webhooks"


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
    """A payment that exists at the service and is not confirmed. `plan` and `customer` are set for recurring ones.
    `words` are what a payer needs who has to do the rest alone: status words of State.TRANSFER."""

    payment: str
    plan: str = ""
    customer: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


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
    what it is really paid with; None before that is known. `plan` is whose it is, where it is a plan's. `key` is the
    order's, as the service kept it: empty on a payment that we did not make, or that a plan made by itself. `asked_at`
    is when the bank was asked for what a plan made by itself (a card's, when it agreed); None where it is not known."""

    ref: str
    state: PaymentState
    money: Money
    received: Money
    secret: str = ""
    reason: str = ""  # one of status.DECLINES where it failed
    preview: Preview | None = None
    plan: str = ""
    key: str = ""
    asked_at: datetime | None = None


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


class Processor(Protocol):
    """All that is asked of one service. `name` names its rail in rows and on pages; `can` says what it does."""

    name: str
    can: frozenset[Can]

    def preview(self, token: str) -> Preview:
        """What is known of the means of payment that `token` stands for. Makes nothing."""

    def start(self, order: Order) -> Started:
        """Make the payment, unconfirmed: the bank hears nothing yet. Its reference is kept before `confirm`."""

    def confirm(self, started: Started, token: str) -> Payment:
        """Ask the bank. Declined, Unreachable, Unclear as above."""

    def capture(self, ref: str) -> Payment:
        """Take what the bank holds, once country and amount were found right; PAID already is PAID."""

    def cancel(self, started: Started) -> Payment:
        """Let go of a payment that is not paid, and of its plan; what it is then. PAID where that came first."""

    def get(self, ref: str) -> Payment:
        """The payment as it is now. `ref` is its own, or that of a thing of it which a hint named (a charge, a refund,
        a dispute, a plan's invoice, a change of means)."""

    def cancel_plan(self, plan: str) -> None:
        """End a plan for good; done already is done."""

    def refund(self, payment: str, money: Money, key: str) -> str:
        """Give back; returns the refund's reference. `key` names this refund for good."""

    def list_money(self, since: datetime) -> Iterator[Movement]:
        """Every movement made at `since` or later, any order."""

    def verify_webhook(self, body: bytes, header: str, now: float) -> Hint:
        """The hint in a webhook; ValueError where it is not the service's, not ours, or not of now."""


class Account(Protocol):
    """A service that holds money for a while."""

    def balance(self) -> dict[str, int]:
        """Available and pending together, in minor units by currency."""

    def hints(self, since: datetime) -> Iterator[Hint]:
        """What happened at `since` or later, any order: for hints that got lost on their way."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan as the service has it. `next_on` is when it charges next; `active` is false before its first payment and
    once it ended; `overdue` is true while a failed payment is tried again. `key` is the order's that made it."""

    ref: str
    active: bool
    paused: bool
    frequency: Frequency
    money: Money
    next_on: datetime | None
    preview: Preview | None = None
    expires: tuple[int, int] | None = None  # of the card: year, month
    overdue: bool = False
    key: str = ""


class Plans(Protocol):
    """What a service that can charge again is asked besides. `key` names each wish for good, as an order's does."""

    def terms(self, plan: str) -> PlanTerms:
        """The plan as it is now."""

    def change_amount(self, plan: str, money: Money, key: str) -> None:
        """Charge `money` from the next payment on, nothing now. The currency of a plan can't change: Rejected."""

    def move_next(self, plan: str, next_on: datetime, key: str) -> None:
        """Charge next at `next_on`, and at the same interval from then; nothing now."""

    def pause(self, plan: str, until: datetime | None) -> None:
        """Charge nothing until then; None goes on."""

    def replace_means(self, plan: str, token: str, key: str) -> Payment:
        """Ask the bank whether `token` may pay from now on, without a charge: ACTION where it asks its customer, HELD
        once it agreed. The plan is as it was until `use_means`."""

    def use_means(self, plan: str, ref: str, key: str) -> None:
        """Pay with what `replace_means` (its `ref`) was HELD for, once its country was found right."""

    def using(self, means: str) -> Iterator[PlanTerms]:
        """The plans that a means of payment, named by a hint, pays for: a card may be re-issued in another country."""

    def plan_of(self, invoice: str) -> str:
        """The plan of an invoice that a hint named, while it may still be a draft: its card can be looked at, and the
        plan ended, before the bank is asked. Empty where it is of no plan."""

    def active_plans(self) -> Iterator[PlanTerms]:
        """Every plan that may charge again: active, overdue and paused ones."""
