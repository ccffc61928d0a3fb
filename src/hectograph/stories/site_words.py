"""What stands on every page: one record for the site, and its words in each language."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from hectograph.money import Money
from hectograph.payments import offers

CURRENCIES = [(code, code) for code in offers.CURRENCIES]
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
    currency = models.CharField(max_length=3, default="USD", choices=CURRENCIES)
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
        InlinePanel("offers", heading="Support: further currencies"),
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
        _check_amounts(self)


def _check_amounts(row: SiteRecord | CurrencyOffer) -> None:
    """Nothing is offered that a desk would refuse: a page must not promise it."""
    least = offers.OFFER.least.get(row.currency, 0)
    try:
        written = {name: amounts(getattr(row, name)) for name in ("minimum", "once", "monthly", "annual")}
    except ArithmeticError:  # no amounts: said at the field already
        return
    for name, minors in written.items():
        floor = least if name == "minimum" else max(least, written["minimum"][0])
        if min(minors) < floor:
            words = f"The least is {Money(floor, row.currency).plain()} {row.currency}."
            raise ValidationError({name: words})


def amounts(text: str) -> tuple[int, ...]:
    """Minor units of what an editor wrote: `5, 12.50`. Every currency offered has two decimals."""
    return tuple(int(Decimal(part.strip()) * 100) for part in text.split(","))


class CurrencyOffer(models.Model):
    """A further currency of the support form, with amounts of its own."""

    site = ParentalKey(SiteRecord, on_delete=models.CASCADE, related_name="offers")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    once = models.CharField(max_length=80, default="5, 15, 50", validators=[_AMOUNTS])
    monthly = models.CharField(max_length=80, default="2, 5, 10", validators=[_AMOUNTS])
    annual = models.CharField(max_length=80, default="24, 60, 120", validators=[_AMOUNTS])
    minimum = models.CharField(max_length=10, default="2", validators=[_AMOUNTS])

    panels = [FieldPanel(name) for name in ("currency", "once", "monthly", "annual", "minimum")]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "currency"], name="offer_once_a_currency")]

    def __str__(self) -> str:
        return self.currency

    def clean(self) -> None:
        super().clean()
        _check_amounts(self)


class SiteWords(models.Model):
    site = ParentalKey(SiteRecord, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=10)
    name = models.CharField("name of the newsroom", max_length=80)
    tagline = models.CharField(max_length=160, blank=True)
    message_title = models.CharField("title of the message to readers", max_length=120, blank=True)
    message = models.TextField("message to readers", blank=True, help_text="An empty line between paragraphs.")
    crime_notice = models.TextField(
        "notice above the amounts: where giving is a crime",
        blank=True,
        help_text="Plain words, checked by a lawyer: it stands above the amounts on every story.",
    )
    crime_reviewed = models.DateField("the notice was last checked on", null=True, blank=True)
    money_use = models.TextField("how the money is used", blank=True, help_text="An empty line between paragraphs.")
    support_contact = models.CharField(
        "how to reach you about a gift",
        max_length=200,
        blank=True,
        help_text="Stands on the support page, where a reader lost the link: an address, or words.",
    )
    reminder_title = models.CharField(
        "title of the reminder in a reader's calendar",
        max_length=60,
        blank=True,
        help_text="Others may see a calendar. Left empty, it is a neutral word and nothing of you.",
    )
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
            "crime_notice",
            "crime_reviewed",
            "money_use",
            "support_contact",
            "reminder_title",
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

    def clean(self) -> None:
        super().clean()
        if self.crime_notice and not self.crime_reviewed:
            raise ValidationError({"crime_reviewed": "Say when the notice was last checked: laws change."})
