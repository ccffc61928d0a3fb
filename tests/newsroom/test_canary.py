"""The canary drill and the seizure (groups 17 and D7): nothing of a giver is left anywhere that a thief can take.

What can't be had without HECTO_KEYS is looked for in every disguise, keyed by every key-shaped string of the loot.
"""

import base64
from pathlib import Path

import pytest

from hectograph.sealing import envelope
from tests.newsroom import canary_drill, theft_drill
from tests.newsroom.canary_drill import MARK, Giver, traces


class Loot:
    """What was done, and what a thief has."""

    def __init__(self, folder: Path, rounds: int) -> None:
        self.home, self.said, self.data = canary_drill.take(folder, rounds)
        self.keys = b"\n".join(path.read_bytes() for path in (folder / "keys").rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def loot(tmp_path_factory: pytest.TempPathFactory) -> Loot:
    return Loot(tmp_path_factory.mktemp("canary"), 1)


def test_the_drill_did_what_it_looks_for(loot: Loot) -> None:
    assert loot.said == {
        "refused": 1, "booked": 1, "contributions": 5, "plans": 3, "live": 1, "reminders": 1, "mails": 6, "equal": True,
    }  # fmt: skip
    for part in (b"SQLite format 3", b"<html", b"support_ledgerentry", b"Using selector"):  # tables, pages, a log
        assert part in loot.data
    journal = loot.home.folder / "running/newsroom.sqlite3-wal"
    assert journal.stat().st_size > 0


def test_no_canary_is_anywhere_in_any_disguise(loot: Loot) -> None:
    assert traces(loot.data) == []


def test_a_canary_would_be_found(loot: Loot) -> None:
    for disguise in (MARK.lower().encode(), MARK.encode().hex().encode(), base64.b64encode(f"xx{MARK} P".encode())):
        assert traces(loot.data + disguise)


def test_nobody_who_gave_once_can_be_named_and_no_contact_opens(loot: Loot) -> None:
    """Not even by one who has a list of suspects, with their cards, machines and addresses."""
    suspects = [word for number in range(8) for word in Giver(number).told if len(word) > 6]
    found = theft_drill.search(loot.data, suspects)
    assert found.found == []
    assert found.looked_at["sealed"] >= 2
    assert found.opened == 0


def test_with_the_keys_contacts_open_so_the_keys_are_what_keeps_them(loot: Loot) -> None:
    sealed = theft_drill.sealed_fields(loot.data)
    assert sealed
    assert theft_drill._opened(theft_drill.key_shaped(loot.keys), sealed) > 0
    assert not theft_drill.sealed_fields(loot.keys)
    assert envelope.MAGIC in loot.data


@pytest.mark.soak
def test_a_dozen_rounds_leave_as_little(tmp_path: Path) -> None:
    large = Loot(tmp_path, 12)
    assert (large.said["contributions"], large.said["refused"], large.said["booked"]) == (60, 12, 12)
    assert traces(large.data) == []
    suspects = [Giver(round_ * 10 + number).address for round_ in range(12) for number in range(8)]
    found = theft_drill.search(large.data, suspects)
    assert (found.found, found.opened) == ([], 0)
