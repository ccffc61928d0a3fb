"""A practice newsroom of nothing but readers and one approved letter: for trying what becomes of a letter in bad
times, and for measuring. `python -m …practice COUNT` makes one in HECTO_HOME and prints the number of its edition."""

from __future__ import annotations

import importlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

from hectograph.post.compiled import Compiled, Slot
from hectograph.post.lettering import Words, compile_letter
from hectograph.post.message import Sender
from hectograph.readers import vault
from hectograph.readers.vault import Vault

HOSTS = ("127.0.0.1:8080", "127.0.0.1:8090")
_FOOT = f"\n{Slot.LINKS.mark}/l/{Slot.LEAVE.mark}\n{Slot.LINKS.mark}/p/{Slot.LEAVE.mark}\n"


def letter(size: int = 20_000) -> Compiled:
    """A letter of about `size` bytes, a third of it plain text."""
    line = "What the newsroom found out this week, told in one line that is as long as lines are.\n"
    count = size // len(line)
    text = line * (count // 3) + f"{Slot.SITE.mark}/en/\n" + _FOOT
    html = "<html><body>" + f"<p>{line}</p>" * (count * 2 // 3 - 4) + _FOOT + "</body></html>"
    words = Words("en", "The Friday letter", text, html, "weekly.newsroom.example")
    return compile_letter(words, Sender("The Courier", "letter@newsroom.example"), HOSTS)


def make(keys: Path, count: int) -> int:
    """Readers and an edition that is approved; returns its number. Needs Django set up and tables made."""
    opened = vault.make(keys, datetime.now(UTC))
    rows = importlib.import_module("hectograph.newsroom.demo.practice_rows")
    rows.readers(addresses(opened, count))
    return int(rows.edition(letter()))


def addresses(opened: Vault, count: int) -> list[bytes]:
    """Sealed addresses, each its own."""
    return [opened.close(b"reader%d@readers.example" % number) for number in range(count)]


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "hectograph.newsroom.sender_settings"
    django.setup()
    importlib.import_module("django.core.management").call_command("migrate", verbosity=0)
    settings = importlib.import_module("django.conf").settings
    print(make(settings.HECTO_KEYS / "opener", int(sys.argv[1])))  # noqa: T201 (a command's work is to print)
    return 0


if __name__ == "__main__":
    sys.exit(main())
