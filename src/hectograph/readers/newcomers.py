"""First requests of people who are not known yet, which in a rush are nearly all: they share their queries."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings

from hectograph.readers import choosing
from hectograph.readers.newsletter import Membership, offered
from hectograph.readers.opening import Opened
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.readers.vault import Vault

_AT_ONCE = 500  # rows a statement: memory stays small, and no bound of a database is met
_Mail = Outgoing.Kind


def store(vault: Vault, envelopes: Sequence[Opened], mails: int, now: datetime) -> dict[str, bool]:
    """Store the first request of everyone unknown; the first `mails` of them are written to. Returns the digests of
    their envelopes, and whether a mail goes out."""
    asked: dict[str, tuple[Opened, str]] = {}  # by index: the envelope and the address in it
    for one in envelopes:
        with suppress(ValueError, KeyError):
            address = one.address()
            asked.setdefault(vault.index(address), (one, address))
    known = set(Subscriber.objects.filter(index__in=asked).values_list("index", flat=True)) if asked else set()
    fresh = [(index, *pair) for index, pair in asked.items() if index not in known]
    if not fresh:
        return {}
    people = Subscriber.objects.bulk_create((_person(vault, *row) for row in fresh), batch_size=_AT_ONCE)
    _ask([(reader, one) for reader, (_, one, _) in zip(people, fresh, strict=True)], now)
    Outgoing.objects.bulk_create(
        (Outgoing(subscriber=reader, kind=_Mail.CONFIRM, made=now, not_before=now) for reader in people[:mails]),
        batch_size=_AT_ONCE,
    )
    return {one.digest: place < mails for place, (_, one, _) in enumerate(fresh)}


def _person(vault: Vault, index: str, one: Opened, address: str) -> Subscriber:
    return Subscriber(
        index=index,
        number=secrets.token_hex(16),
        confirm_number=secrets.token_hex(16),
        sealed=vault.close(address.encode()),
        language=language(one),
    )


def _ask(pairs: list[tuple[Subscriber, Opened]], now: datetime) -> None:
    known = offered()
    asked = [(reader, slug, one) for reader, one in pairs for slug in choosing.wanted(letters(one), known)]
    Membership.objects.bulk_create(
        (Membership(subscriber=reader, newsletter=slug) for reader, slug, _ in asked), batch_size=_AT_ONCE
    )
    Consent.objects.bulk_create(
        (
            Consent(subscriber=reader, kind=Consent.Kind.REQUESTED, letter=slug, text=text(one), at=now, how="form")
            for reader, slug, one in asked
        ),
        batch_size=_AT_ONCE,
    )


def confirmations(reader: Subscriber | None, now: datetime) -> int:
    """Mails that asked for confirmation: of the last day to `reader`, or of the last hour to all. What a clock that ran
    ahead dated into the future does not count: it would shut readers out until then."""
    rows = Outgoing.objects.filter(kind=_Mail.CONFIRM, made__lte=now)
    if reader is None:
        return rows.filter(made__gt=now - timedelta(hours=1)).count()
    return rows.filter(subscriber=reader, made__gt=now - timedelta(days=1)).count()


def letters(one: Opened) -> str:
    """The newsletters that a form asks for, comma-separated."""
    return one.text("letter", 400)


def text(one: Opened) -> str:
    """The version of the words that the reader saw."""
    return one.text("text", 40)


def language(one: Opened) -> str:
    return spoken(one.text("language", 10))


def spoken(wanted: str) -> str:
    """The language `wanted`, or the newsroom's first where it speaks no such."""
    languages = [code for code, _ in settings.LANGUAGES]
    return wanted if wanted in languages else languages[0]
