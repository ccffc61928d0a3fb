"""The address of a pay page: what a reader chose, in a mark of this desk's own. Names nobody, and needs no memory."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass

from hectograph.desk.own_marks import OwnMarks
from hectograph.money import Money
from hectograph.payments.forms import APPEAL, Ask, Frequency

LASTS = 2 * 3600  # seconds
_LABEL = "pay"


@dataclass(frozen=True, slots=True)
class Ticket:
    """`intent` (hexadecimal) stays the same however often the page is opened and its button pressed: one payment at the
    most comes of it. `until` is in seconds since 1970."""

    intent: str
    frequency: str
    minor: int
    currency: str
    language: str
    appeal: str
    until: int

    @property
    def ask(self) -> Ask:
        return Ask(Frequency(self.frequency), Money(self.minor, self.currency))


def issue(marks: OwnMarks, ask: Ask, language: str, appeal: str, now: float) -> str:
    """The text of a new ticket."""
    slug = appeal if APPEAL.fullmatch(appeal) else ""
    money, until = ask.money, int(now) + LASTS
    ticket = Ticket(secrets.token_hex(16), ask.frequency.value, money.minor, money.currency, language, slug, until)
    return marks.sign(_LABEL, json.dumps(list(asdict(ticket).values()), separators=(",", ":")))


def read(marks: OwnMarks, text: str) -> Ticket | None:
    """The ticket, however old; None where this desk did not issue it."""
    said = marks.check(_LABEL, text)
    return Ticket(*json.loads(said)) if said else None
