"""Whose clock an hour in a form goes by, said beside the field: an hour without a zone is a guess."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, PublishingPanel


def clock_words(before: str = "") -> str:
    """`before`, then the zone in which hours are read and shown, and what its clocks say now."""
    zone = timezone.get_current_timezone_name()
    said = _("By the newsroom's clock: %(zone)s, %(now)s now.") % {"zone": zone, "now": f"{timezone.localtime():%H:%M}"}
    return f"{before} {said}".strip()


_when_shown = lazy(clock_words, str)


def hour(name: str, help_text: str = "", **options: Any) -> FieldPanel:
    """The panel of a field that holds an hour."""
    return FieldPanel(name, help_text=_when_shown(help_text), **options)


class SchedulePanel(PublishingPanel):
    """Wagtail's own, which doesn't say whose hours it means."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for panel in self.children:
            panel.help_text = _when_shown()
