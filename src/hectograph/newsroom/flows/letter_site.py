"""Letters on the site: which files they are, and which change when a letter, a story or a mended link does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from hectograph.letters.edition import State
from hectograph.letters.letter import Entry, Letter, Mend
from hectograph.newsroom.flows import letter_records
from hectograph.press import records
from hectograph.press.changes import Facts, Kind, Target
from hectograph.press.letter_pages import LetterPrinter
from hectograph.press.letter_records import LetterPage, LetterPick
from hectograph.press.paths import letters_path, newest_letter_path
from hectograph.stories import queue
from hectograph.stories.feed.reader import Reader
from hectograph.stories.registering import photos_of as photos_of_body

File = tuple[str, bytes | None]
_OUT = (State.FREEZING, State.SENDING, State.PAUSED, State.DONE)


def publish_those_out(now: datetime) -> None:
    """Letters that go out now come to the site. The first one gives the sign-up box of every page its preview."""
    rows = Letter.objects.filter(edition__state__in=_OUT, published_at__isnull=True).select_related("edition")
    for letter in rows:
        first = not Letter.objects.filter(language=letter.language, published_at__isnull=False).exists()
        Letter.objects.filter(pk=letter.pk).update(published_at=now)
        queue.put(queue.Kind.LETTER, letter.pk)
        others = Letter.objects.filter(edition=letter.edition, published_at__isnull=False).exclude(pk=letter.pk)
        queue.put_all(queue.Kind.LETTER, others.values_list("pk", flat=True))  # they name it as their twin
        if first:
            queue.put(queue.Kind.SITE, 0)


def preview_path(language: str) -> str:
    """Where *Preview* in the sign-up box leads: the newest letter that is no alert; empty before there is one."""
    newest = _newest(language)
    return newest_letter_path(language, newest.edition.newsletter) if newest else ""


def _newest(language: str, newsletter: str = "") -> Letter | None:
    letters = letter_records.published(language, newsletter)
    return next((letter for letter in letters if letter.edition.kind == "weekly"), None)


# --- which files a change touches ---------------------------------------------------------------------------------


def add_facts(facts: Facts, letters: set[int], stories: set[int], mends: set[int]) -> None:
    """Letters that changed, and those that show a changed story."""
    showing = Entry.objects.filter(story__in=stories, letter__published_at__isnull=False)
    facts.letters |= letters | set(showing.values_list("letter_id", flat=True))
    touched = set(Letter.objects.filter(pk__in=facts.letters).values_list("edition__newsletter", flat=True))
    # All of a newsletter's archives: each names the years and the other languages.
    named = Letter.objects.filter(edition__newsletter__in=touched)
    rows = named.values_list("language", "edition__newsletter", "edition__slot__year")
    facts.letter_archives |= set(rows.distinct())
    facts.old_paths |= set(Mend.objects.filter(pk__in=mends).values_list("path", flat=True))


def all_targets(languages: Iterable[str]) -> list[Target]:
    """Every target of letters, for a full build."""
    found = []
    for language in languages:
        letters = letter_records.published(language)
        found += [Target(Kind.LETTER, key=str(letter.pk)) for letter in letters]
        years = {(letter.edition.newsletter, letter.edition.slot.year) for letter in letters}
        fronts = {(newsletter, 0) for newsletter, _ in years}
        found += [Target(Kind.LETTERS, language, name, number=year) for name, year in sorted(years | fronts)]
    return found + [Target(Kind.REDIRECT, key=path) for path in Mend.objects.values_list("path", flat=True)]


# --- the files ----------------------------------------------------------------------------------------------------


def letter(reader: Reader, pk: int) -> tuple[str, LetterPage | None]:
    """The path of a letter's web version, and its record; None where it does not stand on the site."""
    row = Letter.objects.select_related("edition").get(pk=pk)
    path = letter_records.path_of(row.edition, row.language)
    return path, letter_records.page_of(row, reader) if row.published_at else None


def photos_of(page: LetterPage) -> list[records.Photo]:
    stories = [(entry.story, entry.full) for entry in page.entries if isinstance(entry, LetterPick)]
    leads = [story.lead for story, _ in stories if story.lead]
    return leads + [photo for story, full in stories if full for photo in photos_of_body(story.body, None)]


def archive(printer: LetterPrinter, reader: Reader, target: Target) -> Iterator[File]:
    """An archive page; its front brings the feed and the page where the newest letter always stands."""
    language, newsletter, year = target.language, target.key, target.number
    made = letter_records.archive(language, newsletter, year)
    yield letters_path(language, newsletter, year), printer.archive(made) if made else None
    if year:
        return
    letters = letter_records.published(language, newsletter)[: letter_records.IN_A_FEED]
    front = letters_path(language, newsletter)
    rss, atom = printer.feed(made, letter_records.pages_of(letters, reader)) if made and letters else (None, None)
    yield front.replace(".html", "/feed.xml"), rss
    yield front.replace(".html", "/atom.xml"), atom
    newest = _newest(language, newsletter)
    page = printer.page(letter_records.page_of(newest, reader)) if newest else None
    yield newest_letter_path(language, newsletter), page


def rows(language: str) -> list[tuple[str, datetime | None]]:
    """Letters and their archives, for the sitemap."""
    letters = letter_records.published(language)
    fronts = sorted({letters_path(language, letter.edition.newsletter) for letter in letters})
    found: list[tuple[str, datetime | None]] = [(path, None) for path in fronts]
    return found + [(letter_records.path_of(letter.edition, language), letter.published_at) for letter in letters]


# --- links that were wrong ----------------------------------------------------------------------------------------


def mended(path: str) -> str:
    """Where a wrong path of a sent letter leads since; empty where nobody mended it."""
    return Mend.objects.filter(path=path).values_list("target", flat=True).first() or ""


def mend(path: str, target: str) -> None:
    """Let `path` of our site lead to `target` from now on."""
    row, _ = Mend.objects.update_or_create(path=path, defaults={"target": target, "at": timezone.now()})
    queue.put(queue.Kind.MEND, row.pk)
