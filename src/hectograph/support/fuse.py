"""Fuses: a way of paying that is closed for a while, and what a person must look at. Shown by `hecto doctor`, on the
admin's home and on the publisher's board."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction

from hectograph.errors import Problem
from hectograph.support import operator_action

CHARGED_LATE = "a plan was charged though it was to end"  # about: the payment, which may be given back
NO_KEY = "a service refuses our key"  # about: the service
DISPUTED = "gifts are disputed"  # about: the day on which their banks took them
NO_REFUNDS = "refunds wait for the key that makes them"  # about: the service
_IN_THE_DASHBOARD = "Look it up in the service's dashboard."
REMEDIES = {
    CHARGED_LATE: "Give back what was taken: look its receipt up, or use the dashboard.",
    "a plan can't be ended at the service": "End it in the service's dashboard, then settle this.",
    "a payment could not be begun": "Nothing was charged. Look at the service's status page, and at our keys.",
    "a held payment was not as agreed": "It was let go of, unpaid. See in the dashboard that it was.",
    "a payment was not as agreed": "Compare it in the service's dashboard; give back what was not meant.",
    "a payment stays unclear": "Look it up in the service's dashboard: it was charged there, or it was not.",
    "too many presses of the pay button": "Cards are being tried out. The way opens by itself; others stay open.",
    "too many cards are declined": "Cards are being tried out. The way opens by itself; others stay open.",
    DISPUTED: "Let it lapse in the dashboard, or answer it there. Evidence names the giver to the bank: think first.",
    "too many disputes": "Stop and ask: were gifts made to be disputed? Give back those that look alike.",
    "a door that can't be looked at": "Compare the key's permissions with docs/operators.md.",
    "a door stands open": "Close it in the service's dashboard: nobody else sees what comes in by it.",
    NO_KEY: "Put a key with all permissions of docs/operators.md into HECTO_KEYS; what waits goes on by itself.",
    NO_REFUNDS: "Put the key “operator” into HECTO_KEYS (docs/operators.md), then start the cashier anew.",
    "a part of the cashier's work fails": "Look at the cashier's log. It is tried again by itself, each time later.",
    "a plan can't be looked at": "Look it up in the dashboard: is its card a protected one? Then end it there.",
    "a notice can't be worked off": "Look at the cashier's log. It is tried again; the sweep keeps the books true.",
}


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


def open_again(rail: str, now: datetime) -> bool:
    """Open what a fuse closed. Says whether it was closed."""
    return Fuse.objects.filter(rail=rail, closed_until__gt=now).update(closed_until=now) == 1


def is_closed(rail: str, now: datetime) -> bool:
    return Fuse.objects.filter(rail=rail, closed_until__gt=now).exists()


def last_closed(rail: str) -> datetime | None:
    """Until when it was closed last, or is; None where it never was."""
    return Fuse.objects.filter(rail=rail).values_list("closed_until", flat=True).first()


def alarm(kind: str, about: str, now: datetime) -> None:
    """Call a person to look at `about`. The same again changes nothing while it waits; once it was seen to, it rings
    anew: its cause is back."""
    _, is_new = Alarm.objects.get_or_create(kind=kind, about=about, defaults={"at": now})
    if not is_new:
        Alarm.objects.filter(kind=kind, about=about).exclude(settled_at=None).update(settled_at=None, at=now)


def over(kind: str, about: str, now: datetime) -> None:
    """The cause is gone: nobody needs to look any more."""
    Alarm.objects.filter(kind=kind, about=about, settled_at=None).update(settled_at=now)


def open_alarms() -> list[Alarm]:
    """What nobody has seen to yet, the oldest first."""
    return list(Alarm.objects.filter(settled_at=None).order_by("pk")[:200])


def blown(now: datetime) -> list[Fuse]:
    """The ways that are closed now."""
    return list(Fuse.objects.filter(closed_until__gt=now).order_by("rail"))


def remedy(kind: str) -> str:
    """What to do about an alarm of `kind`, in a sentence."""
    return REMEDIES.get(kind, _IN_THE_DASHBOARD)


@transaction.atomic
def settle(number: int, by: str, reason: str, now: datetime) -> None:
    """`by` saw to it, and says how: both are kept for good. A Problem where there is no such alarm, or no reason."""
    plain = operator_action.reason(reason, "Say in a line what was done.")
    row = Alarm.objects.filter(pk=number, settled_at=None).first()
    if row is None or not Alarm.objects.filter(pk=number, settled_at=None).update(settled_at=now):
        raise Problem("There is no such alarm, or it is settled.", "`hecto support alarms` lists those that wait.")
    operator_action.note("alarm", by, now, about=f"{row.kind}: {row.about}"[:120], words=plain)
