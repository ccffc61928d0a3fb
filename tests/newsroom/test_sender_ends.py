"""The sender ends when it is told to, after a letter as before it; and when what opens addresses for it was killed."""

import itertools
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hectograph.errors import Problem
from hectograph.letters.edition import Edition
from hectograph.newsroom import sender
from hectograph.newsroom.address_room import AddressRoom
from hectograph.newsroom.flows import friday
from hectograph.newsroom.flows.friday import Office
from hectograph.newsroom.sender import Sender
from hectograph.post.engine import End
from hectograph.readers import vault
from hectograph.readers.writing_to import Letterhead
from tests.loops import run

NAMES = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The tests' own handlers are put back."""
    before = {name: signal.getsignal(name) for name in (*NAMES, signal.SIGHUP)}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


async def _carried(*_: object) -> tuple[None, str]:
    return None, ""


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("letters", [0, 1, 2])
def test_after_any_number_of_letters_a_signal_ends_the_sender(
    monkeypatch: pytest.MonkeyPatch, name: signal.Signals, letters: int
) -> None:
    turns = itertools.count()

    def next_edition(_: object) -> Edition | None:
        turn = next(turns)
        if turn < letters:
            return Edition(pk=1)
        assert turn == letters, "the sender is deaf"
        os.kill(os.getpid(), name)
        return None

    monkeypatch.setattr(sender, "_PAUSE", 0)
    monkeypatch.setattr(friday, "next_edition", next_edition)
    monkeypatch.setattr(friday, "prepare", lambda *_: True)
    monkeypatch.setattr(friday, "set_out", lambda *_: None)
    monkeypatch.setattr(friday, "carry", _carried)
    Sender(Office(cast(Any, SimpleNamespace()), b"own", "here", Path("post"), Path("sent"))).run()
    assert next(turns) == letters + 1


def test_a_killed_process_that_opens_addresses_is_a_sentence(tmp_path: Path) -> None:
    now = datetime(2026, 11, 27, 7, tzinfo=UTC)
    room = AddressRoom(vault.make(tmp_path / "opener", now))
    head = Letterhead(b"own", 1, "courier.example", "courier.example", "weekly")
    assert run(room.open(head, [], now)) == []
    for pid in list(room._pool._processes):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(Problem, match="was killed"):
        run(room.open(head, [], now))
    assert room.broken
    room.close()


@pytest.mark.django_db
def test_a_sender_that_nobody_opens_addresses_for_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def carried(*_: object) -> tuple[End, str]:
        return End.TROUBLE, "A process that opens addresses was killed."

    monkeypatch.setattr(friday, "next_edition", lambda _: Edition(pk=1))
    monkeypatch.setattr(friday, "prepare", lambda *_: True)
    monkeypatch.setattr(friday, "set_out", lambda *_: None)
    monkeypatch.setattr(friday, "carry", carried)
    room = cast(Any, SimpleNamespace(broken=True))
    with pytest.raises(Problem, match="was killed"):
        Sender(Office(room, b"own", "here", Path("post"), Path("sent"))).run()
