"""The tables of words beside this room's code: what many systems say, one phrase a line, in `words/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any


def load(name: str) -> dict[str, Any]:
    """The table `words/NAME.toml`."""
    return tomllib.loads((resources.files("hectograph.post") / "words" / f"{name}.toml").read_text("utf-8"))


def any_of(phrases: Sequence[str], around: str = "{}") -> re.Pattern[str]:
    """A pattern that finds any of the phrases, which are regular expressions; `around` is what stands around them."""
    return re.compile(around.replace("{}", "(?:" + "|".join(phrases) + ")"), re.IGNORECASE | re.DOTALL)
