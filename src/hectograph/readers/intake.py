"""Opened envelopes become readers, and wishes of readers come true. Each envelope counts once.

envelope → digest seen? → unseal → sign-up or wish → rows, consent and outgoing mail, in one transaction
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from hectograph.post.message import is_plain
from hectograph.readers import choosing, deliverability
from hectograph.readers.intake_state import Held, Taken
from hectograph.readers.newsletter import Membership
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.readers.tallies import count
from hectograph.readers.vault import Vault
from hectograph.sealing.capability import Purpose
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.unseal import KeyMissing

CONFIRMATIONS_A_DAY = 3  # to one address
CONFIRMATIONS_AN_HOUR = 5_000  # to all
ALREADY_EVERY = timedelta(days=7)
LONGEST_PAUSE = 52  # weeks
_State, _Kind, _Mail = Subscriber.State, Consent.Kind, Outgoing.Kind


@transaction.atomic
def take_all(vault: Vault, envelopes: Sequence[bytes], now: datetime) -> None:
    """Take in many, in order. Those of people not known yet, which in a rush are nearly all, share their queries."""
    new = _news(vault, envelopes, now)
    for sealed in envelopes:
        digest = hashlib.sha256(sealed).hexdigest()
        if digest in new:
            new.discard(digest)  # the same envelope once more is a repetition
        else:
            take(vault, sealed, now)


def _news(vault: Vault, envelopes: Sequence[bytes], now: datetime) -> set[str]:
    """Store the first request of everyone unknown; returns the digests of their envelopes."""
    opened: dict[str, tuple[str, str, dict[str, Any]]] = {}  # by index: digest, address, words
    for sealed in envelopes:
        with suppress(EnvelopeProblem, ValueError, KeyError, TypeError, AttributeError):
            words = json.loads(vault.open(sealed))
            if words["kind"] == "sign-up":
                address = _address(words)
                opened.setdefault(vault.index(address), (hashlib.sha256(sealed).hexdigest(), address, words))
    room = CONFIRMATIONS_AN_HOUR - _confirmations(None, now)
    known = set(Subscriber.objects.filter(index__in=opened).values_list("index", flat=True))
    seen = set(Taken.objects.filter(digest__in=[row[0] for row in opened.values()]).values_list("digest", flat=True))
    fresh = [(index, *row) for index, row in opened.items() if index not in known and row[0] not in seen]
    return _store_news(vault, fresh, max(room, 0), now)


def _store_news(vault: Vault, fresh: list[tuple[str, str, str, dict[str, Any]]], mails: int, now: datetime) -> set[str]:
    """Store what `fresh` holds (index, digest, address, words); the first `mails` of them are written to."""
    people = Subscriber.objects.bulk_create(
        Subscriber(
            index=index,
            number=secrets.token_hex(16),
            confirm_number=secrets.token_hex(16),
            sealed=vault.close(address.encode()),
            language=_language(str(words.get("language", ""))),
        )
        for index, _, address, words in fresh
    )
    pairs = list(zip(people, fresh, strict=True))
    asked = [(reader, slug, row[3]) for reader, row in pairs for slug in choosing.wanted(_letters(row[3]))]
    Membership.objects.bulk_create(Membership(subscriber=reader, newsletter=slug) for reader, slug, _ in asked)
    Consent.objects.bulk_create(
        Consent(subscriber=reader, kind=_Kind.REQUESTED, letter=slug, text=_text(words), at=now, how="form")
        for reader, slug, words in asked
    )
    Outgoing.objects.bulk_create(
        Outgoing(subscriber=reader, kind=_Mail.CONFIRM, made=now, not_before=now) for reader in people[:mails]
    )
    Taken.objects.bulk_create(Taken(digest=digest, at=now) for _, digest, _, _ in fresh)
    mailed = min(mails, len(fresh))
    for what, how_many in (("requested", mailed), ("over the hourly cap", len(fresh) - mailed)):
        if how_many:
            count(what, now, how_many)
    return {digest for _, digest, _, _ in fresh}


@transaction.atomic
def take(vault: Vault, sealed: bytes, now: datetime) -> str:
    """Take in one envelope; returns what became of it, as it is counted."""
    digest = hashlib.sha256(sealed).hexdigest()
    if Taken.objects.filter(digest=digest).exists():
        return _counted("repeated", now)
    try:
        words = json.loads(vault.open(sealed))
        became = _apply(vault, words, now)
    except KeyMissing:
        return _hold(digest, sealed, "key missing", now)
    except (EnvelopeProblem, ValueError, KeyError, TypeError, AttributeError):
        return _hold(digest, sealed, "malformed", now)
    Taken.objects.create(digest=digest, at=now)
    return _counted(became, now)


def _counted(what: str, now: datetime) -> str:
    count(what, now)
    return what


def _hold(digest: str, sealed: bytes, reason: str, now: datetime) -> str:
    """Keep it as it came: nothing is lost, and it can be opened when its key is back."""
    Held.objects.get_or_create(digest=digest, defaults={"sealed": sealed, "reason": reason, "at": now})
    return _counted(reason, now)


def _apply(vault: Vault, words: dict[str, Any], now: datetime) -> str:
    if words["kind"] == "sign-up":
        return _sign_up(vault, words, now)
    if words["kind"] == "wish":
        return _wish(words, now)
    raise ValueError("neither a sign-up nor a wish")


# --- signing up -------------------------------------------------------------------------------------------------------


def _sign_up(vault: Vault, words: dict[str, Any], now: datetime) -> str:
    address, language = _address(words), _language(str(words.get("language", "")))
    index = vault.index(address)
    reader = Subscriber.objects.filter(index=index).first()
    if reader and _has_all(reader, words):
        return _already(reader, now)
    if reader is None:
        reader = Subscriber(index=index, number=secrets.token_hex(16))
    elif _confirmations(reader, now) >= CONFIRMATIONS_A_DAY:
        return "too often"
    if _confirmations(None, now) >= CONFIRMATIONS_AN_HOUR:
        return _request(vault, reader, address, language, words, now, mail=False)
    return _request(vault, reader, address, language, words, now)


def _has_all(reader: Subscriber, words: dict[str, Any]) -> bool:
    """Whether the reader gets all that the form asks for, and it reaches them."""
    if reader.state != _State.ACTIVE or reader.disabled_at:
        return False
    return not choosing.not_yet(reader, choosing.wanted(_letters(words)))


def _letters(words: dict[str, Any]) -> str:
    return str(words.get("letter", ""))[:400]


def _text(words: dict[str, Any]) -> str:
    """The version of the words that the reader saw."""
    return str(words.get("text", ""))[:40]


def _address(words: dict[str, Any]) -> str:
    """The address of a sign-up; a ValueError where mail can't be sent to it."""
    local, _, domain = str(words["address"]).strip().rpartition("@")
    address = f"{local}@{domain.lower()}"
    if not is_plain(address):
        raise ValueError("not an address")
    return address


def _request(
    vault: Vault,
    reader: Subscriber,
    address: str,
    language: str,
    words: dict[str, Any],
    now: datetime,
    *,
    mail: bool = True,
) -> str:
    if reader.state != _State.ACTIVE or reader.disabled_at:  # who gets one newsletter keeps it while asking for another
        reader.sealed, reader.language, reader.state = vault.close(address.encode()), language, _State.PENDING
    reader.confirm_number = reader.confirm_number or secrets.token_hex(16)
    reader.save()
    asked = choosing.not_yet(reader, choosing.wanted(_letters(words)))
    choosing.ask(reader, asked, text=_text(words), now=now)
    if not mail:
        return "over the hourly cap"
    _post(reader, _Mail.CONFIRM, now)
    return "requested"


def _already(reader: Subscriber, now: datetime) -> str:
    if not reader.mails.filter(kind=_Mail.ALREADY, made__gt=now - ALREADY_EVERY).exists():
        _post(reader, _Mail.ALREADY, now)
    return "subscribed already"


def _confirmations(reader: Subscriber | None, now: datetime) -> int:
    rows = Outgoing.objects.filter(kind=_Mail.CONFIRM)
    if reader is None:
        return rows.filter(made__gt=now - timedelta(hours=1)).count()
    return rows.filter(subscriber=reader, made__gt=now - timedelta(days=1)).count()


def _post(reader: Subscriber, kind: Outgoing.Kind, now: datetime) -> None:
    Outgoing.objects.create(subscriber=reader, kind=kind, made=now, not_before=now)


def _language(wanted: str) -> str:
    spoken = [code for code, _ in settings.LANGUAGES]
    return wanted if wanted in spoken else spoken[0]


# --- wishes -----------------------------------------------------------------------------------------------------------


def _wish(words: dict[str, Any], now: datetime) -> str:
    purpose, number, chosen = Purpose(words["purpose"]), str(words["number"]), dict(words["chosen"])
    if purpose is Purpose.CONFIRM:
        return _confirm(number, now)
    reader = Subscriber.objects.filter(number=number).exclude(state=_State.ERASED).first()
    if reader is None:
        return "unknown link"
    if purpose is Purpose.LEAVE:
        return _leave(reader, now, [str(slug) for slug in words.get("letters", ())])
    if chosen.get("act") == "leave":
        return _leave(reader, now)
    if chosen.get("act") == "erase":
        return erase(reader, now, how="link")
    return _prefer(reader, chosen, now)


def _confirm(number: str, now: datetime) -> str:
    reader = Subscriber.objects.filter(confirm_number=number).first() if number else None
    if reader is None:
        return "confirmed already"
    is_new = reader.state != _State.ACTIVE
    reader.state, reader.confirm_number = _State.ACTIVE, ""
    reader.save(update_fields=["state", "confirm_number"])
    if reader.disabled_at:
        deliverability.restore(reader, now)  # who opened a mailed link has an address that takes mail
    choosing.confirm(reader, now)
    if is_new:
        _post(reader, _Mail.WELCOME, now)
    return "confirmed"


def _leave(reader: Subscriber, now: datetime, letters: Sequence[str] = ()) -> str:
    """Off `letters` alone, or off all where none is named."""
    if reader.state == _State.UNSUBSCRIBED:
        return "left already"
    if choosing.leave(reader, letters or None, now):
        return "left one"
    return _left_all(reader)


def _left_all(reader: Subscriber) -> str:
    reader.state, reader.confirm_number = _State.UNSUBSCRIBED, ""
    reader.save(update_fields=["state", "confirm_number"])
    reader.mails.filter(state=Outgoing.State.READY).delete()
    return "left"


def erase(reader: Subscriber, now: datetime, *, how: str) -> str:
    """Forget the address. The keyed index stays, so that no import brings it back, and that it was asked for."""
    reader.sealed, reader.state, reader.language = None, _State.ERASED, ""
    reader.confirm_number, reader.paused_until = "", None
    reader.save()
    reader.mails.all().delete()
    reader.memberships.all().delete()
    reader.consents.create(kind=_Kind.ERASED, letter="", at=now, how=how)
    return "erased"


def _prefer(reader: Subscriber, chosen: dict[str, str], now: datetime) -> str:
    if "language" in chosen:
        reader.language = _language(chosen["language"])
    weeks = int(chosen["pause"]) if chosen.get("pause", "").isdigit() else 0
    reader.paused_until = now.date() + timedelta(weeks=min(weeks, LONGEST_PAUSE)) if weeks else None
    reader.save(update_fields=["language", "paused_until"])
    reader.consents.create(kind=_Kind.CHANGED, letter="", at=now, how="link")
    return _prefer_letters(reader, chosen, now)


def _prefer_letters(reader: Subscriber, chosen: dict[str, str], now: datetime) -> str:
    if not any(name.startswith("letter-") for name in chosen):
        return "changed"
    if choosing.choose(reader, chosen, now):
        Subscriber.objects.filter(pk=reader.pk, state=_State.UNSUBSCRIBED).update(state=_State.ACTIVE)
    elif reader.state == _State.ACTIVE:
        return _left_all(reader)
    return "changed"


def forget_old(now: datetime) -> int:
    """Requests that nobody confirmed within seven days are erased wholly; digests of envelopes go after thirty."""
    Taken.objects.filter(at__lt=now - timedelta(days=30)).delete()
    old = Subscriber.objects.filter(state=_State.PENDING).exclude(consents__at__gte=now - timedelta(days=7))
    return len([reader.delete() for reader in old])
