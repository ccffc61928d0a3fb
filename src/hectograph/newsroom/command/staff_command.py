"""Accounts of staff: add one, list them, or reset one that has lost its password or second factor."""

from __future__ import annotations

import argparse
import getpass
import sys

from hectograph.newsroom.access import accounts
from hectograph.newsroom.access.roles import ROLES

HELP = "add, list and reset accounts of staff"


def arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    acts.add_parser("list", help="name, role, second factor")
    add = acts.add_parser("add", help="make an account; asks for a password")
    add.add_argument("name")
    add.add_argument("--role", choices=ROLES, default="reporter")
    reset = acts.add_parser("reset", help="new password, no second factor, all sessions ended")
    reset.add_argument("name")


def run(args: argparse.Namespace) -> int:
    {"list": _list, "add": _add, "reset": _reset}[args.act](args)
    return 0


def _list(args: argparse.Namespace) -> None:
    for name, role, factor in accounts.list_staff():
        print(f"{name}\t{role}\t{'second factor' if factor else 'no second factor yet'}")


def _add(args: argparse.Namespace) -> None:
    password = getpass.getpass("Password (12 characters or more): ") if sys.stdin.isatty() else sys.stdin.readline()
    accounts.create_staff(args.name, password.rstrip("\n"), role=args.role)
    print(f"Account {args.name} is made.")


def _reset(args: argparse.Namespace) -> None:
    password = accounts.reset_staff(args.name)
    print(f"New password of {args.name}, shown once: {password}")
    print("All sessions are ended; the next sign-in asks for a new second factor.")
