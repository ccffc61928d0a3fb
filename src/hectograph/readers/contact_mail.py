"""Mails to contacts: put into the outbox by a kind and the words it needs, written out when they leave.

The texts stand in `texts/contacts/`, a file a language: `KIND_subject` and `KIND`. Subjects are neutral: no amount, and
nothing that says who was given to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hectograph.post.message import MessageProblem, SmallMail
from hectograph.readers import watched
from hectograph.readers.contact_row import Contact
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.small_mail import House, texts
from hectograph.readers.vault import Vault
from hectograph.sealing.capability import Capability, Purpose

_FOLDER = "contacts"


@dataclass(frozen=True)
class Link:
    """A link that stands in a mail, signed when it leaves: `number` in hexadecimal, `words` behind the language."""

    purpose: Purpose
    number: str
    days: int
    words: tuple[str, ...] = ()


def write(number: str, kind: str, words: Mapping[str, str], links: Mapping[str, Link], now: datetime) -> bool:
    """Write to the contact; says whether it is still here. `words` name nobody: they stand in the database."""
    contact = Contact.objects.filter(number=number).first() if number else None
    if contact is None:
        return False
    texts(contact.language, _FOLDER)[kind]  # an unknown kind is an error here, not when it leaves
    signed = {name: [link.purpose.value, link.number, link.days, *link.words] for name, link in links.items()}
    Outgoing.objects.create(contact=contact, kind=kind, words={**words}, links=signed, made=now, not_before=now)
    return True


def take_back(number: str, kinds: Collection[str]) -> int:
    """Mails of these kinds to the contact that have not left do not leave; returns how many those were."""
    waiting = Outgoing.objects.filter(contact__number=number, kind__in=kinds, state=Outgoing.State.READY)
    return waiting.delete()[0] if number else 0


def compose(vault: Vault, row: Outgoing, house: House) -> SmallMail:
    """The mail of `row`. The address is unsealed here and goes nowhere else; a MessageProblem where it may not go."""
    contact = row.contact
    assert contact is not None  # noqa: S101 (the outbox asks for contacts' rows alone)
    to = vault.open(bytes(contact.sealed)).decode()
    watched.find_out([to])
    if watched.is_watched(to):
        raise MessageProblem("Mail of this kind does not go to that host.", "It is not tried again.")
    said = texts(contact.language, _FOLDER)
    links = {name: _signed(vault, contact.language, house, row.made, *link) for name, link in row.links.items()}
    words = {"name": house.name, **row.words, **links}
    return SmallMail(
        to=to,
        subject=said[f"{row.kind}_subject"],
        text=said[row.kind].strip().format(**words) + "\n",
        key=f"{row.kind}|{row.pk}",
    )


def _signed(
    vault: Vault, language: str, house: House, at: datetime, purpose: int, number: str, days: int, *words: str
) -> str:
    until = at + timedelta(days=days)
    capability = Capability(Purpose(purpose), bytes.fromhex(number), until, (language, *words))
    return f"{house.links}/l/{vault.link(capability)}"
