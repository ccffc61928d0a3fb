"""The form in which a page is written. Nobody must think of an address: an empty one is made from the headline."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from hectograph.stories import slugs


class PageForm(WagtailAdminPageForm):
    """`slug` may be left empty, also while autosave keeps a page that is new."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("slug") == "" and cleaned.get("title"):
            cleaned["slug"] = self._free(slugs.slug_for(cleaned["title"]))
        return cleaned

    def _free(self, slug: str) -> str:
        """`slug`, or with a number behind it where another page beside this one has it."""
        return slugs.first_free(slug, lambda one: Page._slug_is_available(one, self.parent_page, self.instance))
