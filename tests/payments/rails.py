"""One driver a rail: how to make a giver pay over it, so that the same promises are held against each."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from hectograph.payments.port import Order, Processor
from hectograph.payments.processors.stripe.service import Stripe
from hectograph.payments.processors.transfer import csv_statement, reference
from hectograph.payments.processors.transfer.account import Account
from hectograph.payments.processors.transfer.lines import Line
from hectograph.payments.processors.transfer.service import Transfer
from tests.payments.conftest import Ours
from tests.peers.stripe.stand_in import StripeStandIn

DAY = date(2026, 11, 24)


class Rail(Protocol):
    """`pay` makes an order and pays it whole; its reference. Afterwards `processor` knows of it."""

    processor: Processor

    def pay(self, order: Order) -> str: ...


class StripeRail:
    def __init__(self, peer: StripeStandIn) -> None:
        door = Ours(peer).door("tester")  # may do everything: the rights of each key are tested elsewhere
        self.peer = peer
        self.processor: Processor = Stripe(door)

    def pay(self, order: Order) -> str:
        started = self.processor.start(order)
        return self.processor.capture(self.processor.confirm(started, self.peer.token(country="DE")).ref).ref


class TransferRail:
    def __init__(self) -> None:
        self.account = Account("Courier", "DE89370400440532013000")
        self.rows: list[str] = []
        self.processor: Processor = Transfer(self.account)

    def pay(self, order: Order) -> str:
        ref = self.processor.start(order).payment
        self.rows.append(f"{DAY};{order.money.plain()};{order.money.currency};{reference.shown(ref)} from Anna Canary")
        self.processor = Transfer(self.account, self._statement())
        return ref

    def _statement(self) -> Sequence[Line]:
        return csv_statement.read("\n".join(["Date;Amount;Currency;Message", *self.rows]).encode())
