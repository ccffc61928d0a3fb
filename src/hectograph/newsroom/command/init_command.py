"""Make a newsroom: database, languages, front pages, roles, and the first account."""

from __future__ import annotations

import argparse
import getpass
import sys

from hectograph.errors import Problem
from hectograph.newsroom import founding
from hectograph.newsroom.access import accounts

HELP = "make a newsroom, or bring one up to date"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", help="name of the first account; asked for where it is missing")
    parser.add_argument("--no-account", action="store_true", help="make no account now")


def run(args: argparse.Namespace) -> int:
    """Idempotent: what is there stays."""
    founding.found()
    print("The newsroom stands.")
    if args.no_account or accounts.list_staff():
        return 0
    if not sys.stdin.isatty():
        raise Problem("A password can't be asked for here.", "Run `hecto init` in a terminal, or with --no-account.")
    name = args.name or input("Name of the first account (any name you choose): ").strip()
    accounts.create_staff(name, getpass.getpass("Password (12 characters or more): "), role="operator")
    print(f"Account {name} is made. `hecto serve` starts the admin; its first visit asks for a passkey or TOTP.")
    return 0
