"""The demo's letters: one that went out last week, and Friday's, ready to be approved."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from hectograph.letters import composing, schedule
from hectograph.letters.edition import Edition, State
from hectograph.letters.letter import Entry, Letter
from hectograph.newsroom.demo.sample_files import read_toml
from hectograph.newsroom.flows import letter_records
from hectograph.readers.importing import bring_in
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from hectograph.stories.story import Story

_NEWSLETTER = "weekly"


def load(folder: Path, stories: dict[tuple[str, str], Story]) -> None:
    """Put the sample letters into a newsroom that has none. `stories` are by key and language."""
    if Edition.objects.exists():
        return
    rhythm = schedule.read(settings.HECTO_LETTER_TIME)
    friday = schedule.next_day(rhythm, timezone.now(), settings.TIME_ZONE)
    for sample in read_toml(folder / "letter.toml")["letter"]:
        sent = sample["state"] == "sent"
        edition = _edition(friday - timedelta(days=7 if sent else 0), sample, stories)
        if sent:
            at = letter_records.noon_of(edition)
            Edition.objects.filter(pk=edition.pk).update(
                state=State.DONE, frozen_count=0, frozen_at=at, done_at=at, send_at=at
            )
            Letter.objects.filter(edition=edition).update(published_at=at)


def readers(vault: Vault, folder: Path) -> None:
    """A few readers, by the door that lists from elsewhere come in by; a list that has readers is left alone."""
    languages = tuple(code for code, _ in settings.LANGUAGES)
    if not Subscriber.objects.exists():
        first = languages[0]
        bring_in(
            vault, folder / "readers.csv", timezone.now(), columns={}, language=first, languages=languages, store=True
        )


def _edition(day: date, sample: dict[str, Any], stories: dict[tuple[str, str], Story]) -> Edition:
    languages = [code for code, _ in settings.LANGUAGES]
    edition = composing.begin(_NEWSLETTER, day, settings.TIME_ZONE, languages)
    for letter in edition.letters.all():
        words = sample.get(letter.language)
        if words:
            _write(letter, words, stories)
    return edition


def _write(letter: Letter, words: dict[str, Any], stories: dict[tuple[str, str], Story]) -> None:
    letter.subject, letter.preheader = words["subject"], words["preheader"]
    letter.introduction = words["introduction"].strip()
    letter.save()
    for row in words["entries"]:
        if "section" in row:
            composing.add_heading(letter, row["section"])
        elif story := stories.get((row["story"], letter.language)):
            made = composing.add_story(letter, story.pk)
            values = {"note": row.get("note", ""), "full": row.get("full", False), "picture": row.get("picture", True)}
            Entry.objects.filter(pk=made.pk).update(**values)
