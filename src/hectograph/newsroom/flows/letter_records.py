"""Letters as records: what editors chose and wrote, with the stories that it names, for the mail and for the site.

rows of letters + live stories → `press.letter_records`
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from hectograph.letters import marks
from hectograph.letters.edition import Edition, Kind, State
from hectograph.letters.letter import Entry, Letter
from hectograph.newsroom.flows import approved_stories, newsletters
from hectograph.press.letter_records import LetterArchive, LetterEntry, LetterHeading, LetterPage, LetterPick, LetterRow
from hectograph.press.paths import letters_path
from hectograph.press.records import Story, Twin
from hectograph.stories.feed.reader import Reader

NEWEST_SHOWN = 30
IN_A_FEED = 10


def page_of(letter: Letter, reader: Reader | None = None, *, as_approved: bool = False) -> LetterPage:
    """The letter with those of its stories that are live: as they are now while it is written, and as they were
    approved from then on, or with `as_approved`. Mail and web version say the same so, whatever is edited meanwhile."""
    return pages_of([letter], reader or Reader(), as_approved=as_approved)[0]


def pages_of(letters: list[Letter], reader: Reader, *, as_approved: bool = False) -> list[LetterPage]:
    entries: dict[int, list[Entry]] = {letter.pk: [] for letter in letters}
    for entry in Entry.objects.filter(letter__in=letters).order_by("order", "pk"):
        entries[entry.letter_id].append(entry)
    wanted = {entry.story for group in entries.values() for entry in group if entry.story}
    stories = reader.stories(wanted) if wanted else {}
    fixed = [letter for letter in letters if as_approved or letter.edition.state != State.DRAFT]
    approved = approved_stories.of([entry for letter in fixed for entry in entries[letter.pk]], stories)
    return [_page(letter, entries[letter.pk], stories, approved) for letter in letters]


def _page(
    letter: Letter, entries: Iterable[Entry], stories: dict[int, Story], approved: dict[int, Story]
) -> LetterPage:
    edition, language = letter.edition, letter.language
    return LetterPage(
        newsletter=edition.newsletter,
        name=newsletters.name_of(edition.newsletter, language),
        language=language,
        path=path_of(edition, language),
        title=letter.subject,
        published=edition.frozen_at or noon_of(edition),
        preheader=letter.preheader,
        introduction=marks.paragraphs(letter.introduction),
        entries=tuple(found for entry in entries if (found := _entry(entry, stories, approved))),
        alert=edition.kind == Kind.ALERT,
        archive=letters_path(language, edition.newsletter),
        twins=_twins(letter),
    )


def _entry(entry: Entry, stories: dict[int, Story], approved: dict[int, Story]) -> LetterEntry | None:
    if entry.story is None:
        return LetterHeading(entry.heading) if entry.heading else None
    story = approved.get(entry.pk) or stories.get(entry.story)
    return LetterPick(story, marks.paragraphs(entry.note), entry.full, entry.picture) if story else None


def _twins(letter: Letter) -> tuple[Twin, ...]:
    others = Letter.objects.filter(edition=letter.edition, published_at__isnull=False).exclude(pk=letter.pk)
    codes = sorted(others.values_list("language", flat=True))
    return tuple(Twin(code, path_of(letter.edition, code)) for code in codes)


def path_of(edition: Edition, language: str) -> str:
    """`en/letters/weekly/2026-11-27.html`; alerts of a day are told apart."""
    tail = ""
    if edition.kind == Kind.ALERT:
        tail = "-alert" if not edition.number else f"-alert-{edition.number + 1}"
    return f"{language}/letters/{edition.newsletter}/{edition.slot:%Y-%m-%d}{tail}.html"


def noon_of(edition: Edition) -> datetime:
    """Noon of the edition's day in the newsroom's zone, in UTC: its date until it goes out."""
    return datetime.combine(edition.slot, time(12), ZoneInfo(zone_of(edition))).astimezone(UTC)


def zone_of(edition: Edition) -> str:
    """The zone of its hours: the one that it was made in, else the newsroom's."""
    return edition.zone or settings.TIME_ZONE


# --- on the site --------------------------------------------------------------------------------------------------


def published(language: str, newsletter: str = "") -> list[Letter]:
    """The letters that stand on the site, the newest first; of all newsletters where none is named."""
    rows = Letter.objects.filter(language=language, published_at__isnull=False).select_related("edition")
    rows = rows.filter(edition__newsletter=newsletter) if newsletter else rows
    return list(rows.order_by("-edition__slot", "-edition__pk"))


def archive(language: str, newsletter: str, year: int = 0) -> LetterArchive | None:
    """A newsletter's archive; None where it has no letter (of `year`)."""
    letters = published(language, newsletter)
    years = sorted({letter.edition.slot.year for letter in letters}, reverse=True)
    shown = [letter for letter in letters if letter.edition.slot.year == year] if year else letters[:NEWEST_SHOWN]
    if not shown:
        return None
    front = letters_path(language, newsletter)
    return LetterArchive(
        newsletter=newsletter,
        name=newsletters.name_of(newsletter, language),
        language=language,
        path=letters_path(language, newsletter, year),
        rows=tuple(_row(letter) for letter in shown),
        feed=front.replace(".html", "/feed.xml"),
        year=year,
        years=tuple((one, letters_path(language, newsletter, one)) for one in years),
        twins=_archive_twins(language, newsletter),
    )


def _row(letter: Letter) -> LetterRow:
    at = letter.edition.frozen_at or noon_of(letter.edition)
    return LetterRow(path_of(letter.edition, letter.language), letter.subject, letter.preheader, at)


def _archive_twins(language: str, newsletter: str) -> tuple[Twin, ...]:
    rows = Letter.objects.filter(edition__newsletter=newsletter, published_at__isnull=False).exclude(language=language)
    codes = sorted(set(rows.values_list("language", flat=True)))
    return tuple(Twin(code, letters_path(code, newsletter)) for code in codes)
