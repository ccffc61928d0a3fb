"""Undo: for ten minutes after Publish, the last published version can come back."""

from __future__ import annotations

from datetime import datetime, timedelta

from wagtail.models import Page, PageLogEntry, Revision

from hectograph.errors import Problem

WINDOW = timedelta(minutes=10)


def last_publish(page: Page, now: datetime) -> PageLogEntry | None:
    """The publication that may still be undone; None where there is none."""
    entry = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").order_by("-timestamp", "-pk").first()
    if entry is None or not page.live or now - entry.timestamp > WINDOW:
        return None
    return entry if entry.revision_id == page.live_revision_id else None


def undo(page: Page, now: datetime, user: object) -> str:
    """Bring back what was published before, or unpublish a page that was not; the undone words stay as a draft.

    Returns what was done, in words. Raises Problem when the ten minutes are over.
    """
    entry = last_publish(page, now)
    if entry is None:
        raise Problem(
            "There is nothing to undo: the last publication is more than ten minutes old.", "Edit it instead."
        )
    before = _published_before(page, entry)
    if before is None:
        page.specific.unpublish(user=user)
        return "The page is off the site again."
    draft = page.get_latest_revision_as_object()  # the undone words, or what was written since
    before.publish(user=user, changed=True, log_action="wagtail.revert")
    draft.save_revision(user=user, changed=True, log_action=False)
    return "The version published before stands again; what was written after it is kept as a draft."


def _published_before(page: Page, entry: PageLogEntry) -> Revision | None:
    """The revision that stood on the site before the one of `entry`."""
    earlier = (
        PageLogEntry.objects.filter(page=page.pk, action__in=["wagtail.publish", "wagtail.revert", "wagtail.unpublish"])
        .filter(timestamp__lt=entry.timestamp)
        .order_by("-timestamp", "-pk")
        .first()
    )
    if earlier is None or earlier.action == "wagtail.unpublish" or earlier.revision_id is None:
        return None
    return Revision.objects.filter(pk=earlier.revision_id).first()
