"""Readers of the letter, for whoever holds the keys: count, bring in, hand out, and what one reader has a right to."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import opener
from hectograph.newsroom.command import reader_acts
from hectograph.newsroom.flows import adopting, consents
from hectograph.newsroom.progress import bar
from hectograph.readers import consent_text, importing
from hectograph.readers.board import board
from hectograph.readers.departures import Departures
from hectograph.readers.importing import Report
from hectograph.readers.newsletter import WEEKLY, Newsletter

HELP = "count, import, export readers; show or erase one; what was done"


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    count = acts.add_parser("count", help="how many; needs no key")
    count.add_argument("--json", action="store_true")
    come = acts.add_parser("import", help="from a CSV (Ghost's export as it is); reports first, stores with --store")
    come.add_argument("file", type=Path)
    come.add_argument("--store", action="store_true", help="store what the report says")
    come.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="WHAT=NAME",
        help="address, subscribed, since, language, source, newsletters",
    )
    come.add_argument(
        "--letter",
        default=WEEKLY,
        metavar="NAME",
        help=f"the newsletter of those whose row names none (default {WEEKLY})",
    )
    come.add_argument("--json", action="store_true")
    texts = acts.add_parser("consents", help="the words that readers agreed to, in every version; needs no key")
    texts.add_argument("--json", action="store_true")
    reader_acts.arguments(acts)
    acts.add_parser("adopt", help="let desks hand out to this copy of the newsroom from now on; the other must be gone")


def run(args: argparse.Namespace) -> int:
    acts = {
        "count": _count,
        "import": _import,
        "consents": _consents,
        "export": reader_acts.export,
        "show": reader_acts.show,
        "erase": reader_acts.erase,
        "acts": reader_acts.listed,
        "adopt": _adopt,
    }
    return acts[args.act](args)


def _count(args: argparse.Namespace) -> int:
    found = board(timezone.now())
    row = {"active": found.active, "pending": found.pending, "left": found.left, "held": found.held}
    print(json.dumps(row) if args.json else ", ".join(f"{name}: {count}" for name, count in row.items()))
    return 0


def _consents(args: argparse.Namespace) -> int:
    return show_consents(as_json=args.json)


def show_consents(*, as_json: bool) -> int:
    consents.keep_current(timezone.now())
    rows = consent_text.agreed()
    if as_json:
        print(json.dumps([asdict(row) for row in rows], default=str, ensure_ascii=False))
        return 0
    for row in rows:
        shown = f"{row.language}, since {row.since:%Y-%m-%d}" if row.since else "never shown by this newsroom"
        print(f"{row.version or 'no version'} ({shown}): {row.requests} requests\n    {row.text}")
    return 0


def _import(args: argparse.Namespace) -> int:
    columns = dict(pair.split("=", 1) for pair in args.column if "=" in pair)
    languages = tuple(code for code, _ in settings.LANGUAGES)
    try:
        size = os.path.getsize(args.file)
    except OSError as error:
        raise Problem("That file can't be read.", "Look at its name and rights.") from error
    with bar("Readers") as moved:
        report = importing.bring_in(
            opener.open_vault(),
            args.file,
            timezone.now(),
            columns=columns,
            language=languages[0],
            languages=languages,
            store=args.store,
            letter=_letter(args.letter),
            progress=lambda done: moved(done, size),
        )
    print(json.dumps(_row(report)) if args.json else _words(report, stored=args.store))
    return 0


def _letter(slug: str) -> str:
    known = list(Newsletter.objects.values_list("slug", flat=True))
    if slug not in known:
        raise Problem("There is no newsletter of that name.", f"Known are: {', '.join(known)}.")
    return slug


def _row(report: Report) -> dict[str, object]:
    return {
        "rows": report.rows,
        "subscribed": report.subscribed,
        "not_subscribed": report.not_subscribed,
        "there_already": report.there_already,
        "left_out": dict(report.left_out),
        "unknown_newsletters": dict(report.unknown),
        "lines": report.lines,
    }


def _words(report: Report, *, stored: bool) -> str:
    lines = [
        f"{report.rows} rows: {report.subscribed} subscribed, {report.not_subscribed} not subscribed, "
        f"{report.there_already} here already."
    ]
    lines += [f"Left out, {why}: {count}" for why, count in report.left_out.items()]
    lines += [
        f"Not known here, so nobody's: newsletter “{name}”, {count} rows" for name, count in report.unknown.items()
    ]
    if report.lines:
        lines.append(f"Look at lines {', '.join(map(str, report.lines[:10]))}.")
    lines.append("Stored." if stored else "Nothing was stored yet: run it again with --store.")
    return "\n".join(lines)


def _adopt(args: argparse.Namespace) -> int:
    vault = opener.open_vault()
    if back := Departures(opener.folder()).taken_back:
        print(f"The database was put back, and has learned what it did not know: {back}.")
    found = list(adopting.adopt(vault, timezone.now()))
    for address, trouble in found:
        print(f"{address}: {trouble or 'hands out to this copy from now on.'}")
    if not found:
        print("There is no desk yet: `hecto desk --configure`.")
    return int(any(trouble for _, trouble in found))
