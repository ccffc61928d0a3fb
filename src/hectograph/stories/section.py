"""Sections and topics: what lists are made of. The same one in another language shares its translation key."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index

from hectograph.stories import slugs
from hectograph.stories.name_form import NameForm


class Section(index.Indexed, TranslatableMixin, models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=100, help_text="Lower stands further left in the menu.")
    in_menu = models.BooleanField(default=True)

    base_form_class = NameForm
    panels = [
        FieldPanel("name"),
        FieldPanel("slug", heading="Address", help_text="Empty: made from the name."),
        *(FieldPanel(name) for name in ("description", "order", "in_menu")),
    ]
    search_fields = [index.AutocompleteField("name"), index.SearchField("name"), index.FilterField("locale_id")]

    class Meta(TranslatableMixin.Meta):
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["locale", "slug"], name="one_section_a_slug")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if slugs.is_taken(self.slug):
            raise ValidationError({"slug": f"“{self.slug}” is an address of the press's own. Choose another one."})


class Topic(index.Indexed, TranslatableMixin, models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80)

    base_form_class = NameForm
    panels = [FieldPanel("name"), FieldPanel("slug", heading="Address", help_text="Empty: made from the name.")]
    search_fields = [index.AutocompleteField("name"), index.SearchField("name"), index.FilterField("locale_id")]

    class Meta(TranslatableMixin.Meta):
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["locale", "slug"], name="one_topic_a_slug")]

    def __str__(self) -> str:
        return self.name
