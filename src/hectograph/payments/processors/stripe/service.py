"""Stripe behind the port: payments by card and debit, refunds, the balance and what moved it."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from hectograph.money import Money
from hectograph.payments import hooks
from hectograph.payments.forms import Frequency
from hectograph.payments.hooks import Endpoint, Hint, HookRefused
from hectograph.payments.port import Can, Movement, Order, Payment, Preview, Rejected, Started
from hectograph.payments.processors.stripe import movements, parameters, reading
from hectograph.payments.processors.stripe.amounts import floor
from hectograph.payments.processors.stripe.door import Door, Row
from hectograph.payments.processors.stripe.failures import WrongState

_EXPAND = ["payment_method"]
_OF_A_PAYMENT = {
    "ch": "charges",
    "py": "charges",
    "re": "refunds",
    "pyr": "refunds",
    "dp": "disputes",
    "du": "disputes",
    "issfr": "radar/early_fraud_warnings",
}


class Stripe:
    """`port.Processor` and `port.Account`. `endpoint` is what its webhooks must match; None where none are taken."""

    name = "stripe"
    can = frozenset((Can.CHARGE, Can.REFUND, Can.PLANS, Can.WEBHOOKS))

    def __init__(
        self, door: Door, endpoint: Endpoint | None = None, methods: Sequence[str] = parameters.METHODS
    ) -> None:
        self._door, self._endpoint, self._methods = door, endpoint, methods

    def prepare(self) -> None:
        """Make the product that plans are of, where it is not there yet."""
        try:
            self._door.read(f"products/{parameters.PRODUCT}")
        except Rejected:
            self._door.write("products", parameters.product(), "product:1")

    def preview(self, token: str) -> Preview:
        return reading.preview(self._door.read(f"confirmation_tokens/{token}").get("payment_method_preview") or {})

    def start(self, order: Order) -> Started:
        if order.frequency is not Frequency.ONCE:
            return self._start_plan(order)
        made = self._door.write("payment_intents", parameters.once(order, self._methods), f"i:{order.key}:pi:1")
        return Started(made["id"])

    def _start_plan(self, order: Order) -> Started:
        """Asked anew after a break, each step answers as it did the first time: its key is the same."""
        customer = self._door.write("customers", parameters.customer(order), f"i:{order.key}:cus:1")["id"]
        wanted = parameters.plan(order, customer, self._methods)
        plan = self._door.write("subscriptions", wanted, f"i:{order.key}:sub:1")
        secret = plan["latest_invoice"]["confirmation_secret"]["client_secret"]
        return Started(secret.partition("_secret_")[0], plan["id"], customer)

    def confirm(self, started: Started, token: str) -> Payment:
        key = f"{started.payment}:confirm:{hashlib.sha256(token.encode()).hexdigest()[:16]}"
        return self._act(started, "confirm", parameters.confirm(token), key)

    def capture(self, ref: str) -> Payment:
        return self._act(Started(ref), "capture", parameters.capture())

    def cancel(self, started: Started) -> Payment:
        if started.plan:
            self.cancel_plan(started.plan)  # and with it its open invoice and that one's payment
            return self.get(started.payment)
        return self._act(started, "cancel", parameters.cancel())

    def _act(self, started: Started, verb: str, params: Any, key: str = "") -> Payment:
        """What the payment is after `verb`; where it was beyond it already, what it is."""
        try:
            done = self._door.write(f"payment_intents/{started.payment}/{verb}", params, key)
        except WrongState:
            done = self._intent(started.payment)
        return reading.payment(done, started.plan)

    def get(self, ref: str) -> Payment:
        kind = ref.partition("_")[0]
        if kind == "seti":
            return reading.change_of_means(self._door.read(f"setup_intents/{ref}", expand=_EXPAND))
        if kind == "in":
            return self._of_invoice(ref)
        if kind in _OF_A_PAYMENT:
            ref = reading.ref(self._door.read(f"{_OF_A_PAYMENT[kind]}/{ref}").get("payment_intent"))
        if not ref.startswith("pi_"):
            raise Rejected("This belongs to no payment.")
        intent = self._intent(ref)
        return reading.renewal(intent, self._invoice_of(intent))

    def _intent(self, ref: str) -> Row:
        return self._door.read(f"payment_intents/{ref}", expand=_EXPAND)

    def _of_invoice(self, ref: str) -> Payment:
        invoice = self._door.read(f"invoices/{ref}", expand=["payments"])
        payments = sorted(invoice["payments"]["data"], key=lambda row: not row.get("is_default"))
        paid_by = next((ref for row in payments if (ref := reading.ref(row["payment"].get("payment_intent")))), "")
        if not paid_by:
            raise Rejected("This invoice has no payment yet.")
        return reading.renewal(self._intent(paid_by), invoice)

    def _invoice_of(self, intent: Row) -> Row:
        """The invoice that it pays; empty for none. Only a plan's payments hang on a customer."""
        if not intent.get("customer"):
            return {}
        wanted = {"type": "payment_intent", "payment_intent": intent["id"]}
        for row in self._door.rows("invoice_payments", payment=wanted, expand=["data.invoice"]):
            return dict(row["invoice"])
        return {}

    def cancel_plan(self, plan: str) -> None:
        try:
            self._door.end(f"subscriptions/{plan}")
        except Rejected:
            if self._door.read(f"subscriptions/{plan}")["status"] not in ("canceled", "incomplete_expired"):
                raise

    def refund(self, payment: str, money: Money, key: str) -> str:
        paid = self._intent(payment)
        if paid["currency"].upper() != money.currency:
            raise Rejected("It was paid in another currency.", "Give back in the currency that was paid.")
        return str(self._door.write("refunds", parameters.refund(payment, money), f"r:{key}")["id"])

    def list_money(self, since: datetime) -> Iterator[Movement]:
        from_then = {"gte": int(since.timestamp())}
        for row in self._door.rows("balance_transactions", created=from_then, expand=movements.EXPANDED):
            yield movements.movement(row)

    def balance(self) -> dict[str, int]:
        held: dict[str, int] = {}
        answer = self._door.read("balance")
        for row in [*answer["available"], *answer["pending"]]:
            money, _ = floor(row["amount"], row["currency"])
            held[money.currency] = held.get(money.currency, 0) + money.minor
        return held

    def hints(self, since: datetime) -> Iterator[Hint]:
        for row in self._door.rows("events", created={"gte": int(since.timestamp())}):
            with contextlib.suppress(HookRefused):  # one that is not as it should be stops none behind it
                yield hooks.hint(row)

    def verify_webhook(self, body: bytes, header: str, now: float) -> Hint:
        if self._endpoint is None:
            raise HookRefused
        return hooks.verify(self._endpoint, body, header, now)
