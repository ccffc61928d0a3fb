"""What operators did with the data of readers: shown, erased, handed out. Rows are only ever added: the database itself
refuses to change or delete one."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from hectograph.errors import Problem
from hectograph.readers.subscriber import Subscriber

_PREFIX = 8  # hexadecimal digits: enough to find an act again by an address and the key, too few to be worth stealing
_LONGEST = 200


class Act(models.Model):
    """`reader` is the start of the keyed index, empty where an act was about everyone. No address stands here."""

    class Kind(models.TextChoices):
        SHOWN = "shown"
        ERASED = "erased"
        EXPORTED = "exported"  # all readers

    at = models.DateTimeField()
    person = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    reader = models.CharField(max_length=_PREFIX, blank=True)
    reason = models.CharField(max_length=_LONGEST, blank=True)

    class Meta:
        ordering = ["pk"]


def note(kind: Act.Kind, person: str, reason: str, now: datetime, reader: Subscriber | None = None) -> None:
    """Write an act down. A Problem where its reason is empty, too long, or names somebody by an address."""
    plain = " ".join(reason.split())
    if not plain or len(plain) > _LONGEST:
        raise Problem(
            "An act needs a reason, in a line.", f"At most {_LONGEST} characters: --reason “asked by letter”."
        )
    if "@" in plain:
        raise Problem("The reason holds an address. It is kept for good, so name nobody in it.", "Say it without.")
    Act.objects.create(
        at=now, person=person[:80], kind=kind, reason=plain, reader=reader.index[:_PREFIX] if reader else ""
    )
