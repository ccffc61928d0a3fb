"""Mail that comes back: take in a folder of it, say what came back and why, write to a disabled address again."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import opener
from hectograph.readers import deliverability, returning, returns_board
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.subscriber import Subscriber

HELP = "take in returned mail, report on it, restore an address"
log = logging.getLogger("hectograph.readers.acts")


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    read = acts.add_parser("read", help="take in what lies in a folder (the opener does so by itself)")
    read.add_argument("folder", type=Path, nargs="?", help="a maildir, mbox files or single mails; else HECTO_BOUNCES")
    report = acts.add_parser("report", help="what came back in thirty days, in numbers; needs no key")
    report.add_argument("--json", action="store_true")
    acts.add_parser("door", help="the secret addresses at your desks that a mail provider may post returned mail to")
    restore = acts.add_parser("restore", help="write to a disabled address again; it comes from standard input")
    restore.add_argument("--reason", required=True, help="is logged; name nobody in it")


def run(args: argparse.Namespace) -> int:
    acts = {"read": _read, "door": _door, "report": _report, "restore": _restore}
    return acts[args.act](args)


def _read(args: argparse.Namespace) -> int:
    folder = args.folder or settings.HECTO_BOUNCES
    if folder is None or not folder.is_dir():
        raise Problem("There is no such folder of returned mail.", "Name one, or set HECTO_BOUNCES.")
    vault, came = opener.open_vault(), 0
    while more := returning.take_folder(vault, folder, timezone.now()):
        came += more
    print(f"{came} mails were read; they lie in `done` there. `hecto bounces report` says what they were.")
    return 0


def _door(args: argparse.Namespace) -> int:
    token = returning.door(opener.open_vault())
    for address in DeskRow.objects.order_by("pk").values_list("address", flat=True):
        print(f"{address.rstrip('/')}/returned/{token}")
    return 0


def _report(args: argparse.Namespace) -> int:
    found = returns_board.returns(timezone.now())
    if args.json:
        print(json.dumps(returns_board.as_row(found), ensure_ascii=False))
        return 0
    print("Came back in thirty days:")
    for row in found.reasons:
        print(f"  {row.count:>7}  {row.reason} ({_MEANING[row.kind]})")
    print(f"  {found.complaints:>7}  complaints: those readers have left")
    print(f"Answers of machines, and delays: {found.automatic}. Not about any copy of ours: {found.nameless}.")
    print(f"Disabled now: {found.disabled_now}. Probes sent: {found.probes}. Restored: {found.restored}.")
    return 0


_MEANING = {"hard": "the address is gone", "soft": "for now", "ours": "about us, not about readers"}


def _restore(args: argparse.Namespace) -> int:
    index = opener.open_vault().index(sys.stdin.readline())
    reader = Subscriber.objects.filter(index=index).first()
    if reader is None:
        raise Problem("Nobody of that address is known here.")
    if not deliverability.restore(reader, timezone.now()):
        raise Problem("That address is not disabled.", "Nothing was changed.")
    log.warning("reader %s is written to again: %s", reader.pk, args.reason)
    print("Restored. What came back until now counts no more.")
    return 0
