"""Where a page of another system stood, as a file of a static site that can lead on from there."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings

_LONGEST, _LONGEST_PART = 280, 200  # characters; bytes of a folder's name
_SAFE = frozenset("-_.~+,@")
_PAGES = (".html", ".htm")
_FILES = (*_PAGES, ".xml", ".json", ".txt", ".js", ".css", ".br", ".gz")  # names that may be files of the site
_OURS = frozenset({"lite", "media", "search", "sitemaps", "reader", "letters"})


@dataclass(frozen=True)
class OldAddress:
    """`path` of the file that leads on; empty where there can be none, `why` then says why, in words for a report."""

    path: str = ""
    why: str = ""


def old_address(url: str) -> OldAddress:
    """The file that a static host serves for `url`, unless it would stand in the way of a page of ours."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return OldAddress(why="its old address can't be read")
    path = unicodedata.normalize("NFC", unquote(parts.path)).strip("/")
    if parts.query:
        return OldAddress(why=f"its old address (?{parts.query[:60]}) can't lead here from a static host")
    if not path:
        return OldAddress()
    file = path if path.lower().endswith(_PAGES) else f"{path}/index.html"
    if not _is_safe(file):
        return OldAddress(why="its old address has characters that a file can't have")
    if _is_ours(file.split("/")):
        return OldAddress(why=f"its old address (/{path[:80]}) is one of the press's own")
    return OldAddress(file)


def _is_safe(file: str) -> bool:
    names = file.split("/")
    readable = all(letter.isalnum() or letter in _SAFE for name in names for letter in name)
    short = len(file) <= _LONGEST and all(0 < len(name.encode()) <= _LONGEST_PART for name in names)
    return readable and short and not any(name.startswith(".") or name.endswith(".aside") for name in names)


def _is_ours(names: list[str]) -> bool:
    """A folder named like a file of the site, or a place where the press puts something of its own."""
    if any(name.lower().endswith(_FILES) for name in names[:-1]):
        return True
    languages = {code for code, _ in settings.LANGUAGES}
    if len(names) == 1 or names[0] in _OURS:
        return names[0] in _OURS or names[0] in ("index.html", "404.html")
    if names[0] not in languages:
        return False
    by_date = len(names) >= 4 and names[1].isdigit() and names[2].isdigit()
    return len(names) == 2 or not (by_date or names[-1] == "index.html")
