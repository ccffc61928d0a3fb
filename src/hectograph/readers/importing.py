"""Subscribers from another system, as CSV. Consent, its date and source are kept; who is not plainly subscribed is not
subscribed, and who left here before does not come back.

file → rows → address and consent → batches → readers; what was left out is counted by reason
"""

from __future__ import annotations

import csv
import io
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
from hectograph.readers.newsletter import WEEKLY, Membership
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
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    address: str
    is_subscribed: bool
    since: datetime
    language: str


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
    """Read `path`, whose people get the newsletter `letter`; with `store` keep what it
    holds, else only report. `progress` is told the bytes read."""
    report = Report()
    csv.field_size_limit(_LONGEST_FIELD)
    seen: set[bytes] = set()
    with open(path, "rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", "replace", newline="") as file:
        head = _head(file)
        reader = csv.DictReader(chain([head], _lines(file)), delimiter=_separator(head))
        names = columns_of(reader.fieldnames or (), columns)
        people = _people(reader, names, report, now, language, languages)
        while batch := list(islice(people, _BATCH)):
            new = _news(vault, batch, report, seen, store=store)
            if store:
                _store(vault, new, letter)
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
    reader: csv.DictReader[str],
    names: dict[str, str],
    report: Report,
    now: datetime,
    language: str,
    languages: tuple[str, ...],
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
        address = (row.get(names["address"]) or "").strip()
        if not is_plain(address.lower()):
            _left_out(report, "not an address", reader.line_num)
            continue
        subscribed = (row.get(names.get("subscribed", "")) or "").strip().lower() in _YES
        wanted = (row.get(names.get("language", "")) or "").strip().lower()[:2]
        spoken = wanted if wanted in languages else language
        yield Person(address, subscribed, _moment(row.get(names.get("since", "")), now), spoken)


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
        report.subscribed += person.is_subscribed
        report.not_subscribed += not person.is_subscribed
        new.append((index, person))
    return new


@transaction.atomic
def _store(vault: Vault, new: list[tuple[str, Person]], letter: str) -> None:
    state = Subscriber.State
    readers = Subscriber.objects.bulk_create(
        Subscriber(
            index=index,
            sealed=vault.close(person.address.encode()),
            number=secrets.token_hex(16),
            language=person.language,
            state=state.ACTIVE if person.is_subscribed else state.UNSUBSCRIBED,
        )
        for index, person in new
    )
    pairs = [(reader, person) for reader, (_, person) in zip(readers, new, strict=True)]
    place = Membership.State
    Membership.objects.bulk_create(
        Membership(subscriber=reader, newsletter=letter, state=place.ACTIVE if person.is_subscribed else place.LEFT)
        for reader, person in pairs
    )
    Consent.objects.bulk_create(
        Consent(subscriber=reader, kind=Consent.Kind.CONFIRMED, letter=letter, at=person.since, how="import")
        for reader, person in pairs
        if person.is_subscribed
    )


def export(vault: Vault) -> Iterator[list[str]]:
    """Rows of a CSV with every reader who can be written to: address, state, language, since, how."""
    yield ["email", "subscribed", "language", "created_at", "source"]
    rows = Subscriber.objects.exclude(sealed=None).order_by("pk")
    for reader in rows.iterator(chunk_size=_BATCH):
        event = reader.consents.filter(kind=Consent.Kind.CONFIRMED).order_by("-pk").first()
        subscribed = "true" if reader.state == Subscriber.State.ACTIVE else "false"
        since, how = (event.at.isoformat(), event.how) if event else ("", "")
        yield [vault.open(bytes(reader.sealed or b"")).decode(), subscribed, reader.language, since, how]
