"""A payment service in memory, faithful in what the gate leans on: same key, same payment; a bank asked twice by one
token charges once; a payment that was let go of can't be confirmed. It writes down every call, and fails as told."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.hooks import Hint
from hectograph.payments.port import (
    Can,
    Declined,
    Movement,
    Order,
    Payment,
    PaymentState,
    PlanTerms,
    Preview,
    Rejected,
    Started,
)

P = PaymentState


@dataclass
class Made:
    order: Order
    state: PaymentState = P.OPEN
    preview: Preview | None = None
    plan: str = ""
    reason: str = ""
    asked_at: datetime | None = None


class Bank:
    """Tokens read `tok_COUNTRY[_WHAT][_n]`: WHAT is `declined`, `challenge`, `debit`, `turned` (another country once
    confirmed), or nothing. A country of two letters, or `xx` for none."""

    name = "stripe"
    can = frozenset((Can.CHARGE, Can.REFUND, Can.PLANS, Can.WEBHOOKS))

    def __init__(self) -> None:
        self.payments: dict[str, Made] = {}
        self.keys: dict[str, Started] = {}
        self.confirmed: dict[tuple[str, str], PaymentState] = {}
        self.plans: dict[str, PlanTerms] = {}
        self.calls: list[str] = []
        self.charges = Counter[str]()  # by intent
        self.before: Callable[[str], None] = lambda call: None
        self.after: Callable[[str], None] = lambda call: None
        self.setups: dict[str, tuple[str, str]] = {}

    def _call(self, name: str) -> None:
        self.calls.append(name)
        self.before(name)

    # --- Processor

    def preview(self, token: str) -> Preview:
        self._call("preview")
        self.after("preview")
        return self._preview(token)

    def _preview(self, token: str, *, final: bool = False) -> Preview:
        parts = token.split("_")
        if parts[0] != "tok":
            raise Rejected("No such token.")
        country = "" if parts[1] == "xx" else parts[1]
        if final and "turned" in parts:
            country = "RU"
        return Preview("sepa_debit" if "debit" in parts else "card", country)

    def start(self, order: Order) -> Started:
        self._call("start")
        if order.key not in self.keys:
            number = len(self.keys) + 1
            plan = f"sub_{number}" if order.frequency is not Frequency.ONCE else ""
            self.keys[order.key] = Started(f"pi_{number}", plan, plan and f"cus_{number}")
            self.payments[f"pi_{number}"] = Made(order, plan=plan)
        self.after("start")
        return self.keys[order.key]

    def confirm(self, started: Started, token: str) -> Payment:
        self._call("confirm")
        made, once = self.payments[started.payment], (started.payment, token)
        if once not in self.confirmed:
            if made.state not in (P.OPEN, P.FAILED):
                raise Rejected("It is further than that.")
            self._confirm(made, token)
            self.confirmed[once] = made.state
        self.after("confirm")
        if self.confirmed[once] is P.FAILED:
            raise Declined("funds")
        return self._payment(started.payment)

    def _confirm(self, made: Made, token: str) -> None:
        words = token.split("_")
        made.preview = self._preview(token, final=True)
        if "declined" in words:
            made.state, made.reason = P.FAILED, "funds"
        elif "challenge" in words:
            made.state = P.ACTION
        elif "debit" in words:
            made.state = P.PROCESSING
        else:
            self._agree(made)

    def _agree(self, made: Made) -> None:
        made.state = P.PAID if made.plan else P.HELD
        if made.plan:
            self._charged(made)

    def _charged(self, made: Made) -> None:
        self.charges[made.order.key[:36]] += 1
        if made.plan:
            days = 31 if made.order.frequency is Frequency.MONTHLY else 365
            next_on = datetime.now(UTC) + timedelta(days=days)
            self.plans[made.plan] = PlanTerms(
                made.plan, True, False, made.order.frequency, made.order.money, next_on, made.preview, (2029, 3)
            )

    def answer_challenge(self, ref: str, *, passed: bool = True) -> None:
        """What the payer does in the bank's window."""
        made = self.payments[ref]
        if passed and made.state is P.ACTION:
            self._agree(made)
        elif made.state is P.ACTION:
            made.state, made.reason = P.FAILED, "challenge"

    def capture(self, ref: str) -> Payment:
        self._call("capture")
        made = self.payments[ref]
        if made.state is P.HELD:
            made.state = P.PAID
            self._charged(made)
        self.after("capture")
        return self._payment(ref)

    def cancel(self, started: Started) -> Payment:
        self._call("cancel")
        made = self.payments[started.payment]
        if made.state is not P.PAID:
            made.state = P.CANCELLED
        self.after("cancel")
        return self._payment(started.payment)

    def get(self, ref: str) -> Payment:
        self._call("get")
        if ref in self.setups:
            return self._setup(ref)
        self.after("get")
        return self._payment(ref)

    def _payment(self, ref: str) -> Payment:
        made = self.payments[ref]
        received = made.order.money.minor if made.state is P.PAID else 0
        return Payment(
            ref=ref,
            state=made.state,
            money=made.order.money,
            received=Money(received, made.order.money.currency),
            secret=f"{ref}_secret" if made.state is P.ACTION else "",
            reason=made.reason if made.state is P.FAILED else "",
            preview=made.preview,
            plan=made.plan,
            key=made.order.key,
            asked_at=made.asked_at,
        )

    def cancel_plan(self, plan: str) -> None:
        self._call("cancel_plan")
        if plan in self.plans:
            self.plans[plan] = replace(self.plans[plan], active=False)
        self.after("cancel_plan")

    def refund(self, payment: str, money: Money, key: str) -> str:
        self._call("refund")
        return f"re_{payment}"

    def list_money(self, since: datetime) -> Iterator[Movement]:
        yield from ()

    def hints(self, since: datetime) -> Iterator[Hint]:
        yield from ()

    def balance(self) -> dict[str, int]:
        return {}

    def verify_webhook(self, body: bytes, header: str, now: float) -> Hint:
        raise ValueError

    # --- Plans

    def terms(self, plan: str) -> PlanTerms:
        self._call("terms")
        if plan not in self.plans:
            raise Rejected("No such plan.")
        return self.plans[plan]

    def change_amount(self, plan: str, money: Money, key: str) -> None:
        self._call("change_amount")
        self.plans[plan] = replace(self.plans[plan], money=money)

    def move_next(self, plan: str, next_on: datetime, key: str) -> None:
        self._call("move_next")
        self.plans[plan] = replace(self.plans[plan], next_on=next_on)

    def pause(self, plan: str, until: datetime | None) -> None:
        self._call("pause")
        self.plans[plan] = replace(self.plans[plan], paused=until is not None)

    def replace_means(self, plan: str, token: str, key: str) -> Payment:
        self._call("replace_means")
        ref = f"seti_{key}"
        self.setups.setdefault(ref, (token, "challenge" if "challenge" in token else "held"))
        return self._setup(ref)

    def _setup(self, ref: str) -> Payment:
        token, how = self.setups[ref]
        nothing = Money(0, "USD")
        state = P.ACTION if how == "challenge" else P.HELD
        secret = f"{ref}_secret" if state is P.ACTION else ""
        return Payment(ref, state, nothing, nothing, secret, preview=self._preview(token, final=True))

    def answer_setup(self, ref: str) -> None:
        self.setups[ref] = (self.setups[ref][0], "held")

    def use_means(self, plan: str, ref: str, key: str) -> None:
        self._call("use_means")
        self.plans[plan] = replace(self.plans[plan], preview=self._setup(ref).preview, overdue=False)

    def using(self, means: str) -> Iterator[PlanTerms]:
        yield from (terms for terms in self.plans.values() if terms.active)

    def plan_of(self, invoice: str) -> str:
        self._call("plan_of")
        return invoice.replace("in_", "sub_")

    def active_plans(self) -> Iterator[PlanTerms]:
        self._call("active_plans")
        yield from [terms for terms in self.plans.values() if terms.active]
