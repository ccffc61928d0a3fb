"""Plain pages: About, Privacy policy, How to read us when we are blocked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from hectograph.stories import preview, slugs
from hectograph.stories.blocks import PLAIN_BLOCKS
from hectograph.stories.by_the_clock import SchedulePanel
from hectograph.stories.page_form import PageForm


class PlainPage(Page):
    ROLES = [
        ("", "A page like any other"),
        ("about", "About us"),
        ("privacy", "Privacy policy"),
        ("how_to_read", "How to read us when we are blocked"),
    ]
    role = models.CharField(
        max_length=20, choices=ROLES, blank=True, help_text="Every page of the site links to the ones with a role."
    )
    body = StreamField(PLAIN_BLOCKS, blank=True)

    base_form_class = PageForm
    parent_page_types = ["stories.Home"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []  # the press serves everyone
    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = [
        FieldPanel("role"),
        FieldPanel("slug", heading="Address", help_text="The last part of it. Empty: made from the title."),
    ]
    settings_panels = [SchedulePanel()]

    class Meta:
        verbose_name = "plain page"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        slugs.fill(self)
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        slugs.check(self.slug)
        others = PlainPage.objects.filter(role=self.role, locale=self.locale_id).exclude(pk=self.pk)
        if self.role and (other := others.first()):
            words = f"“{other.title}” is that page already. Take the role from it first: every page links to one alone."
            raise ValidationError({"role": words})

    def get_url_parts(self, *args: Any, **kwargs: Any) -> None:
        """Readers' addresses are the press's work; Wagtail's own serving is off."""
        return

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return preview.respond(self, request)
