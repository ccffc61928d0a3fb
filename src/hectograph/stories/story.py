"""A story and what hangs on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from hectograph.stories import preview, slugs
from hectograph.stories.blocks import INLINE, STORY_BLOCKS
from hectograph.stories.by_the_clock import HourPanel, SchedulePanel
from hectograph.stories.story_form import StoryForm


class Story(Page):
    """The row holds what is published; drafts live in its revisions."""

    kicker = models.CharField(max_length=80, blank=True, help_text="A word or two above the headline.")
    standfirst = models.TextField(blank=True, help_text="One or two sentences under the headline.")
    place = models.CharField(max_length=80, blank=True)
    section = models.ForeignKey("stories.Section", on_delete=models.PROTECT, related_name="stories")
    lead_photo = models.ForeignKey("stories.Photo", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lead_caption = models.TextField(blank=True, help_text="For this story; empty takes the photo's own caption.")
    lead_alt = models.CharField(
        "alternative text", max_length=500, blank=True, help_text="For this story; empty takes the photo's own."
    )
    body = StreamField(STORY_BLOCKS, blank=True)
    staff = models.BooleanField("signed “Staff”", default=False)
    sensitive = models.BooleanField(default=False, help_text="No ask for support stands beside it.")
    dated = models.DateTimeField(
        null=True, blank=True, help_text="The date readers see. Empty: the moment it is first published."
    )

    base_form_class = StoryForm
    parent_page_types = ["stories.Home"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []  # the press serves everyone
    content_panels = [
        FieldPanel("kicker"),
        FieldPanel("title", heading="Headline"),
        FieldPanel("standfirst"),
        FieldPanel("section", help_text="A new story is kept as you type once it has a headline and a section."),
        InlinePanel("story_bylines", heading="Bylines", label="byline"),
        FieldPanel("staff"),
        FieldPanel("place"),
        MultiFieldPanel(
            [FieldPanel("lead_photo"), FieldPanel("lead_caption"), FieldPanel("lead_alt")], heading="Lead picture"
        ),
        FieldPanel("body"),
        InlinePanel("corrections", heading="Corrections", label="correction"),
    ]
    promote_panels = [
        InlinePanel("story_topics", heading="Topics", label="topic"),
        InlinePanel("hand_picked", heading="Read more, by hand", label="story", max_num=4),
        FieldPanel("sensitive"),
        FieldPanel("slug", heading="Address", help_text="The last part of it. Empty: made from the headline."),
        HourPanel("dated"),
    ]
    settings_panels = [SchedulePanel()]
    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.FilterField("section_id"),
    ]

    class Meta:
        verbose_name = "story"
        verbose_name_plural = "stories"

    @property
    def shown_date(self) -> datetime | None:
        """The date readers see, UTC; None for a story that was never published and bears no date."""
        return self.dated or self.first_published_at

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        slugs.fill(self)
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        slugs.check(self.slug)
        if self.section_id and self.locale_id and self.section.locale_id != self.locale_id:
            raise ValidationError({"section": "This section is of another language than the story."})

    def get_url_parts(self, *args: Any, **kwargs: Any) -> None:
        """Readers' addresses are the press's work; Wagtail's own serving is off."""
        return

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return preview.respond(self, request)


class StoryByline(Orderable):
    page = ParentalKey(Story, on_delete=models.CASCADE, related_name="story_bylines")
    byline = models.ForeignKey("stories.Byline", on_delete=models.CASCADE, related_name="signed")

    panels = [FieldPanel("byline")]


class StoryTopic(Orderable):
    page = ParentalKey(Story, on_delete=models.CASCADE, related_name="story_topics")
    topic = models.ForeignKey("stories.Topic", on_delete=models.CASCADE, related_name="filed")

    panels = [FieldPanel("topic")]


class HandPicked(Orderable):
    """*Read more* as the editor chose it."""

    page = ParentalKey(Story, on_delete=models.CASCADE, related_name="hand_picked")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("story", "stories.Story")]


class StoryCorrection(Orderable):
    KINDS = [("correction", "Correction"), ("clarification", "Clarification"), ("update", "Update")]

    page = ParentalKey(Story, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=20, choices=KINDS, default="correction")
    at = models.DateTimeField("date", default=timezone.now)
    text = RichTextField(features=INLINE)

    panels = [FieldPanel("kind"), HourPanel("at"), FieldPanel("text")]
