"""An appeal as editors fill it in: one form for the row, its words in each language, its amounts in each currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hectograph.stories.by_the_clock import clock_words
from hectograph.stories.feed.site import site
from hectograph.stories.press_state import Address
from hectograph.stories.section import Section
from hectograph.stories.site_words import amounts
from hectograph.support.appeal import AMOUNTS, Appeal, AppealAmounts, AppealText

FREQUENCIES = ("once", "monthly", "annual")
_TIME = "%Y-%m-%dT%H:%M"


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"


class AppealForm(forms.ModelForm):
    """`goal` is written like `5000`; `stories` are addresses on the site, one a line."""

    goal_amount = forms.DecimalField(
        label=gettext_lazy("Goal (empty: none)"), min_value=1, decimal_places=0, required=False
    )
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Only in these sections"), required=False, widget=forms.CheckboxSelectMultiple
    )
    story_addresses = forms.CharField(
        label=gettext_lazy("Only beside these stories (addresses, one a line)"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    class Meta:
        model = Appeal
        fields = (
            *("slug", "starts", "ends", "in_banner", "after_story", "on_page"),
            *("frequency", "choice", "goal_amount", "currency", "sections", "story_addresses"),
        )
        widgets = {"starts": _Moment(format=_TIME), "ends": _Moment(format=_TIME)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name in ("starts", "ends"):
            self.fields[name].help_text = clock_words()
        self.offers = {offer.currency: offer for offer in site().support.offers}
        row = self.instance
        codes = [(code, code) for code in self.offers]
        self.fields["currency"] = forms.ChoiceField(label=_("Currency of the goal"), choices=codes)
        self.fields["sections"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.name} ({one.locale.language_code})")
            for one in Section.objects.select_related("locale")
        ]
        self.initial["sections"] = [str(pk) for pk in row.sections]
        self.initial["goal_amount"] = row.goal // 100 or None
        paths = Address.objects.filter(page__in=row.stories, current=True).values_list("path", flat=True)
        self.initial["story_addresses"] = "\n".join(f"/{path}" for path in paths)
        self._add_words()
        self._add_amounts()
        self.order_fields(["slug", *(name for name in self.fields if name.startswith(("title_", "text_")))])

    def _add_words(self) -> None:
        there = {text.language: text for text in self.instance.texts.all()} if self.instance.pk else {}
        for code, language in settings.LANGUAGES:
            text = there.get(code)
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title (%(language)s)") % {"language": language},
                max_length=120,
                required=False,
                initial=text.title if text else "",
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text (%(language)s); an empty line between paragraphs") % {"language": language},
                required=False,
                initial=text.text if text else "",
                widget=forms.Textarea({"rows": 4}),
            )

    def _add_amounts(self) -> None:
        there = {one.currency: one for one in self.instance.amounts.all()} if self.instance.pk else {}
        for currency in self.offers:
            for frequency in FREQUENCIES:
                often = {"often": Appeal.Frequency(frequency).label, "currency": currency}
                self.fields[f"{frequency}_{currency}"] = forms.CharField(
                    label=_("%(often)s, %(currency)s (empty: as always)") % often,
                    max_length=80,
                    required=False,
                    initial=getattr(there.get(currency), frequency, ""),
                    validators=[AMOUNTS],
                )

    def clean_story_addresses(self) -> list[int]:
        """Numbers of the stories behind the addresses."""
        base, found = site().base_url, []
        for line in self.cleaned_data["story_addresses"].split():
            path = line.removeprefix(base).lstrip("/")
            address = Address.objects.filter(path=path).first()
            if address is None:
                raise ValidationError(_("No page of the site stands at %(address)s."), params={"address": line})
            found.append(address.page)
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for currency, offer in self.offers.items():
            for frequency in FREQUENCIES:
                typed = data.get(f"{frequency}_{currency}")
                if typed and min(amounts(typed)) < offer.minimum:
                    self.add_error(f"{frequency}_{currency}", _("Less than the least that is taken."))
        if not any(data.get(f"title_{code}") for code in dict(settings.LANGUAGES)):
            raise ValidationError(_("Write a title in one language at least."))
        return data

    @transaction.atomic
    def keep(self) -> Appeal:
        """Store the row, its words and its amounts."""
        data, row = self.cleaned_data, self.instance
        row.goal = int((data["goal_amount"] or Decimal()) * 100)
        row.sections, row.stories = [int(pk) for pk in data["sections"]], data["story_addresses"]
        row.save()
        for code in dict(settings.LANGUAGES):
            words = {"title": data[f"title_{code}"], "text": data[f"text_{code}"]}
            AppealText.objects.update_or_create(appeal=row, language=code, defaults=words)
        for currency in self.offers:
            offered = {frequency: data[f"{frequency}_{currency}"] for frequency in FREQUENCIES}
            AppealAmounts.objects.update_or_create(appeal=row, currency=currency, defaults=offered)
        return row
