"""What readers agree to: one source a language, the table `consent` of its file in `locale/`. A text's version is made
of the text, so that words can't change under a version that somebody agreed to. Page, mail and pay page show these.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from hectograph.press.words import Vocabulary


@dataclass(frozen=True)
class Agreement:
    """`version` goes with a form and is kept with the consent: the start of the text's SHA-256."""

    version: str
    text: str


def agreement(words: Vocabulary, name: str) -> Agreement:
    """The text `name` of the table, in the language of `words`."""
    text = words.texts("consent")[name]
    return Agreement(hashlib.sha256(text.encode()).hexdigest()[:8], text)


def to_letters(words: Vocabulary, offered: int) -> Agreement:
    """What stands beside the sign-up form, where so many newsletters are offered."""
    return agreement(words, "letters" if offered > 1 else "letter")


def every(words: Vocabulary) -> list[Agreement]:
    """All that a reader of this language may be asked to agree to."""
    return [agreement(words, name) for name in words.texts("consent")]
