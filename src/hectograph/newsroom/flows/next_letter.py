"""The weekly letter recurs: when one went out, the next slot's is begun by itself, with its hour set. Nobody gets it
before people approved it; as its hour comes near, those who may are reminded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from hectograph.letters import composing, schedule
from hectograph.letters.edition import Edition, Kind, State
from hectograph.newsroom.flows import letter_mail
from hectograph.readers.newsletter import offered

_OUT = (State.FREEZING, State.SENDING, State.PAUSED, State.DONE)
_STILL_GOING = timedelta(days=35)  # a newsletter that nothing went out of for so long does not recur by itself
REMIND_WITHIN = timedelta(hours=30)
_PAST = timedelta(days=2)  # for so long a missed one is spoken of


def prepare_next(now: datetime) -> None:
    """Begin what is due to be begun, of every newsletter on offer."""
    rhythm = schedule.read(settings.HECTO_LETTER_TIME)
    day = schedule.next_day(rhythm, now, settings.TIME_ZONE)
    at = schedule.moment(day, rhythm.at, settings.TIME_ZONE)
    for slug in offered():
        weekly = Edition.objects.filter(newsletter=slug, kind=Kind.WEEKLY)
        went_out = weekly.filter(state__in=_OUT, slot__lt=day, slot__gt=day - _STILL_GOING).exists()
        if went_out and not weekly.filter(slot__gte=day).exists():
            _prepare(weekly.filter(state=State.DRAFT, planned_at__lt=now), slug, day, at)


def _prepare(missed: Iterable[Edition], slug: str, day: date, at: datetime) -> None:
    """One that was prepared, missed and never touched moves on, so that empty drafts don't pile up."""
    untouched = next((row for row in missed if not any(map(letter_mail.is_begun, row.letters.all()))), None)
    if untouched:
        Edition.objects.filter(pk=untouched.pk).update(slot=day, planned_at=at)
        return
    try:
        with transaction.atomic():
            made = composing.begin(slug, day, settings.TIME_ZONE, [code for code, _ in settings.LANGUAGES])
            Edition.objects.filter(pk=made.pk).update(planned_at=at)
    except IntegrityError:  # an editor began it in the same moment
        return


def near(now: datetime) -> list[Edition]:
    """Letters whose hour is near, or has just passed, and that nobody has approved."""
    rows = Edition.objects.filter(kind=Kind.WEEKLY, state=State.DRAFT)
    planned = rows.filter(planned_at__gt=now - _PAST, planned_at__lt=now + REMIND_WITHIN)
    return list(planned.order_by("planned_at"))
