"""The form of what has a name: an empty address is made from it."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from hectograph.stories import slugs


class NameForm(WagtailAdminModelForm):
    """`slug` may be left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        name = self.name_of(cleaned)
        if cleaned.get("slug") == "" and name:
            cleaned["slug"] = self._free(slugs.slug_for(name, otherwise=self._meta.model._meta.model_name))
        return cleaned

    def name_of(self, cleaned: dict[str, Any]) -> str:
        """What an address is made from; empty where there is nothing to make it from."""
        return str(cleaned.get("name") or "")

    def _free(self, slug: str) -> str:
        """`slug`, or with a number behind it where it is taken (in this language, where it has one)."""
        others = self._meta.model.objects.exclude(pk=self.instance.pk)
        if locale := getattr(self.instance, "locale_id", None):
            others = others.filter(locale=locale)
        there = set(others.values_list("slug", flat=True))
        return slugs.first_free(slug, lambda one: one not in there and not slugs.is_taken(one))
