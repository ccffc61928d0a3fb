"""Whose clock an hour in a form goes by, said beside the field: an hour without a zone is a guess."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, PublishingPanel


def clock_words(before: str = "", zone: tzinfo | None = None) -> str:
    """`before`, then the zone in which hours are read and shown (the newsroom's own, without another), and what its
    clocks say now."""
    zone = zone or timezone.get_current_timezone()
    now = timezone.localtime(timezone=zone)
    said = _("By the newsroom's clock: %(zone)s, %(now)s now.") % {"zone": zone, "now": f"{now:%H:%M}"}
    return f"{before} {said}".strip()


_when_shown = lazy(clock_words, str)


class HourPanel(FieldPanel):
    """The panel of a field that holds an hour."""

    def on_model_bound(self) -> None:
        super().on_model_bound()
        self.help_text = _when_shown(self.db_field.help_text)


class SchedulePanel(PublishingPanel):
    """Wagtail's own, which doesn't say whose hours it means."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for panel in self.children:
            panel.help_text = _when_shown()
