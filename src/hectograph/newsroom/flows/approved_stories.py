"""Stories as a letter's approval fixed them: by their revision, so that the mail and its web version say the same, also
when a story is edited after the approval. Whatever is taken down is gone from both kinds of rows, and from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone
from wagtail.models import Revision

from hectograph.letters.edition import Edition
from hectograph.letters.letter import Entry
from hectograph.press import records
from hectograph.stories.feed import unsaved
from hectograph.stories.story import Story


def fix(edition: Edition) -> None:
    """Note which revision of each chosen story is live now: that is what is approved."""
    entries = list(Entry.objects.filter(letter__edition=edition, story__isnull=False))
    rows = Story.objects.filter(pk__in=[entry.story for entry in entries])
    live = dict(rows.values_list("pk", "live_revision_id"))
    for entry in entries:
        entry.approved = live.get(entry.story)
    Entry.objects.bulk_update(entries, ["approved"])


def of(entries: Iterable[Entry], stories: dict[int, records.Story]) -> dict[int, records.Story]:
    """By entry: records of those stories that were edited since, as they were. `stories` are the live ones by id, and a
    story that is not among them is in no letter any more."""
    asked = [(entry.pk, entry.story, entry.approved) for entry in entries if entry.story and entry.approved]
    live = dict(Story.objects.filter(pk__in=[story for _, story, _ in asked]).values_list("pk", "live_revision_id"))
    older = [row for row in asked if row[1] in stories and live.get(row[1]) != row[2]]
    kept = Revision.objects.in_bulk([approved for _, _, approved in older])
    return {pk: _as_it_was(kept[was], stories[story]) for pk, story, was in older if was in kept}


def _as_it_was(revision: Revision, now: records.Story) -> records.Story:
    """What the letter shows of a story, from a revision; its address, dates and bylines are today's: who was retired
    from the site does not come back."""
    was = unsaved.story(revision.as_object(), timezone.now())
    return replace(
        now,
        headline=was.headline,
        kicker=was.kicker,
        standfirst=was.standfirst,
        section=was.section,
        lead=was.lead,
        body=was.body,
    )
