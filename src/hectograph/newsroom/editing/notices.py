"""What the workflow has to tell a person, on the admin's home: mail is off, so it stands here.

Who must approve something sees it in Wagtail's own panel; what was answered to one's own submissions is said here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState, WorkflowState

SHOWN_FOR = timedelta(days=7)
_MOST = 20


@dataclass(frozen=True)
class Notice:
    """An answer to what someone submitted: `approved`, or sent back with `words`."""

    page: Page
    approved: bool
    by: str
    words: str
    at: datetime


def notices_for(user: AbstractBaseUser, now: datetime) -> list[Notice]:
    """Answers of the last week to the stories that `user` submitted, the newest first. One that was sent back stays
    until it is submitted again; one's own answers are none."""
    answered = TaskState.objects.filter(
        workflow_state__requested_by=user,
        status__in=(TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED),
        finished_at__gte=now - SHOWN_FOR,
    ).exclude(finished_by=user)
    rows = answered.select_related("workflow_state", "finished_by").order_by("-finished_at")[:_MOST]
    return [notice for row in rows if (notice := _notice(row))]


def _notice(row: TaskState) -> Notice | None:
    state = row.workflow_state
    approved = row.status == TaskState.STATUS_APPROVED
    stands = state.status == (WorkflowState.STATUS_APPROVED if approved else WorkflowState.STATUS_NEEDS_CHANGES)
    page = state.content_object
    if not stands or state.current_task_state_id != row.pk or not isinstance(page, Page) or row.finished_at is None:
        return None
    by = row.finished_by.get_username() if row.finished_by else ""
    return Notice(page, approved, by, row.comment, row.finished_at)


class NoticesPanel(Component):
    order = 6

    def __init__(self, user: AbstractBaseUser) -> None:
        self.user = user

    def render_html(self, parent_context: Any = None) -> str:
        notices = notices_for(self.user, timezone.now())
        return render_to_string("newsroom/notices.html", {"notices": notices}) if notices else ""


@hooks.register("construct_homepage_panels", order=10)
def notices_panel(request: Any, panels: list[Component]) -> None:
    panels.insert(1, NoticesPanel(request.user))
