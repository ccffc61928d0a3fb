"""The strict journal: no final dot before its INTENT is on the disk, so that a power cut leaves one reader a connection
in doubt, and no more (mail.md §6.4, attack 14)."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from hectograph.post import journal, recovery
from hectograph.post.engine import End
from hectograph.post.journal import Journal
from hectograph.post.memory import MemoryStorage
from hectograph.post.outcomes import State
from tests.loops import run
from tests.peers import relay as peer
from tests.post import engines
from tests.post.engines import Letter
from tests.post.test_recovery import die, leased


class Disk(Journal):
    """A journal whose disk is looked at: `kept` is what a power cut would leave."""

    kept = b""
    fails_after = 10**9
    syncs = 0

    def __init__(self, folder: Path, worker: int, boot: str) -> None:
        super().__init__(folder, worker, boot, strict=True)
        Disk.kept, Disk.syncs, self.folder = self._path.read_bytes(), 0, folder

    def sync(self) -> None:
        Disk.syncs += 1
        if Disk.syncs > Disk.fails_after:
            raise OSError("the disk does not take it")
        with self._disk:  # as the journal itself: of two flushes the older one must not have the last word
            found = self._path.read_bytes()
            os.fdatasync(self._file)
            Disk.kept = found


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> type[Disk]:
    monkeypatch.setattr(engines, "Journal", Disk)
    monkeypatch.setattr(Disk, "fails_after", 10**9)
    return Disk


def intents(data: bytes, folder: Path) -> set[int]:
    path = folder / "look.journal"
    path.write_bytes(data)
    book = journal.read(path)
    path.unlink()
    return {key.reader for key in book.entries} if book else set()


@pytest.mark.parametrize("strict", [True, False])
def test_after_a_power_cut_what_a_strict_journal_does_not_name_was_never_sent(tmp_path: Path, strict: bool) -> None:
    shelf, written = leased(tmp_path, strict=strict)
    die(written)
    recovery.recover(7, MemoryStorage(shelf, 2), tmp_path, "another boot")
    untouched = State.READY if strict else State.UNCERTAIN
    assert [row.state for row in shelf.rows.values()][2:] == [State.UNCERTAIN, untouched]


def test_no_final_dot_is_written_before_its_intent_is_on_the_disk(tmp_path: Path, disk: type[Disk]) -> None:
    early = []

    def rule(talk: peer.Talk, step: str, count: int) -> str | None:
        if step == "dot" and int(talk.to[1:].partition("@")[0]) not in intents(disk.kept, tmp_path):
            early.append(talk.to)
        return None

    async def go() -> End:
        async with peer.Relay(rule=rule) as relay:
            return await Letter(tmp_path / "post", 120).send(relay)

    assert run(go()) is End.DONE
    assert early == []
    assert disk.syncs > 0


def test_a_disk_that_does_not_take_it_stops_the_letter_and_no_dot_goes_out(tmp_path: Path, disk: type[Disk]) -> None:
    disk.fails_after = 10

    async def go() -> tuple[End, Letter, int]:
        async with peer.Relay() as relay:
            letter = Letter(tmp_path, 200)
            return await letter.send(relay), letter, len(relay.taken)

    end, letter, taken = run(go())
    assert end is End.TROUBLE
    assert letter.engine is not None
    assert "journal" in letter.engine.trouble
    assert taken == letter.count(State.ACCEPTED) < 200
    assert letter.count(State.READY) == 200 - taken


@pytest.mark.parametrize("seed", [3, 4, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(5, 40))])
def test_a_power_cut_at_any_moment_repeats_nobody_and_leaves_one_in_doubt_a_connection(
    tmp_path: Path, disk: type[Disk], seed: int
) -> None:
    """The letter stops at a random mail; of the journal only what was flushed is left, and the machine boots anew."""
    cut = random.Random(seed).randint(5, 110)
    left: list[tuple[bytes, dict[int, State], set[int]]] = []

    async def go() -> None:
        async with peer.Relay() as relay:
            letter = Letter(tmp_path / "post", 120)

            def rule(talk: peer.Talk, step: str, count: int) -> str | None:
                if step == "dot" and count == cut:
                    left.append((disk.kept, letter.states(), {int(m.to[1:].partition("@")[0]) for m in relay.taken}))
                return None

            relay.rule = rule
            await letter.send(relay)

    run(go())
    ((kept, states, taken),) = left
    shelf, written = leased(tmp_path / "after", strict=True, readers=120)
    for reader, state in states.items():
        shelf.rows[reader].state = state
    die(written)
    journal.path_of(tmp_path / "after", 1).write_bytes(kept)
    recovery.recover(7, MemoryStorage(shelf, 2), tmp_path / "after", "another boot")
    again = {reader for reader, row in shelf.rows.items() if row.state is State.READY}
    assert again & taken == set()
    assert sum(row.state is State.UNCERTAIN for row in shelf.rows.values()) <= engines.QUICK.connections


def test_the_sender_commits_for_good_where_its_journal_is_strict(tmp_path: Path) -> None:
    code = "from hectograph.newsroom import sender_settings as own; print(own.DATABASES['default'].get('OPTIONS'))"
    own = {"HECTO_HOME": str(tmp_path), "HECTO_KEYS": str(tmp_path / "keys"), "DATABASE_URL": ""}
    for strict in ("yes", "no"):
        environment = {**os.environ, **own, "HECTO_JOURNAL_STRICT": strict}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert ("synchronous=FULL" in done.stdout) == (strict == "yes")
