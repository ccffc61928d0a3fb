"""Remind me later, by mail: asked for at a desk, confirmed by a mailed link, one mail in the named month, erased.

An envelope of kind `remind` asks (`address`, `month`, `language`), or tells what was pressed behind a mailed link:
`act` is `confirm` or `cancel`, and `number` is the link's. It is never joined to a subscriber or to a gift.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from hectograph.press.paths import support_path
from hectograph.press.words import Vocabulary
from hectograph.readers import contact, contact_mail, contact_row
from hectograph.readers.contact import ContactRefused
from hectograph.readers.contact_mail import Link
from hectograph.readers.newcomers import spoken
from hectograph.readers.outbox import MOST_TRIES
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.vault import Vault
from hectograph.sealing.capability import Purpose
from hectograph.stories.feed.site import site
from hectograph.support import reminder
from hectograph.support.reminder import MOST_MAILS, Reminder

MOST_OF_ONE = 2  # reminders that one address may wait for
MOST_AN_HOUR = 1_000  # asked for by all
AGAIN_AFTER = timedelta(days=3)
_PURPOSE, _ASKED, _DUE = "reminder", "remind-confirm", "remind"
_LINK_DAYS = 400
_State, _Mail = Reminder.State, Outgoing.State


def take(vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """Take in one envelope; returns what became of it, as it is counted. ValueError or KeyError where it is none."""
    act = str(words.get("act", ""))
    if act == "confirm":
        return _confirm(str(words["number"]), now)
    if act == "cancel":
        return "reminder cancelled" if _erase(Reminder.objects.filter(number=str(words["number"]))) else "unknown link"
    if act:
        raise ValueError("no such act")
    return _ask(vault, words, now)


def _ask(vault: Vault, words: dict[str, Any], now: datetime) -> str:
    month = reminder.month_of(str(words["month"]), now)
    address, language = str(words["address"])[:320], spoken(str(words.get("language", "")))
    try:
        waiting = Reminder.objects.filter(contact__in=contact.find(vault, address, _PURPOSE))
    except ContactRefused as refused:
        return f"reminder refused: {refused.reason}"
    if waiting.filter(month=month).exists() or waiting.count() >= MOST_OF_ONE:
        return "reminder asked for already"
    if Reminder.objects.filter(made_at__gt=now - timedelta(hours=1), made_at__lte=now).count() >= MOST_AN_HOUR:
        return "reminder over the hourly cap"
    until = now + reminder.CONFIRM_WITHIN
    row = reminder.ask(contact.keep(vault, address, _PURPOSE, language, until), language, month, now)
    named = Vocabulary(language, "UTC").month(month.year, month.month)
    links = {"confirm": Link(Purpose.REMIND, row.number, reminder.CONFIRM_WITHIN.days), "cancel": _cancel(row)}
    contact_mail.write(row.contact, _ASKED, {"month": named}, links, now)
    return "reminder asked for"


def _confirm(number: str, now: datetime) -> str:
    row = reminder.confirm(number, now)
    if row is None:
        return "reminder confirmed already" if Reminder.objects.filter(number=number).exists() else "unknown link"
    contact_row.extend(row.contact, row.expires_at + AGAIN_AFTER)
    return "reminder confirmed"


def _cancel(row: Reminder) -> Link:
    return Link(Purpose.FORGET, row.number, _LINK_DAYS)


def run_due(now: datetime) -> int:
    """Write what is due, erase what is over; returns how many mails were put into the outbox."""
    for row in Reminder.objects.filter(state=_State.SENT):
        _settle(row, now)
    _erase(Reminder.objects.filter(expires_at__lte=now).exclude(state=_State.SENT))
    due = Reminder.objects.filter(state=_State.CONFIRMED, due_at__lte=now).order_by("pk")
    return sum(_send(row, now) for row in due)


@transaction.atomic
def _send(row: Reminder, now: datetime) -> bool:
    changed = Reminder.objects.filter(pk=row.pk, state=_State.CONFIRMED).update(
        state=_State.SENT, sent_count=row.sent_count + 1
    )
    page = f"{site().base_url}/{support_path(row.language)}"
    if changed and contact_mail.write(row.contact, _DUE, {"page": page}, {"cancel": _cancel(row)}, now):
        return True
    _erase(Reminder.objects.filter(pk=row.pk))
    return False


@transaction.atomic
def _settle(row: Reminder, now: datetime) -> None:
    """What became of its mail. Only one that servers put off again and again is sent a second time, and no third."""
    mail = Outgoing.objects.filter(contact__number=row.contact, kind=_DUE).order_by("-pk").first()
    if mail and mail.state in (_Mail.READY, _Mail.SENDING):
        return
    was_put_off = mail is not None and mail.state == _Mail.REJECTED and mail.tries >= MOST_TRIES
    if was_put_off and row.sent_count < MOST_MAILS and now + AGAIN_AFTER < row.expires_at:
        Reminder.objects.filter(pk=row.pk).update(state=_State.CONFIRMED, due_at=now + AGAIN_AFTER)
    else:
        _erase([row])


@transaction.atomic
def _erase(rows: Iterable[Reminder]) -> int:
    """Forget the reminders, their addresses and what was still to be written; returns how many there were."""
    gone = 0
    for row in rows:
        contact_row.forget(row.contact)
        row.delete()
        gone += 1
    return gone
