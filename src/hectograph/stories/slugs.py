"""Addresses from headlines: Latin letters, digits and hyphens, whatever the headline holds."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80

# The scheme that Russian-language news sites share (near to passport transliteration), with Ukrainian and Belarusian.
_CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
    "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "",
    "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u",
}  # fmt: skip
_OTHER_LATIN = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_TABLE = str.maketrans({**_CYRILLIC, **_OTHER_LATIN})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slug_for(text: str) -> str:
    """A slug of at most 80 characters, cut at a word; `story` where nothing of `text` can be spelt in Latin letters."""
    spelt = unicodedata.normalize("NFC", text).lower().translate(_TABLE)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", plain.replace("'", "")).strip("-")
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug.strip("-") or "story"
