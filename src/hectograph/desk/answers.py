"""The desk's pages: files that the press rendered, with a few marked places. Read once, at the start."""

from __future__ import annotations

import html
from pathlib import Path

from hectograph.errors import Problem

# Each place is filled with escaped text.
PLACES = ("token", "address", "second_door", "language", "suggested")
NAMES = (
    *("sent", "again", "address", "meant", "watched", "refused", "busy", "link"),
    *("confirm", "confirmed", "leave", "left", "prefer", "saved"),
)


class Answers:
    """Pages by name and language, from `folder`/<language>/<name>.html."""

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._pages: dict[tuple[str, str], str] = {}
        for language in languages:
            for name in NAMES:
                path = folder / language / f"{name}.html"
                try:
                    self._pages[language, name] = path.read_text(encoding="utf-8")
                except FileNotFoundError as error:
                    raise Problem(
                        f"The desk's page {language}/{name}.html is missing.",
                        "The newsroom makes them: `hecto desk --configure`.",
                    ) from error

    def language(self, wanted: str) -> str:
        return wanted if wanted in self.languages else self.languages[0]

    def page(self, name: str, spoken: str, **places: str) -> bytes:
        """The page `name` in the language `spoken`, its places filled."""
        text = self._pages[self.language(spoken), name]
        for place in PLACES:
            text = text.replace(f"@@{place}@@", html.escape(places.get(place, ""), quote=True))
        return text.encode()
