"""Fuses: a way of paying that is closed for a while, and what a person must look at. Shown by `hecto doctor`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models


class Fuse(models.Model):
    """`rail` is closed until `closed_until`, for `why`."""

    rail = models.CharField(max_length=30, unique=True)
    closed_until = models.DateTimeField()
    why = models.CharField(max_length=200)


class Alarm(models.Model):
    """Something a person must look at, once for each `about` (a service's reference)."""

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="one_alarm_about_a_thing")]


def blow(rail: str, why: str, now: datetime, rest: timedelta) -> None:
    """Close `rail` for `rest`."""
    Fuse.objects.update_or_create(rail=rail, defaults={"closed_until": now + rest, "why": why})


def is_closed(rail: str, now: datetime) -> bool:
    return Fuse.objects.filter(rail=rail, closed_until__gt=now).exists()


def alarm(kind: str, about: str, now: datetime) -> None:
    """Call a person to look at `about`; the same again changes nothing."""
    Alarm.objects.get_or_create(kind=kind, about=about, defaults={"at": now})


def open_alarms() -> list[Alarm]:
    """What nobody has seen to yet, the oldest first."""
    return list(Alarm.objects.filter(settled_at=None).order_by("pk")[:200])


def settle(number: int, now: datetime) -> bool:
    """A person saw to it. Says whether there was such an alarm."""
    return Alarm.objects.filter(pk=number, settled_at=None).update(settled_at=now) == 1
