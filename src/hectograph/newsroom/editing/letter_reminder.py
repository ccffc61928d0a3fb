"""On the admin's home: a letter whose hour comes near and that nobody has approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from hectograph.letters.edition import Edition
from hectograph.newsroom.editing.letter_views import languages
from hectograph.newsroom.flows import newsletters, next_letter


class LetterPanel(Component):
    order = 4

    def render_html(self, parent_context: Any = None) -> str:
        now = timezone.now()
        rows = [_row(edition, now) for edition in next_letter.near(now)]
        return (
            render_to_string("newsroom/letters/reminder.html", {"rows": rows, "language": languages()[0]})
            if rows
            else ""
        )


def _row(edition: Edition, now: datetime) -> dict[str, object]:
    missed = edition.planned_at is not None and edition.planned_at <= now
    return {"edition": edition, "name": newsletters.name_of(edition.newsletter, languages()[0]), "missed": missed}


@hooks.register("construct_homepage_panels", order=20)
def letter_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm("letters.change_edition"):
        panels.insert(1, LetterPanel())
