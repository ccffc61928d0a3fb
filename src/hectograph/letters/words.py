"""The words of the letter in each language. Pure."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

_FALLBACK = "en"


@cache
def of(language: str) -> dict[str, str]:
    """The letter's words; in English where `language` has none."""
    folder = files("hectograph.letters") / "texts"
    file = folder / f"{language}.toml"
    chosen = file if file.is_file() else folder / f"{_FALLBACK}.toml"
    return tomllib.loads(chosen.read_text(encoding="utf-8"))
