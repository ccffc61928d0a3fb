"""A name that signs stories. It is no account: no log-in, no address, nothing that leads to a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.search import index

from hectograph.stories.byline_form import BylineForm


class Byline(index.Indexed, ClusterableModel):
    slug = models.SlugField(max_length=120, unique=True, help_text="Latin letters; stands in the address of its page.")
    photo = models.ForeignKey("stories.Photo", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    base_form_class = BylineForm
    panels = [
        InlinePanel("names", heading="Name or pseudonym in each language", label="name", min_num=1),
        FieldPanel("slug", heading="Address", help_text="The last part of its page's. Empty: made from the name."),
        FieldPanel("photo"),
    ]
    search_fields = [index.AutocompleteField("slug"), index.SearchField("all_names")]

    def __str__(self) -> str:
        return self.all_names() or self.slug

    def all_names(self) -> str:
        """Its names in every language, joined: what the admin shows and finds."""
        return " / ".join(dict.fromkeys(name.name for name in self.names.all()))


class BylineName(models.Model):
    byline = ParentalKey(Byline, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True, help_text="A sentence or two for the byline's page.")

    panels = [FieldPanel("language"), FieldPanel("name"), FieldPanel("about")]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["byline", "language"], name="one_name_a_language")]

    def __str__(self) -> str:
        return self.name
