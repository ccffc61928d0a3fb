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
from hectograph.sealing.capability import Purpose, issuer
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
    date, until = format_datetime(now), now + LEAVE_WITHIN
    names = verp.names(head.own, head.edition, head.domain, head.bounces)
    languages = {reader.language for reader in readers}
    leave = {word: issuer(vault.links, Purpose.LEAVE, until, (word, head.newsletter)) for word in languages}

    def one(reader: Sealed) -> Addressed | None:
        to = _address(vault, reader.sealed)
        if to is None:
            return None
        own = names(reader.number)
        link = leave[reader.language](bytes.fromhex(reader.number))
        return Addressed(own.return_path, Values(to, date, own.message_id, link, own.leave_address))

    return [one(reader) for reader in readers]


def _address(vault: Vault, sealed: bytes) -> str | None:
    try:
        to = vault.open(sealed).decode()
    except KeyMissing:
        raise
    except (EnvelopeProblem, UnicodeDecodeError):
        return None
    return to if is_plain(to) else None
