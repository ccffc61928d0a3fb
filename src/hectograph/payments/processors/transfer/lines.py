"""What is kept of a statement's line, whatever the statement's form: five values, and no name, text or account."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from hectograph.errors import Problem
from hectograph.money import Money

LARGEST = 20_000_000  # bytes of a statement
MOST = 200_000  # lines


class StatementRefused(Problem):
    """A file that is no statement, or not whole: `why`, a sentence of ours. Nothing of it is kept, nothing of it stands
    in this error."""

    def __init__(
        self, why: str, remedy: str = "Export it anew from the bank, and don't open it in another program before."
    ) -> None:
        super().__init__(f"This statement can't be read. {why} Nothing of it was kept.", remedy)
        self.why = why


@dataclass(frozen=True, slots=True)
class Line:
    """One booking. `reference` is one of ours, or empty. `money` is signed as the account feels it. `hash` is the same
    for the same booking in every statement of its form that lists it: `is_numbered` says that it holds the bank's own
    number of it, which statements for spreadsheets don't name."""

    reference: str
    money: Money
    on: date
    hash: str
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A booking as read, before it is numbered. `bank` is the bank's own number of it, where it gives one."""

    reference: str
    money: Money
    on: date
    bank: str = ""


def numbered(found: Iterable[Found]) -> Iterator[Line]:
    """The lines with their hashes. Bookings that are alike in all that is kept are told apart by counting them, within
    their day: two gifts of ten euros are two, and each is itself again in next month's statement. StatementRefused for
    more lines than MOST."""
    alike: Counter[tuple[str, ...]] = Counter()
    for place, one in enumerate(found):
        if place >= MOST:
            raise StatementRefused("It has too many lines.", "Export it in parts, a month at a time.")
        kept = (one.on.isoformat(), str(one.money.minor), one.money.currency, one.reference, one.bank)
        alike[kept] += 1
        text = "\n".join((*kept, str(alike[kept])))
        yield Line(one.reference, one.money, one.on, hashlib.sha256(text.encode()).hexdigest(), bool(one.bank))


def bounded(statement: bytes) -> bytes:
    """`statement`, where it is not larger than LARGEST."""
    if len(statement) > LARGEST:
        raise StatementRefused("It is too large.", "Export it in parts, a month at a time.")
    return statement
