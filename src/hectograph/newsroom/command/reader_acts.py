"""Acts on the data of readers, each with who did it and why, written down for good: show, erase, hand out all."""

from __future__ import annotations

import argparse
import csv
import getpass
import json
import sys

from django.db import transaction
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import opener
from hectograph.readers import act_row, exporting, intake
from hectograph.readers.act_row import Act
from hectograph.readers.subscriber import Subscriber


def arguments(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    words = {
        "export": "all readers as CSV, to standard output",
        "show": "what is held of one reader; the address comes from standard input",
        "erase": "forget one reader; the address comes from standard input",
    }
    for name, text in words.items():
        one = acts.add_parser(name, help=text)
        one.add_argument("--reason", required=True, help="is kept for good; name nobody in it")
        one.add_argument("--person", default="", help="who does it (default: the name you are logged in by)")
    listed = acts.add_parser("acts", help="what operators did with the data of readers; needs no key")
    listed.add_argument("--json", action="store_true")


def _person(args: argparse.Namespace) -> str:
    return str(args.person) or getpass.getuser()


def _one() -> Subscriber:
    index = opener.open_vault().index(sys.stdin.readline())
    found = Subscriber.objects.filter(index=index).first()
    if found is None:
        raise Problem("Nobody of that address is known here.")
    return found


def export(args: argparse.Namespace) -> int:
    vault = opener.open_vault()
    act_row.note(Act.Kind.EXPORTED, _person(args), args.reason, timezone.now())
    csv.writer(sys.stdout).writerows(exporting.export(vault))
    return 0


def show(args: argparse.Namespace) -> int:
    reader = _one()
    act_row.note(Act.Kind.SHOWN, _person(args), args.reason, timezone.now(), reader)
    print(json.dumps(_held(reader), default=str, indent=1))
    return 0


def _held(reader: Subscriber) -> dict[str, object]:
    events = [[row.at.isoformat(), row.kind, row.letter, row.how, row.text] for row in reader.consents.all()]
    letters = {row.newsletter: row.state for row in reader.memberships.all()}
    own = {"state": reader.state, "language": reader.language, "paused_until": reader.paused_until}
    return {**own, "newsletters": letters, "consents": events}


def erase(args: argparse.Namespace) -> int:
    reader = _one()
    with transaction.atomic():
        act_row.note(Act.Kind.ERASED, _person(args), args.reason, timezone.now(), reader)
        intake.erase(reader, timezone.now(), how="operator")
    print("Erased. The keyed index stays, so that no import brings them back.")
    return 0


def listed(args: argparse.Namespace) -> int:
    rows = list(Act.objects.values("at", "person", "kind", "reader", "reason"))
    if args.json:
        print(json.dumps(rows, default=str, ensure_ascii=False))
        return 0
    for row in rows:
        whom = f"reader {row['reader']}…" if row["reader"] else "all readers"
        print(f"{row['at']:%Y-%m-%d %H:%M}  {row['person']}  {row['kind']} {whom}: {row['reason']}")
    return 0
