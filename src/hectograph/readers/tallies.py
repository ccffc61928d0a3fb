"""Counting what happens, by the day."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from hectograph.readers.intake_state import Tally


def count(what: str, at: datetime, by: int = 1) -> None:
    """Note that `what` happened `by` times on the day of `at`."""
    row, _ = Tally.objects.get_or_create(day=at.date(), what=what)
    Tally.objects.filter(pk=row.pk).update(count=F("count") + by)
