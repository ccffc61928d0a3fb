"""Stripe's subscriptions behind the port: what a manage page and a designation day ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from stripe.params import SubscriptionUpdateParams

from hectograph.money import Money
from hectograph.payments.port import Payment, PaymentState, PlanTerms, Rejected
from hectograph.payments.processors.stripe import parameters, reading
from hectograph.payments.processors.stripe.door import Door, Row

_EXPAND = ["default_payment_method"]


class StripePlans:
    """`port.Plans`. Only subscriptions that carry our intent's number are plans: an account may have others."""

    def __init__(self, door: Door, methods: Sequence[str] = parameters.METHODS) -> None:
        self._door, self._methods = door, methods

    def terms(self, plan: str) -> PlanTerms:
        return reading.terms(self._read(plan))

    def change_amount(self, plan: str, money: Money, key: str) -> None:
        row = self._read(plan)
        now = reading.terms(row)
        if now.money.currency != money.currency:
            raise Rejected("A plan can't change its currency.", "End this one and begin another.")
        item = row["items"]["data"][0]["id"]
        self._change(plan, parameters.amount(item, now.frequency, money), f"m:{key}:amount")

    def move_next(self, plan: str, next_on: datetime, key: str) -> None:
        self._change(plan, parameters.next_on(next_on), f"m:{key}:next")

    def pause(self, plan: str, until: datetime | None) -> None:
        self._change(plan, parameters.pause(until))

    def replace_means(self, plan: str, token: str, key: str) -> Payment:
        row = self._read(plan)
        currency = reading.terms(row).money.currency
        wanted = parameters.replace(reading.ref(row["customer"]), token, self._methods, currency)
        return reading.change_of_means(self._door.write("setup_intents", wanted, f"m:{key}:means"))

    def use_means(self, plan: str, ref: str, key: str) -> None:
        setup = self._door.read(f"setup_intents/{ref}", expand=["payment_method"])
        if reading.change_of_means(setup).state is not PaymentState.HELD:
            raise Rejected("The bank has not agreed to this means of payment.")
        row = self._read(plan)
        if reading.ref(setup["customer"]) != reading.ref(row["customer"]):
            raise Rejected("This means of payment was given for another plan.")
        method, currency = reading.ref(setup["payment_method"]), reading.terms(row).money.currency
        self._change(plan, parameters.means(method, self._methods, currency), f"m:{key}:use")

    def using(self, means: str) -> Iterator[PlanTerms]:
        customer = reading.ref(self._door.read(f"payment_methods/{means}").get("customer"))
        if customer:
            yield from self._plans(customer=customer)

    def plan_of(self, invoice: str) -> str:
        return reading.plan_of(self._door.read(f"invoices/{invoice}"))

    def active_plans(self) -> Iterator[PlanTerms]:
        yield from self._plans()

    def _plans(self, **narrowed: str) -> Iterator[PlanTerms]:
        for row in self._door.rows("subscriptions", expand=[f"data.{name}" for name in _EXPAND], **narrowed):
            if (row.get("metadata") or {}).get(parameters.INTENT):
                plan = reading.terms(row)
                if plan.active:
                    yield plan

    def _read(self, plan: str) -> Row:
        return self._door.read(f"subscriptions/{plan}", expand=_EXPAND)

    def _change(self, plan: str, wanted: SubscriptionUpdateParams, key: str = "") -> None:
        self._door.write(f"subscriptions/{plan}", wanted, key)
