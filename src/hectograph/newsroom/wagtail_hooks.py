"""What the newsroom adds to Wagtail's admin: how it is, on the home; acts on a story, in its menus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry

from hectograph.newsroom import health, late_stories
from hectograph.newsroom.access import admin_hooks  # noqa: F401 (registers its own)
from hectograph.newsroom.editing import (
    appeals,  # noqa: F401 (registers its own)
    letter_hooks,  # noqa: F401 (registers its own)
    newsletters,  # noqa: F401 (registers its own)
    notices,  # noqa: F401 (registers its own)
    readers_board,  # noqa: F401 (registers its own)
    statement_board,  # noqa: F401 (registers its own)
    support_board,  # noqa: F401 (registers its own)
    views,
)
from hectograph.newsroom.flows import undo
from hectograph.stories.byline import Byline
from hectograph.stories.story import Story


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("newsroom/undo/<int:pk>/", views.undo_publish, name="newsroom_undo"),
        path("newsroom/outsider/<int:pk>/", views.give_to_an_outsider, name="newsroom_outsider"),
        path("newsroom/take-down/<int:pk>/", views.take_down_story, name="newsroom_take_down"),
        path("newsroom/retire/<int:pk>/", views.retire_byline, name="newsroom_retire"),
    ]


class HealthPanel(Component):
    """Alarms first; when all is well, one quiet line."""

    order = 5

    def render_html(self, parent_context: Any = None) -> str:
        now = timezone.now()
        bad = [finding for finding in health.examine(now) if not finding.ok]
        stories = late_stories.overdue(now) or late_stories.unsettled(now)
        return render_to_string("newsroom/health.html", {"bad": bad, "late": stories})


@hooks.register("construct_homepage_panels")
def health_panel(request: Any, panels: list[Component]) -> None:
    panels.insert(0, HealthPanel())


class UndoItem(ActionMenuItem):
    """*Undo*, for ten minutes after Publish."""

    label = "Undo the last publication"
    icon_name = "undo"
    template_name = "newsroom/undo_item.html"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return bool(page and page.pk and undo.last_publish(page, timezone.now()))

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        context["undo_url"] = reverse("newsroom_undo", args=[parent_context["page"].pk])
        return context


@hooks.register("register_page_action_menu_item")
def undo_item() -> UndoItem:
    return UndoItem(order=90)


@hooks.register("register_page_header_buttons")
def story_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if not isinstance(page, Story) or not page.pk:
        return
    yield Button("Give to an outsider", reverse("newsroom_outsider", args=[page.pk]), icon_name="download", priority=80)
    if user.has_perm("stories.delete_topic"):
        yield Button("Take down", reverse("newsroom_take_down", args=[page.pk]), icon_name="bin", priority=90)


@hooks.register("register_snippet_listing_buttons")
def byline_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Byline) and user.has_perm("stories.delete_byline"):
        yield Button("Retire", reverse("newsroom_retire", args=[snippet.pk]), icon_name="bin", priority=90)


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("hectograph.give", "Give to an outsider", "Given to an outsider as one file")
