"""Opened envelopes become readers, and wishes of readers come true. Each envelope counts once.

envelopes → unseal → digest seen? → sign-up or wish → rows, consent and outgoing mail, in one transaction
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import transaction

from hectograph.readers import choosing, deliverability, newcomers, opening
from hectograph.readers.intake_state import Held, Taken
from hectograph.readers.newsletter import offered
from hectograph.readers.opening import Opened
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.readers.tallies import count
from hectograph.readers.vault import Vault
from hectograph.sealing.capability import Purpose

CONFIRMATIONS_A_DAY = 3  # to one address
CONFIRMATIONS_AN_HOUR = 5_000  # to all
ALREADY_EVERY = timedelta(days=7)
LONGEST_PAUSE = 52  # weeks
_AT_ONCE = 500  # rows a statement
Other = Callable[[Vault, dict[str, Any], datetime, int], str]  # words, when, from which desk → as it is counted
Others = Mapping[str, Other]  # by the envelope's kind
_NOBODY: Others = MappingProxyType({})
_CAPPED = "over the hourly cap"
_State, _Kind, _Mail = Subscriber.State, Consent.Kind, Outgoing.Kind


def take(vault: Vault, sealed: bytes, now: datetime, *, others: Others = _NOBODY, desk: int = 0) -> str:
    """Take in one envelope; returns what became of it, as it is counted."""
    return take_all(vault, [sealed], now, others=others, desk=desk)[0]


@transaction.atomic
def take_all(
    vault: Vault, envelopes: Sequence[bytes | Opened], now: datetime, *, others: Others = _NOBODY, desk: int = 0
) -> list[str]:
    """Take in many, in order; returns what became of each, as it is counted. What they share is done once. Kinds that
    are not the readers' go to `others`, in the same transaction; `desk` is the number of the one they came from."""
    batch = [one if isinstance(one, Opened) else opening.look_into(vault, one) for one in envelopes]
    before = set(Taken.objects.filter(digest__in={one.digest for one in batch}).values_list("digest", flat=True))
    new = _news(vault, [one for one in batch if one.is_sign_up and one.digest not in before], now)
    taken: dict[str, None] = {}  # digests, in order
    became = []
    for one in batch:
        is_repeated = one.digest in before or one.digest in taken
        became.append("repeated" if is_repeated else new.get(one.digest) or _become(vault, one, now, others, desk))
        if became[-1] not in ("repeated", *opening.FAULTS):
            taken[one.digest] = None
    Taken.objects.bulk_create((Taken(digest=digest, at=now) for digest in taken), batch_size=_AT_ONCE)
    for what, how_many in Counter(became).items():
        count(what, now, how_many)
    return became


def _news(vault: Vault, sign_ups: list[Opened], now: datetime) -> dict[str, str]:
    """Store everyone unknown among them; returns what became of their envelopes, by digest."""
    if not sign_ups:
        return {}
    room = max(CONFIRMATIONS_AN_HOUR - newcomers.confirmations(None, now), 0)
    stored = newcomers.store(vault, sign_ups, room, now)
    return {digest: "requested" if mailed else _CAPPED for digest, mailed in stored.items()}


def _become(vault: Vault, one: Opened, now: datetime, others: Others, desk: int) -> str:
    try:
        other = others.get(str(one.words.get("kind")))
        if other and not one.fault:
            with transaction.atomic():  # one that is malformed further in leaves nothing behind
                return other(vault, one.words, now, desk)
        became = one.fault or _apply(vault, one, now)
    except (ValueError, KeyError, TypeError, AttributeError):
        became = opening.MALFORMED
    if became in opening.FAULTS:
        _hold(one, became, now)
    return became


def _hold(one: Opened, reason: str, now: datetime) -> None:
    """Keep it as it came: nothing is lost, and it can be opened when its key is back."""
    Held.objects.get_or_create(digest=one.digest, defaults={"sealed": one.sealed, "reason": reason, "at": now})


def _apply(vault: Vault, one: Opened, now: datetime) -> str:
    if one.is_sign_up:
        return _sign_up(vault, one, now)
    if one.words["kind"] == "wish":
        return _wish(one.words, now)
    raise ValueError("neither a sign-up nor a wish")


# --- signing up -------------------------------------------------------------------------------------------------------


def _sign_up(vault: Vault, one: Opened, now: datetime) -> str:
    """One more request of somebody who is here: strangers were stored before (`newcomers`)."""
    index = vault.index(one.address())
    reader = Subscriber.objects.get(index=index)
    if _has_all(reader, one):
        return _already(reader, now)
    if newcomers.confirmations(reader, now) >= CONFIRMATIONS_A_DAY:
        return "too often"
    _request(vault, reader, one, now)
    if newcomers.confirmations(None, now) >= CONFIRMATIONS_AN_HOUR:
        return _CAPPED
    _post(reader, _Mail.CONFIRM, now)
    return "requested"


def _has_all(reader: Subscriber, one: Opened) -> bool:
    """Whether the reader gets all that the form asks for, and it reaches them."""
    return reader.state == _State.ACTIVE and not reader.disabled_at and not _new_to(reader, one)


def _new_to(reader: Subscriber, one: Opened) -> list[str]:
    """What the form asks for and the reader does not get."""
    return choosing.not_yet(reader, choosing.wanted(newcomers.letters(one), offered()))


def _request(vault: Vault, reader: Subscriber, one: Opened, now: datetime) -> None:
    if reader.state != _State.ACTIVE or reader.disabled_at:  # who gets one newsletter keeps it while asking for another
        reader.sealed, reader.state = vault.close(one.address().encode()), _State.PENDING
        reader.language = newcomers.language(one)
    reader.confirm_number = reader.confirm_number or secrets.token_hex(16)
    reader.save()
    choosing.ask(reader, _new_to(reader, one), text=newcomers.text(one), now=now)


def _already(reader: Subscriber, now: datetime) -> str:
    if not reader.mails.filter(kind=_Mail.ALREADY, made__gt=now - ALREADY_EVERY, made__lte=now).exists():
        _post(reader, _Mail.ALREADY, now)
    return "subscribed already"


def _post(reader: Subscriber, kind: Outgoing.Kind, now: datetime) -> None:
    Outgoing.objects.create(subscriber=reader, kind=kind, made=now, not_before=now)


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
    choosing.leave_all(reader, now)
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
        reader.language = newcomers.spoken(chosen["language"])
    if "pause" in chosen:  # a desk's page knows no reader: what is not named stays as it is
        weeks = int(chosen["pause"]) if chosen["pause"].isdigit() else 0
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
        choosing.leave_all(reader, now)
        return "left"
    return "changed"


def forget_old(now: datetime) -> int:
    """Requests that nobody confirmed within seven days are erased wholly; digests of envelopes go after thirty."""
    Taken.objects.filter(at__lt=now - timedelta(days=30)).delete()
    old = Subscriber.objects.filter(state=_State.PENDING).exclude(consents__at__gte=now - timedelta(days=7))
    return len([reader.delete() for reader in old])
