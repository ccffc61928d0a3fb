"""Bank transfers behind the port. The payer's bank does all the asking: what is left to us is to say how to pay, and to
count what came.

It stores nothing: a statement's lines are given to it, and become movements that the ledger keeps by their hash.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import NoReturn

from hectograph.money import Money
from hectograph.payments.hooks import Hint, HookRefused
from hectograph.payments.port import Can, Kind, Movement, Order, Payment, PaymentState, Preview, Rejected, Started
from hectograph.payments.processors.transfer import reference
from hectograph.payments.processors.transfer.account import Account, words
from hectograph.payments.processors.transfer.lines import Line

NUMBERED = "numbered transfer"  # of a line with the bank's own number, in the ledger


class Transfer:
    """`port.Processor`, with what has been read of the account's statements."""

    name = "transfer"
    can: frozenset[Can] = frozenset()

    def __init__(self, account: Account, lines: Sequence[Line] = ()) -> None:
        self.account, self._lines = account, [line for line in lines if line.reference]

    def start(self, order: Order) -> Started:
        if order.money.currency not in self.account.currencies or order.money.minor <= 0:
            raise Rejected("The newsroom's account takes no such transfer.", "Another currency may do.")
        quoted = reference.make(order.key)
        return Started(quoted, words=words(self.account, quoted, order.money))

    def get(self, ref: str) -> Payment:
        """Money that came under the reference, all of it together; OPEN while none did."""
        if reference.find(ref) != ref or not ref:
            raise Rejected("This is no reference of a transfer.")
        came = [line.money for line in self._lines if line.reference == ref]
        code = came[0].currency if came else "XXX"
        received = Money(sum(money.minor for money in came if money.currency == code), code)
        state = PaymentState.PAID if received.minor > 0 else PaymentState.OPEN
        return Payment(ref, state, money=received, received=received)

    def list_money(self, since: datetime) -> Iterator[Movement]:
        """What came (and what was sent back) under our references. Other bookings of the account are not ours."""
        for line in self._lines:
            created = datetime.combine(line.on, time(), UTC)
            if created.date() >= since.date():
                yield _movement(line, created)

    def preview(self, token: str) -> Preview:
        self._cannot()

    def confirm(self, started: Started, token: str) -> Payment:
        self._cannot()

    def capture(self, ref: str) -> Payment:
        self._cannot()

    def cancel(self, started: Started) -> Payment:
        self._cannot()

    def cancel_plan(self, plan: str) -> None:
        self._cannot()

    def refund(self, payment: str, money: Money, key: str) -> str:
        self._cannot()

    def verify_webhook(self, body: bytes, header: str, now: float) -> Hint:
        raise HookRefused

    def _cannot(self) -> NoReturn:
        raise Rejected("Only a bank can do this.", "Payers do it at theirs, and the newsroom at its own.")


def _movement(line: Line, created: datetime) -> Movement:
    minor = line.money.minor
    return Movement(
        id=line.hash,
        kind=Kind.CHARGE if minor > 0 else Kind.REFUND,
        amount=minor,
        fee=0,
        net=minor,
        currency=line.money.currency,
        created=created,
        source=line.hash,
        payment=line.reference,
        own_kind=NUMBERED if line.is_numbered else "transfer",
    )
