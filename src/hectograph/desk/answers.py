"""The desk's pages: files that the press rendered, with a few marked places. Read once, at the start."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from hectograph.errors import Problem

# Each place is filled with escaped text; `kept` with hidden fields, so that nobody has to type anything twice.
PLACES = ("token", "address", "language", "suggested", "action", "kept")
NAMES = (
    *("sent", "again", "address", "foreign", "meant", "watched", "refused", "busy", "link"),
    *("confirm", "confirmed", "leave", "left", "erased", "prefer", "saved"),
)
_PLACE = re.compile(f"@@({'|'.join(PLACES)})@@")
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Answers:
    """Pages by name and language, from `folder`/<language>/<name>.html."""

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._pages: dict[tuple[str, str], list[str]] = {}  # text and names of places by turns
        for language in languages:
            for name in NAMES:
                path = folder / language / f"{name}.html"
                try:
                    self._pages[language, name] = _PLACE.split(path.read_text(encoding="utf-8"))
                except FileNotFoundError as error:
                    raise Problem(
                        f"The desk's page {language}/{name}.html is missing.",
                        "The newsroom makes them: `hecto desk --configure`.",
                    ) from error

    def language(self, wanted: str) -> str:
        return wanted if wanted in self.languages else self.languages[0]

    def preferred(self, accepted: str) -> str:
        """The first of a browser's languages (Accept-Language, in its order) that there are pages in."""
        for part in accepted[:200].split(","):
            code = part.partition(";")[0].strip().lower()
            for one in (code, code.partition("-")[0]):
                if one in self.languages:
                    return one
        return self.languages[0]

    def page(self, name: str, spoken: str, kept: Mapping[str, str] = _NOTHING, **places: str) -> bytes:
        """The page `name` in the language `spoken`, its places filled; `kept` are fields to post once more."""
        parts = self._pages[self.language(spoken), name]
        filled = {place: html.escape(text, quote=True) for place, text in places.items()}
        filled["kept"] = "".join(_hidden(field, value) for field, value in kept.items())
        return "".join(filled.get(part, "") if odd % 2 else part for odd, part in enumerate(parts)).encode()


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{html.escape(name, quote=True)}" value="{html.escape(value, quote=True)}">'
