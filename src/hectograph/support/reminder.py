"""A reminder: one mail in a named month, to a contact that this room knows by its number alone. Gone when it is over.

asked for → confirmed by mail → one mail in the first week of the month → erased
"""

from __future__ import annotations

import random
import secrets
from datetime import UTC, date, datetime, timedelta

from django.db import models

MOST_MAILS = 2  # ever: the second one only after a first that no server would take
MONTHS_AHEAD = 12
CONFIRM_WITHIN = timedelta(days=7)
_WEEK = int(timedelta(days=7).total_seconds())


class Reminder(models.Model):
    """`number` stands in its links, `contact` leads to the address. `month` is the month's first day."""

    class State(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"
        SENT = "sent"  # handed to the outbox

    number = models.CharField(max_length=32, unique=True)  # 16 random bytes, in hexadecimal
    contact = models.CharField(max_length=32, unique=True)
    language = models.CharField(max_length=10)
    month = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    due_at = models.DateTimeField(null=True)
    sent_count = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(sent_count__lte=MOST_MAILS), name="two_mails_ever")]

    def __str__(self) -> str:
        return f"reminder {self.pk}"


def ask(contact: str, language: str, month: date, now: datetime) -> Reminder:
    """Write down what was asked for. Without a confirmation it is gone within a week."""
    number = secrets.token_hex(16)
    until = now + CONFIRM_WITHIN
    return Reminder.objects.create(
        number=number, contact=contact, language=language, month=month, made_at=now, expires_at=until
    )


def confirm(number: str, now: datetime) -> Reminder | None:
    """The reader said yes: a moment in the first week of the month is drawn. None where there is nothing to confirm."""
    row = Reminder.objects.filter(number=number, state=Reminder.State.ASKED, expires_at__gt=now).first()
    if row is None:
        return None
    first = datetime(row.month.year, row.month.month, 1, tzinfo=UTC)
    row.state, row.due_at = Reminder.State.CONFIRMED, first + timedelta(seconds=random.SystemRandom().randrange(_WEEK))
    row.expires_at = end_of(row.month)
    row.save(update_fields=["state", "due_at", "expires_at"])
    return row


def month_of(text: str, now: datetime) -> date:
    """The first day of the month `text` (`2027-03`); ValueError where it is none of the coming twelve."""
    year, _, month = text.partition("-")
    if len(text) != 7 or not (year.isdecimal() and month.isdecimal() and text.isascii()):
        raise ValueError("not a month")
    ahead = int(year) * 12 + int(month) - (now.year * 12 + now.month)
    if not 1 <= ahead <= MONTHS_AHEAD:
        raise ValueError("not a month to come")
    return date(int(year), int(month), 1)


def end_of(month: date) -> datetime:
    """When the month is over."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return datetime(following.year, following.month, 1, tzinfo=UTC)
