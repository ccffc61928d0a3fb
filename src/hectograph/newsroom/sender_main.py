"""`python -m hectograph.newsroom.sender_main`: the sender as a process, with settings of its own."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from hectograph.errors import Problem


def main() -> int:
    """Run it; a person sees a sentence, never a traceback."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hectograph.newsroom.sender_settings"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edition", type=int, help="carry this one alone, then end")
    args = parser.parse_args()
    try:
        django.setup()
        importlib.import_module("hectograph.newsroom.sender").work(args.edition)  # rows load after the settings
        return 0
    except (Problem, ImproperlyConfigured) as problem:
        print(f"hecto: {problem}", file=sys.stderr)  # noqa: T201 (a command's work is to print)
    except DatabaseError as error:
        print(f"hecto: No database to work with ({type(error).__name__}).", file=sys.stderr)  # noqa: T201 (the same)
    return 1


if __name__ == "__main__":
    sys.exit(main())
