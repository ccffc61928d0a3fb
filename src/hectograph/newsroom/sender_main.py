"""`python -m hectograph.newsroom.sender_main`: the sender as a process, with settings of its own."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

import django

from hectograph.newsroom import plainly


def main() -> int:
    """Run it; a person sees a sentence, never a traceback."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hectograph.newsroom.sender_settings"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edition", type=int, help="carry this one alone, then end")
    args = parser.parse_args()
    return plainly.run(lambda: _send(args.edition))


def _send(edition: int | None) -> int:
    django.setup()
    importlib.import_module("hectograph.newsroom.sender").work(edition)  # rows load after the settings
    return 0


if __name__ == "__main__":
    sys.exit(main())
