"""What a journal says after its sender died, and what is made of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.post import journal, recovery
from hectograph.post.journal import DeadHand, EditionInk, Journal, Key, Kind
from hectograph.post.memory import MemoryStorage, Row, Shelf
from hectograph.post.outcomes import Claim, State
from hectograph.post.recovery import Found

BOOT = "boot one"


def leased(folder: Path, boot: str = BOOT, *, strict: bool = False, readers: int = 4) -> tuple[Shelf, Journal]:
    """Four readers in hand: one accepted, one refused, one whose dot is on its way, one not begun."""
    shelf = Shelf({reader: Row() for reader in range(readers)})
    claims = MemoryStorage(shelf, 1).claim(readers)
    written = Journal(folder, 1, boot, strict=strict)
    ink = EditionInk(written, 7)
    for claim in claims[:3]:
        ink.intent(claim)
    ink.answer(claims[0], State.ACCEPTED, 250)
    ink.answer(claims[1], State.REJECTED, 550)
    return shelf, written


def die(written: Journal) -> None:
    """As the system does it for a killed process: files are closed, nothing is written."""
    os.close(written._file)
    os.close(written._lock)


@pytest.mark.parametrize(("boot", "untouched"), [(BOOT, State.READY), ("boot two", State.UNCERTAIN)])
def test_the_table_of_recovery(tmp_path: Path, boot: str, untouched: State) -> None:
    """Attacks 3 and 4; 14 for another boot."""
    shelf, written = leased(tmp_path)
    die(written)
    recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, boot)
    states = [row.state for row in shelf.rows.values()]
    assert states == [State.ACCEPTED, State.REJECTED, State.UNCERTAIN, untouched]
    assert not list(tmp_path.iterdir())


def test_without_a_journal_all_in_hand_is_uncertain(tmp_path: Path) -> None:
    shelf, written = leased(tmp_path)
    die(written)
    journal.path_of(tmp_path, 1).unlink()
    recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, BOOT)
    assert {row.state for row in shelf.rows.values()} == {State.UNCERTAIN}


def test_a_damaged_record_makes_the_rest_uncertain_and_a_torn_last_one_does_not(tmp_path: Path) -> None:
    shelf, written = leased(tmp_path)
    die(written)
    path = journal.path_of(tmp_path, 1)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    torn = journal.read(path)
    assert torn is not None
    assert torn.whole
    assert torn.entries[Key(7, 1, 1)].kind is Kind.INTENT
    path.write_bytes(whole[:60] + b"\xff" + whole[61:])
    recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, BOOT)
    assert State.READY not in {row.state for row in shelf.rows.values()}


def test_where_a_machine_names_no_boot_what_was_not_written_is_uncertain(tmp_path: Path) -> None:
    shelf, written = leased(tmp_path, "")
    die(written)
    recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, "")
    states = [row.state for row in shelf.rows.values()]
    assert states == [State.ACCEPTED, State.REJECTED, State.UNCERTAIN, State.UNCERTAIN]


@pytest.mark.parametrize("record", range(5))
def test_only_the_last_record_can_be_a_torn_one(tmp_path: Path, record: int) -> None:
    _, written = leased(tmp_path)
    die(written)
    path = journal.path_of(tmp_path, 1)
    data = bytearray(path.read_bytes())
    data[journal._HEAD.size + record * journal._SIZE] ^= 1
    path.write_bytes(data)
    book = journal.read(path)
    assert book is not None
    assert book.whole is (record == 4)


def test_a_journal_that_ends_with_something_open_stays_for_the_next_sender(tmp_path: Path) -> None:
    shelf, written = leased(tmp_path)
    written.forget([Key(7, 1, 1)])
    written.close()
    recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, BOOT)
    states = [row.state for row in shelf.rows.values()]
    assert states == [State.ACCEPTED, State.REJECTED, State.UNCERTAIN, State.READY]


def test_a_stopped_owner_keeps_its_rows_and_a_dead_one_does_not(tmp_path: Path) -> None:
    """Attack 9: SIGSTOP past any lease; the second sender touches nothing."""
    code = (
        "import sys, time; from pathlib import Path; from hectograph.post.journal import *\n"
        "from hectograph.post.outcomes import Claim\n"
        "EditionInk(Journal(Path(sys.argv[1]), 1, 'boot one'), 7).intent(Claim(0, 1)); print('held', flush=True)\n"
        "time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"held\n"
    shelf = Shelf({reader: Row() for reader in range(2)})
    MemoryStorage(shelf, 1).claim(2)
    try:
        owner.send_signal(signal.SIGSTOP)
        assert recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, BOOT) == Found(waits=2)
        assert {row.state for row in shelf.rows.values()} == {State.LEASED}
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()
    assert recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, BOOT) == Found(ready=1, uncertain=1)


def test_a_long_journal_is_written_anew_and_keeps_what_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_REWRITE_AT", 10_000)
    written = Journal(tmp_path, 1, BOOT)
    ink = EditionInk(written, 7)
    for reader in range(2000):
        ink.intent(Claim(reader, 1))
        ink.answer(Claim(reader, 1), State.ACCEPTED, 250)
        if reader % 7:
            written.forget([Key(7, reader, 1)])
    book = journal.read(journal.path_of(tmp_path, 1))
    assert book is not None
    assert {key.reader for key in book.entries} >= set(range(0, 2000, 7))
    assert journal.path_of(tmp_path, 1).stat().st_size < 50_000
    die(written)
    hand = DeadHand(tmp_path, 1)
    assert not hand.alive
    hand.close()


def test_a_rewriting_that_the_disk_cuts_short_leaves_the_long_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_REWRITE_AT", 500)
    written, whole = Journal(tmp_path, 1, BOOT), os.write
    ink = EditionInk(written, 7)
    for reader in range(40):
        ink.intent(Claim(reader, 1))
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda file, data: whole(file, data[:100]))
        written.forget([Key(7, 0, 1)])
    ink.intent(Claim(40, 1))
    book = journal.read(journal.path_of(tmp_path, 1))
    assert book is not None
    assert book.whole
    assert {key.reader for key in book.entries} >= set(range(1, 41))
    assert not list(tmp_path.glob("*.aside"))
    die(written)


def test_a_disk_that_is_sick_at_each_rewriting_takes_no_handles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_REWRITE_AT", 100)
    written = Journal(tmp_path, 1, BOOT)
    EditionInk(written, 7).intent(Claim(0, 1))

    def sick(file: int) -> None:
        raise OSError("input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", sick)
        before = len(os.listdir("/proc/self/fd"))
        for reader in range(1, 20):
            EditionInk(written, 7).intent(Claim(reader, 1))
            written.forget([Key(7, reader, 1)])
        assert len(os.listdir("/proc/self/fd")) == before
    die(written)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_a_crash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("j") / "x.journal"
    path.write_bytes(journal._HEAD.pack(b"HJ1\n", 5, b"b".ljust(36)) + data)
    assert journal.read(path) is not None
