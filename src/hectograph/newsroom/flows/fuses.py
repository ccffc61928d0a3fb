"""Fuses: a way of paying that is being abused closes by itself for a while, and a person is told. Others stay open.

Counted is what happens, never who does it: no address and no card is remembered. A country that may not give is no
abuse: readers there try, and no bank hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from hectograph.errors import Problem
from hectograph.newsroom.flows.till import ASKED, BAD, CARD, READ
from hectograph.support import fuse, fuse_count, operator_action
from hectograph.support.contribution import Contribution, State
from hectograph.support.operator_action import OperatorAction

READ_AT_LEAST, BAD_SHARE = 30, 0.6  # of the last five minutes
PRESSES_A_MINUTE = 900  # more than a desk lets through at its ease, and than a letter ever brought
_MINUTE, _SPAN, _REST = timedelta(minutes=1), fuse_count.KEPT, timedelta(minutes=15)
DISPUTES, _DISPUTED_SHARE, _DISPUTE_SPAN = 5, 0.005, timedelta(days=60)
_DISPUTE_REST = timedelta(days=1)
_BLOWN = "fuse"


class Meter:
    """Hears of every token, and of what came of it. All cashiers count together, in the database."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def seen(self, method: str, what: str) -> None:
        """`what` is one of `till.ASKED`, `READ` and `BAD`."""
        now = self._now()
        fuse_count.hear(method, what, now)
        if why := _why(method, now):
            fuse.blow(method, why, now, _REST)
            fuse.alarm(why, f"{method} {now:%Y-%m-%d %H}h", now)

    def is_open(self, method: str) -> bool:
        return not fuse.is_closed(method, self._now())


def _why(method: str, now: datetime) -> str:
    """Why the way must close; empty where it need not. What was heard before it closed last counts no more, whether it
    opened by its time or by a person."""
    closed = fuse.last_closed(method)

    def heard(what: str, span: timedelta) -> int:
        return fuse_count.heard(method, what, max(now - span, closed) if closed else now - span)

    if heard(ASKED, _MINUTE) > PRESSES_A_MINUTE:
        return "too many presses of the pay button"
    read = heard(READ, _SPAN)
    if read >= READ_AT_LEAST and heard(BAD, _SPAN) >= BAD_SHARE * read:
        return "too many cards are declined"
    return ""


def watch_disputes(now: datetime) -> bool:
    """Close cards for a day where half a percent of what came of late is disputed: once for each new dispute, so that
    who opened them again is not overruled by the same ones. Says whether it did."""
    lately = Contribution.objects.filter(day__gte=(now - _DISPUTE_SPAN).date(), state__gte=State.PAID)
    disputed, ever = lately.filter(disputed=True).count(), Contribution.objects.filter(disputed=True).count()
    if disputed < DISPUTES or disputed < _DISPUTED_SHARE * lately.count() or ever <= _blown_for():
        return False
    operator_action.note(_BLOWN, _BLOWN, now, about=CARD, words=str(ever))
    fuse.blow(CARD, "too many disputes", now, _DISPUTE_REST)
    fuse.alarm("too many disputes", f"{now:%Y-%m-%d}", now)
    return True


def open_again(method: str, by: str, why: str, now: datetime) -> None:
    """A person opens what a fuse closed, and says why; a Problem where it is not closed."""
    with transaction.atomic():
        if not fuse.open_again(method, now):
            raise Problem(f"No fuse has closed {method}.", "`hecto doctor` says what is closed, and why.")
        operator_action.note("open again", by, now, about=method, words=why)


def _blown_for() -> int:
    """How many disputes there were ever, when cards were closed for them last."""
    last = OperatorAction.objects.filter(act=_BLOWN, about=CARD).order_by("pk").last()
    return int(last.note) if last else 0
