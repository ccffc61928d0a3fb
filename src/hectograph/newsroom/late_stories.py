"""What the clock should have moved and did not: schedules that are late, and schedules that nobody made good."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Revision

LATE_AFTER = timedelta(minutes=2)
_REMEMBERED = timedelta(days=7)
_MOST = 50


def overdue(now: datetime) -> list[Page]:
    """Pages whose scheduled time has passed: those that should be out by now, and those that should be gone."""
    waiting = Revision.page_revisions.filter(approved_go_live_at__lt=now - LATE_AFTER)  # of pages of every kind
    numbers = {int(number) for number in waiting.values_list("object_id", flat=True)}
    expired = Q(live=True, expire_at__lt=now - LATE_AFTER)
    return list(Page.objects.filter(Q(pk__in=numbers) | expired).order_by("pk")[:_MOST])


def unsettled(now: datetime) -> list[Page]:
    """Pages with a publishing hour that passed within a week, while nobody chose *Schedule to publish*: an hour alone
    publishes nothing."""
    settled = Revision.page_revisions.filter(approved_go_live_at__isnull=False).values_list("object_id", flat=True)
    drafts = Page.objects.filter(has_unpublished_changes=True, latest_revision__created_at__gt=now - 4 * _REMEMBERED)
    drafts = drafts.exclude(pk__in=[int(number) for number in settled]).select_related("latest_revision")
    hours = drafts.exclude(latest_revision__content__go_live_at=None).order_by("pk")
    return [page for page in hours if _missed(page, now)][:_MOST]


def _missed(page: Page, now: datetime) -> bool:
    hour = parse_datetime(page.latest_revision.content.get("go_live_at") or "")
    if hour is None or not now - _REMEMBERED < hour < now - LATE_AFTER:
        return False
    return page.last_published_at is None or page.last_published_at < hour
