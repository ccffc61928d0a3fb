"""The front page of one language."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, Page

from hectograph.stories.by_the_clock import HourPanel, SchedulePanel
from hectograph.stories.home_form import HomeForm

_LINK = re.compile(r"https?://\S+|[\w.~/#%-]*", re.A)  # nothing that a browser would run


class Home(Page):
    """Hand-placed lead stories first, the newest after them, and perhaps a breaking line above."""

    breaking_text = models.CharField(max_length=200, blank=True)
    breaking_link = models.CharField(
        max_length=500, blank=True, help_text="A page of ours (/en/2026/11/a-story.html) or a whole address."
    )
    breaking_until = models.DateTimeField(null=True, blank=True, help_text="The line goes by itself at this time.")

    base_form_class = HomeForm
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["stories.Story", "stories.PlainPage"]
    private_page_options: list[str] = []  # the press serves everyone
    content_panels = [
        *Page.content_panels,
        InlinePanel("leads", heading="Lead stories", max_num=7, help_text="The newest stories follow by themselves."),
        MultiFieldPanel(
            [
                FieldPanel("breaking_text"),
                FieldPanel("breaking_link"),
                HourPanel("breaking_until"),
            ],
            heading="Breaking line",
        ),
    ]
    promote_panels = [FieldPanel("slug")]
    settings_panels = [SchedulePanel()]

    class Meta:
        verbose_name = "front page"

    def clean(self) -> None:
        super().clean()
        if self.breaking_text and self.breaking_until is None:
            raise ValidationError({"breaking_until": "Say until when the line stands: without an end it never shows."})
        if not _LINK.fullmatch(self.breaking_link):
            raise ValidationError(
                {"breaking_link": "A page of ours (/en/2026/11/a.html) or a whole address, https://…"}
            )

    def add_child(self, **kwargs: Any) -> Any:
        """Two editors may begin a story in the same moment: the second waits here, and looks again where there is
        room."""
        with transaction.atomic():
            Page.objects.select_for_update().get(pk=self.pk)
            self.refresh_from_db(fields=["path", "depth", "numchild"])
            return super().add_child(**kwargs)


class HomeLead(Orderable):
    page = ParentalKey(Home, on_delete=models.CASCADE, related_name="leads")
    story = models.ForeignKey("stories.Story", on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("story", "stories.Story")]
