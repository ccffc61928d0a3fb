"""Writing to many readers: their sealed addresses opened, their links signed. The one door by which addresses leave
this room for a letter. Imports no rows: it runs in a process of its own beside the sender's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

from hectograph.post import verp
from hectograph.post.message import is_plain
from hectograph.post.splice import Values
from hectograph.readers.vault import Vault
from hectograph.sealing.capability import Capability, Purpose
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.unseal import KeyMissing

LEAVE_WITHIN = timedelta(days=400)  # more than the year that RFC 8058's users expect


class Sealed(NamedTuple):
    """A reader as rows hold them: `number` in hexadecimal."""

    number: str
    language: str
    sealed: bytes


@dataclass(frozen=True)
class Letterhead:
    """What all copies of an edition share. `own` is of `verp.key`; `domain` is that of Message-IDs and leave addresses,
    `bounces` that of return paths. The leave link is about `newsletter` alone."""

    own: bytes
    edition: int
    domain: str
    bounces: str
    newsletter: str


class Addressed(NamedTuple):
    """One reader's own, opened: the return path and the values of the letter's slots."""

    sender: str
    values: Values


def own_key(vault: Vault) -> bytes:
    """The key of return paths and Message-IDs."""
    return verp.key(vault.blind)


def address_all(vault: Vault, head: Letterhead, readers: Sequence[Sealed], now: datetime) -> list[Addressed | None]:
    """Each reader's values; None for one who can't be written to. A KeyMissing where the key of an envelope is not
    here: that is no reader's fault, and nothing is sent."""
    date = format_datetime(now)
    return [_one(vault, head, reader, now, date) for reader in readers]


def _one(vault: Vault, head: Letterhead, reader: Sealed, now: datetime, date: str) -> Addressed | None:
    try:
        to = vault.open(reader.sealed).decode()
    except KeyMissing:
        raise
    except (EnvelopeProblem, UnicodeDecodeError):
        return None
    if not is_plain(to):
        return None
    values = Values(
        to=to,
        date=date,
        message_id=verp.message_id(head.own, head.edition, reader.number, head.domain),
        leave=_leave(vault, reader, now, head.newsletter),
        leave_mail=verp.leave_address(head.own, reader.number, head.domain),
    )
    return Addressed(verp.return_path(head.own, head.edition, reader.number, head.bounces), values)


def _leave(vault: Vault, reader: Sealed, now: datetime, newsletter: str) -> str:
    words = (reader.language, newsletter)
    return vault.link(Capability(Purpose.LEAVE, bytes.fromhex(reader.number), now + LEAVE_WITHIN, words))
