"""The form of a section or a topic: an empty address is made from its name."""

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
        if cleaned.get("slug") == "" and cleaned.get("name"):
            cleaned["slug"] = self._free(slugs.slug_for(cleaned["name"]))
        return cleaned

    def _free(self, slug: str) -> str:
        """`slug`, or with a number behind it where it is taken in this language."""
        others = self._meta.model.objects.filter(locale=self.instance.locale_id).exclude(pk=self.instance.pk)
        there = set(others.values_list("slug", flat=True))
        return slugs.first_free(slug, lambda one: one not in there and not slugs.is_taken(one))
