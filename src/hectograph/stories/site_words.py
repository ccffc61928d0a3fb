"""What stands on every page: one record for the site, and its words in each language."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

_AMOUNTS = RegexValidator(r"^\s*\d+(\.\d\d)?(\s*,\s*\d+(\.\d\d)?){0,5}\s*$", "Write amounts like 5, 15, 50.")


@register_setting(icon="site")
class SiteRecord(ClusterableModel, BaseGenericSetting):
    """One row. A change of it rebuilds the site in the background, and `version` says which one a page shows."""

    base_url = models.CharField(
        "address of the site",
        max_length=200,
        default="https://newsroom.example",
        validators=[URLValidator(["https", "http"])],
    )
    lite = models.BooleanField("pages without pictures too", default=True)
    currency = models.CharField(max_length=3, default="USD", validators=[RegexValidator("^[A-Z]{3}$")])
    once = models.CharField(max_length=80, default="5, 15, 50", validators=[_AMOUNTS])
    monthly = models.CharField(max_length=80, default="2, 5, 10", validators=[_AMOUNTS])
    annual = models.CharField(max_length=80, default="24, 60, 120", validators=[_AMOUNTS])
    minimum = models.CharField(max_length=10, default="2", validators=[_AMOUNTS])
    support_action = models.URLField("where the support form goes", blank=True)
    remind_action = models.URLField("where “Remind me later” goes", blank=True)
    letter_action = models.URLField("where the letter's form goes", blank=True)
    letter_second_action = models.URLField("its second door: another desk", blank=True)
    intake_key = models.CharField(max_length=64, blank=True, editable=False)  # what browsers seal the form to
    version = models.PositiveIntegerField(default=1, editable=False)

    panels = [
        FieldPanel("base_url"),
        FieldPanel("lite"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("currency", "once", "monthly", "annual", "minimum")],
            heading="Support: amounts offered",
        ),
        MultiFieldPanel(
            [
                FieldPanel("support_action"),
                FieldPanel("remind_action"),
                FieldPanel("letter_action"),
                FieldPanel("letter_second_action"),
            ],
            heading="Where forms go (empty: the form says that it isn't connected yet)",
        ),
        InlinePanel("words", heading="Words in each language"),
    ]

    class Meta:
        verbose_name = "Site"

    def clean(self) -> None:
        super().clean()
        if self.base_url.endswith("/"):
            raise ValidationError({"base_url": "Write the address without a slash at the end."})


class SiteWords(models.Model):
    site = ParentalKey(SiteRecord, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=10)
    name = models.CharField("name of the newsroom", max_length=80)
    tagline = models.CharField(max_length=160, blank=True)
    message_title = models.CharField("title of the message to readers", max_length=120, blank=True)
    message = models.TextField("message to readers", blank=True, help_text="An empty line between paragraphs.")
    letter_title = models.CharField(max_length=120, blank=True)
    letter_text = models.CharField(max_length=300, blank=True)
    notice = models.TextField("notice that the law demands", blank=True)
    footer = models.CharField(max_length=300, blank=True)

    panels = [
        FieldPanel(name)
        for name in (
            "language",
            "name",
            "tagline",
            "message_title",
            "message",
            "letter_title",
            "letter_text",
            "notice",
            "footer",
        )
    ]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "language"], name="words_once_a_language")]

    def __str__(self) -> str:
        return self.name
