"""Keys of readers' envelopes: make them once, rotate the intake key each month, check them, copy them elsewhere."""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import opener, opener_account
from hectograph.newsroom.flows import desks
from hectograph.readers import vault

HELP = "make, rotate, check or copy the keys of readers' envelopes"
_OLD = timedelta(days=45)


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    acts.add_parser("make", help="make what a new newsroom needs; what is there stays")
    rotate = acts.add_parser("rotate", help="a new intake key; the old one goes on opening what is under way")
    rotate.add_argument("--store", action="store_true", help="a new store key instead; the opener moves rows to it")
    retire = acts.add_parser("retire", help="retire older store keys, once every row is under the newest")
    retire.add_argument(
        "--destroy", action="store_true", help="and delete them: older backups of the database open no more"
    )
    check = acts.add_parser("check", help="whether the keys open, and what is sealed to keys that are missing")
    check.add_argument("--json", action="store_true")
    copy = acts.add_parser("backup", help="copy the keys into a folder on another disk")
    copy.add_argument("folder", type=Path)


def run(args: argparse.Namespace) -> int:
    return _ACTS[args.act](args)


def _make(args: argparse.Namespace) -> int:
    opener_account.become()
    made = vault.make(opener.folder(), timezone.now(), opener.passphrase())
    print(
        f"Keys: {len(made.ring.keys)}, in {opener.folder().name}/. Now copy them elsewhere: `hecto keys backup FOLDER`."
    )
    return 0


def _rotate(args: argparse.Namespace) -> int:
    if args.store:
        made = desks.rotate_store(opener.open_vault(), timezone.now())
        print(f"New store key {made.hex()}. The opener moves all rows to it; `hecto keys check` says how far it is.")
        print(
            "Copy the keys elsewhere now: `hecto keys backup FOLDER`. Older copies don't open what comes from here on."
        )
        return 0
    new = desks.rotate(opener.open_vault(), timezone.now())
    print(f"New intake key {new.hex()}. Write the desks' configuration anew: `hecto desk --configure`.")
    return 0


def _retire(args: argparse.Namespace) -> int:
    ids = desks.retire_store(opener.open_vault(), timezone.now(), destroy=args.destroy)
    if not ids:
        print("There is no older store key.")
    for name in ids:
        print(f"Store key {name}: {'destroyed' if args.destroy else 'retired; it still opens older backups'}.")
    return 0


def _check(args: argparse.Namespace) -> int:
    opened = opener.open_vault()
    found = desks.check(opened, timezone.now())
    if args.json:
        print(json.dumps(found))
    else:
        print(f"{found['keys']} keys open. Rows without a key: {found['unopenable']}. Held envelopes: {found['held']}.")
        if found["intake_age_days"] > _OLD.days:
            print(f"The intake key is {found['intake_age_days']} days old: `hecto keys rotate`.")
        if found["to_reseal"]:
            print(f"Rows not yet locked by the newest store key: {found['to_reseal']}. The opener moves them.")
        if found["spent_store_keys"]:
            print(f"Older store keys that no row needs: {found['spent_store_keys']}. `hecto keys retire [--destroy]`.")
    return 1 if found["unopenable"] else 0


def _backup(args: argparse.Namespace) -> int:
    opener.open_vault()  # keys that don't open are no backup
    if args.folder.exists() and any(args.folder.iterdir()):
        raise Problem("That folder is not empty.", "Name a new one, so that no older backup is overwritten.")
    shutil.copytree(opener.folder(), args.folder, dirs_exist_ok=True)
    args.folder.chmod(0o700)
    print("Copied. Keep it apart from the newsroom's disk and from its passphrase.")
    return 0


_ACTS = {"make": _make, "rotate": _rotate, "retire": _retire, "check": _check, "backup": _backup}
