"""Subscribers from another system, as CSV. Consent, its date and source are kept; who is not plainly subscribed is not
subscribed, and who left here before does not come back.

file → rows → address and consent → batches → readers; what was left out is counted by reason
"""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

from django.db import transaction

from hectograph.errors import Problem
from hectograph.post.message import is_plain
from hectograph.readers.newsletter import WEEKLY, Membership, Newsletter
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.readers.vault import Vault

_BATCH = 1000
_LONGEST_FIELD = 4096
_LONGEST_LINE = 64 * 1024
_SEPARATORS = ",;\t"  # as spreadsheets of different countries write
# Names of columns as exports have them; Ghost's first.
_COLUMNS = {
    "address": ("email", "email address", "e-mail", "address", "mail"),
    "subscribed": ("subscribed_to_emails", "subscribed", "status", "state"),
    "since": ("created_at", "subscribed_at", "confirmed_at", "confirm_time", "optin_time", "date", "created"),
    "language": ("language", "locale", "lang"),
    "source": ("source", "signup_source"),
    "newsletters": ("newsletters", "newsletter", "lists"),
}
_YES = frozenset({"true", "yes", "1", "subscribed", "active", "confirmed", "enabled"})


class ImportProblem(Problem):
    """A file that can't be taken in. Nothing was stored."""


@dataclass
class Report:
    """Counts. `left_out` is by reason; line numbers of what could not be read stand in `lines`, the first fifty."""

    rows: int = 0
    subscribed: int = 0
    not_subscribed: int = 0
    there_already: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)  # newsletters that the file names and this newsroom has not
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """`letters` are the newsletters that they get, each with the moment of its consent; none: not subscribed."""

    address: str
    letters: dict[str, datetime]
    language: str
    how: str = "import"


@dataclass(frozen=True)
class _Here:
    """What this newsroom has: languages and newsletters, and which of each a row gets that names none."""

    languages: tuple[str, ...]
    language: str
    letters: frozenset[str]
    letter: str


def columns_of(header: Iterable[str], given: dict[str, str]) -> dict[str, str]:
    """Which column of the file holds what: as `given`, else by its name. A Problem where there is no address."""
    names = {name.strip().lower(): name for name in header}
    found = {}
    for what, usual in _COLUMNS.items():
        wanted = [given[what].lower()] if what in given else usual
        match = next((names[name] for name in wanted if name in names), None)
        if what in given and match is None:
            raise ImportProblem(f"There is no column “{given[what]}”.", f"Columns are: {', '.join(names.values())}.")
        if match:
            found[what] = match
    if "address" not in found:
        raise ImportProblem("No column looks like addresses.", "Name it: --column address=NAME.")
    return found


def bring_in(
    vault: Vault,
    path: Path,
    now: datetime,
    *,
    columns: dict[str, str],
    language: str,
    languages: tuple[str, ...],
    store: bool,
    letter: str = WEEKLY,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Read `path`, whose people get the newsletters that it names, or `letter` where it names none; with `store` keep
    what it holds, else only report. `progress` is told the bytes read."""
    report = Report()
    here = _Here(languages, language, frozenset({*Newsletter.objects.values_list("slug", flat=True), letter}), letter)
    csv.field_size_limit(_LONGEST_FIELD)
    seen: set[bytes] = set()
    with open(path, "rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", "replace", newline="") as file:
        head = _head(file)
        reader = csv.DictReader(chain([head], _lines(file)), delimiter=_separator(head))
        names = columns_of(reader.fieldnames or (), columns)
        people = _people(reader, names, report, now, here)
        while batch := list(islice(people, _BATCH)):
            new = _news(vault, batch, report, seen, store=store)
            if store:
                _store(vault, new, here)
            progress(raw.tell())
    return report


def _head(file: io.TextIOBase) -> str:
    """The first line, which names the columns; a Problem where it can't."""
    head = file.readline(_LONGEST_LINE)
    if not head.strip():
        raise ImportProblem("The file is empty.", "Its first line must name the columns.")
    if "\0" in head or head.count("\ufffd") > 1:
        raise ImportProblem("The file is no CSV in UTF-8.", "Save it as “CSV UTF-8” and try again.")
    return head


def _separator(head: str) -> str:
    return max(_SEPARATORS, key=head.count)


def _lines(file: io.TextIOBase) -> Iterator[str]:
    """Lines, none of which can fill the memory."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            raise ImportProblem(
                f"A line is longer than {_LONGEST_LINE} characters: this is no list of readers.",
                "Readers on the lines before it are stored, if you asked for that; run it again when it is mended.",
            )
        yield line


def _people(
    reader: csv.DictReader[str], names: dict[str, str], report: Report, now: datetime, here: _Here
) -> Iterator[Person]:
    rows = iter(reader)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            report.rows += 1
            _left_out(report, "line can't be read", reader.line_num)
            continue
        report.rows += 1
        cells = {what: (row.get(name) or "").strip() for what, name in names.items()}
        if not is_plain(cells["address"].lower()):
            _left_out(report, "not an address", reader.line_num)
            continue
        yield _person(cells, report, now, here)


def _person(cells: dict[str, str], report: Report, now: datetime, here: _Here) -> Person:
    wanted = cells.get("language", "").lower()[:2]
    letters: dict[str, datetime] = {}
    if cells.get("subscribed", "").lower() in _YES:
        letters = _letters(cells.get("newsletters", ""), _moment(cells.get("since"), now), report, here)
    return Person(
        cells["address"],
        letters,
        wanted if wanted in here.languages else here.language,
        f"import: {source}"[:20]
        if (source := cells.get("source", "").removeprefix("import").strip(": "))
        else "import",
    )


def _letters(cell: str, since: datetime, report: Report, here: _Here) -> dict[str, datetime]:
    """The newsletters that a cell names, `weekly culture` or with the moment of each consent, `weekly=2026-11-24`. One
    that is not known here is nobody's; a cell that names none means the usual one."""
    named = [part.partition("=") for part in re.split(r"[\s,;|]+", cell) if part]
    report.unknown.update(slug for slug, _, _ in named if slug not in here.letters)
    if not named:
        return {here.letter: since}
    return {slug: _moment(at, since) for slug, _, at in named if slug in here.letters}


def _left_out(report: Report, why: str, line: int) -> None:
    report.left_out[why] += 1
    if len(report.lines) < 50:
        report.lines.append(line)


def _moment(text: str | None, now: datetime) -> datetime:
    try:
        found = datetime.fromisoformat((text or "").strip().replace("Z", "+00:00"))
    except ValueError:
        return now
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _news(
    vault: Vault, batch: list[Person], report: Report, seen: set[bytes], *, store: bool
) -> list[tuple[str, Person]]:
    """Those of `batch` who are not here yet, with their indexes; counted in `report`."""
    by_index: dict[str, Person] = {}
    for person in batch:
        by_index.setdefault(vault.index(person.address), person)  # the first line of a person counts
    there = set(Subscriber.objects.filter(index__in=by_index).values_list("index", flat=True))
    report.there_already += len(batch) - len(by_index)
    new: list[tuple[str, Person]] = []
    for index, person in by_index.items():
        short = bytes.fromhex(index)[:10]  # enough to tell a million apart, in a tenth of the memory
        if index in there or short in seen:
            report.there_already += 1
            continue
        if not store:
            seen.add(short)
        report.subscribed += bool(person.letters)
        report.not_subscribed += not person.letters
        new.append((index, person))
    return new


@transaction.atomic
def _store(vault: Vault, new: list[tuple[str, Person]], here: _Here) -> None:
    state, place = Subscriber.State, Membership.State
    readers = Subscriber.objects.bulk_create(
        Subscriber(
            index=index,
            sealed=vault.close(person.address.encode()),
            number=secrets.token_hex(16),
            language=person.language,
            state=state.ACTIVE if person.letters else state.UNSUBSCRIBED,
        )
        for index, person in new
    )
    pairs = [(reader, person) for reader, (_, person) in zip(readers, new, strict=True)]
    Membership.objects.bulk_create(
        Membership(subscriber=reader, newsletter=slug, state=place.ACTIVE if person.letters else place.LEFT)
        for reader, person in pairs
        for slug in person.letters or [here.letter]
    )
    Consent.objects.bulk_create(
        Consent(subscriber=reader, kind=Consent.Kind.CONFIRMED, letter=slug, at=at, how=person.how)
        for reader, person in pairs
        for slug, at in person.letters.items()
    )
