"""Small mails leave: claimed, handed to the relay, settled. A row says what became of it.

A mail is marked as being sent, and that is committed, before the relay sees it. What a killed process leaves in that
state may or may not have gone: it is shown as uncertain and not sent again. (Who misses a confirmation asks again.)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from hectograph.errors import Problem
from hectograph.post import verp
from hectograph.post.message import MessageProblem, Sender, compose
from hectograph.post.relay import Door, Fate, Handing, Relay, RelayProblem, connect
from hectograph.readers import contact_mail, small_mail
from hectograph.readers.contact_row import Contact
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.small_mail import House
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.tallies import count
from hectograph.readers.vault import Vault

_BATCH = 50
_RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
MOST_TRIES = len(_RETRIES)  # a mail that was put off so often is given up
_State = Outgoing.State


class Outbox:
    """Sends through `relay`, or by another door, from `address`. `house` gives what mails say in a language. What can't
    be delivered comes back to `bounce_domain`, by a name that tells whose it was; without one, to `address`."""

    def __init__(
        self, vault: Vault, relay: Relay | Door, address: str, house: Callable[[str], House], *, bounce_domain: str = ""
    ) -> None:
        self.vault, self.address, self.house = vault, address, house
        self.door: Door = (lambda: connect(relay)) if isinstance(relay, Relay) else relay
        self.bounce_domain = bounce_domain

    def recover(self, now: datetime) -> int:
        """At the start: what the last process left in hand is uncertain."""
        left = Outgoing.objects.filter(state=_State.SENDING).update(state=_State.UNCERTAIN)
        if left:
            count("mail uncertain", now, left)
        return left

    def send_due(self, now: datetime) -> int:
        """Send what is due; returns how many mails were handed over. A RelayProblem leaves everything waiting."""
        due = Outgoing.objects.filter(state=_State.READY, not_before__lte=now).order_by("pk")
        rows = list(due.values_list("pk", flat=True)[:_BATCH])
        if not rows:
            return 0
        with self.door() as connection:
            return sum(self._send(connection, pk, now) for pk in rows)

    def _send(self, connection: Handing, pk: int, now: datetime) -> bool:
        row = _claim(pk)
        if row is None:
            return False
        try:
            house = self.house(_to(row).language)
            mail = (contact_mail.compose if row.contact else small_mail.write)(self.vault, row, house)
            message = compose(mail, Sender(house.name, self.address), self.vault.blind, now)
        except (MessageProblem, ValueError):
            _settle(row, Fate.REJECTED, now)
            return False
        except Problem:
            _settle(row, Fate.LATER, now)
            raise
        try:
            fate = connection.hand(self._return_path(row), mail.to, message)
        except RelayProblem:
            _back(row)  # nothing went, and no other mail would fare better: all wait, this one costs no try
            raise
        _settle(row, fate, now)
        return True

    def _return_path(self, row: Outgoing) -> str:
        if not self.bounce_domain:
            return self.address
        return verp.return_path(verp.key(self.vault.blind), 0, _to(row).number, self.bounce_domain)


def _to(row: Outgoing) -> Subscriber | Contact:
    """Whom the mail is for."""
    return row.contact or row.subscriber  # type: ignore[return-value] # the database holds that it is one of them


@transaction.atomic
def _claim(pk: int) -> Outgoing | None:
    """Take the row in hand, unless its reader has left meanwhile."""
    changed = Outgoing.objects.filter(pk=pk, state=_State.READY).update(state=_State.SENDING)
    row = Outgoing.objects.select_related("subscriber", "contact").get(pk=pk) if changed else None
    if row and row.subscriber and _has_left(row.subscriber, row.kind):
        row.delete()
        return None
    return row


def _has_left(reader: Subscriber, kind: str) -> bool:
    if reader.state in (Subscriber.State.ERASED, Subscriber.State.UNSUBSCRIBED):
        return True
    return bool(reader.disabled_at) and kind != Outgoing.Kind.CONFIRM


def _back(row: Outgoing) -> None:
    Outgoing.objects.filter(pk=row.pk, state=_State.SENDING).update(state=_State.READY)


def _settle(row: Outgoing, fate: Fate, now: datetime) -> None:
    if fate is Fate.LATER and row.tries < len(_RETRIES):
        row.state, row.not_before = _State.READY, now + _RETRIES[row.tries]
        row.tries += 1
    else:
        row.state = _State.REJECTED if fate is Fate.LATER else _State(fate.value)
        row.words, row.links = {}, {}  # said, or never to be: nothing of it is kept
        count(f"mail {row.state}", now)
    row.save(update_fields=["state", "not_before", "tries", "words", "links"])
