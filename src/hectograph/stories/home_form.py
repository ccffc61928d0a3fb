"""The form of a front page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm

STAYS = "A front page stays: without it the language is off the site. Unpublish or take down single stories instead."


class HomeForm(WagtailAdminPageForm):
    """A breaking line whose hour has passed already is refused while it is written; one that had its time may stay. The
    page itself does not go by the clock."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        until = cleaned.get("breaking_until")
        touched = {"breaking_text", "breaking_until"} & set(self.changed_data)
        if touched and cleaned.get("breaking_text") and until and until <= timezone.now():
            self.add_error("breaking_until", "This hour has passed: the line would never show.")
        if cleaned.get("expire_at"):
            self.add_error("expire_at", STAYS)
        return cleaned
