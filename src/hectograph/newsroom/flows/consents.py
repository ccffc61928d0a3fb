"""Consent: the words that the press shows beside the form are kept by `readers`, which keeps who agreed to them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from hectograph.press.consent import every
from hectograph.press.words import Vocabulary
from hectograph.readers import consent_text


def keep_current(now: datetime) -> None:
    """They come with the program, so that looking once at its start is enough."""
    spoken = [Vocabulary(code, settings.TIME_ZONE) for code, _ in settings.LANGUAGES]
    texts = [(one.version, words.language, one.text) for words in spoken for one in every(words)]
    consent_text.keep(texts, now)
