"""What a person or a fuse did about money. Rows are only ever added; the database refuses to change one."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from hectograph.errors import Problem

_LONGEST = 200  # letters of a reason
_BOUNDS = f"At most {_LONGEST} characters, and nobody's address."


class OperatorAction(models.Model):
    """`about` is a service's reference, a country or the name of a check: never a person."""

    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    act = models.CharField(max_length=30)
    about = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["act", "about"], name="operator_action")]


def reason(typed: str, what: str) -> str:
    """A reason in a line, fit to be kept for good; a Problem, which asks `what`, where there is none or it may name
    somebody."""
    plain = " ".join(typed.split())
    if not plain or len(plain) > _LONGEST or "@" in plain:
        raise Problem(what, _BOUNDS)
    return plain


def note(act: str, by: str, now: datetime, *, about: str = "", words: str = "") -> None:
    """Write down that `by` did `act`."""
    OperatorAction.objects.create(at=now, by=by[:80], act=act, about=about[:120], note=words[:300])
