"""A picture of the library. What is kept is the cleaned picture alone: the upload's metadata never reaches the disk."""

from __future__ import annotations

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index


class Photo(AbstractImage):
    """`files` are the press's renditions, each [kind, width, height, format, path in MEDIA_ROOT]; kind: full, card."""

    caption = models.TextField(blank=True, help_text="What is seen, who, where, when. A story can say its own.")
    credit = models.CharField(max_length=200, help_text="Who made it; printed under the picture.")
    licence = models.CharField(max_length=200, blank=True, help_text="For instance CC BY 4.0.")
    alt = models.CharField(
        "alternative text", max_length=500, blank=True, help_text="For those who can't see it: what the picture shows."
    )
    reusable = models.BooleanField("may be re-used", default=False)
    files = models.JSONField(default=list, blank=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "collection",
        "caption",
        "credit",
        "alt",
        "licence",
        "reusable",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [*AbstractImage.search_fields, index.SearchField("caption"), index.SearchField("credit")]

    class Meta(AbstractImage.Meta):
        verbose_name = "photo"
        verbose_name_plural = "photos"

    @property
    def default_alt_text(self) -> str:
        return self.alt


class AdminRendition(AbstractRendition):
    """Small pictures for the admin's own lists; the press never uses them."""

    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
