"""The admin's search finds a word in its other forms, too: what is typed is cut to the stem before it is looked for.

Lists and choosers look for beginnings of words, so a stem finds them all. `settings.WAGTAILSEARCH_BACKENDS` names this
module.
"""

from __future__ import annotations

import re
from typing import Any

import snowballstemmer
from wagtail.search.backends import database

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"\w{4,}")
_LANGUAGES = {True: "russian", False: "english"}


def beginnings(query: str) -> str:
    """`query` with each word as far as its forms begin alike: “счётчиков” → “счётчик”."""
    return _WORD.sub(_beginning, query)


def _beginning(found: re.Match[str]) -> str:
    word = found[0].lower()
    # A stemmer holds its word, and requests run side by side: each word has its own.
    stem: str = snowballstemmer.stemmer(_LANGUAGES[bool(_CYRILLIC.search(word))]).stemWord(word)
    spelt = word.replace("ё", "е")  # as the stemmer does
    while not spelt.startswith(stem):  # “happi” is where “happy” and “happily” meet, but begins neither
        stem = stem[:-1]
    return word[: len(stem)]


def SearchBackend(params: dict[str, Any]) -> Any:
    """The database's own, whichever it is."""
    backend = database.SearchBackend(params)
    as_typed = backend.autocomplete

    def autocomplete(query: Any, *rest: Any, **options: Any) -> Any:
        return as_typed(beginnings(query) if isinstance(query, str) else query, *rest, **options)

    backend.autocomplete = autocomplete
    return backend
