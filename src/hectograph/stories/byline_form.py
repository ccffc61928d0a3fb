"""The form of a byline: an empty address is made from its name."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from hectograph.stories.name_form import NameForm


class BylineForm(NameForm):
    """Its names stand in rows of their own, one a language; the first language that has one gives the address."""

    def name_of(self, cleaned: dict[str, Any]) -> str:
        rows = self.formsets["names"].forms
        names = {row["language"].value(): row["name"].value() or "" for row in rows if not _is_deleted(row)}
        ordered = sorted(names, key=_place)
        return next((names[code] for code in ordered if names[code].strip()), "")


def _place(code: str | None) -> int:
    """Where a language stands among the newsroom's own."""
    codes = [one for one, _ in settings.LANGUAGES]
    return codes.index(code) if code in codes else len(codes)


def _is_deleted(row: Any) -> bool:
    return "DELETE" in row.fields and bool(row["DELETE"].value())
