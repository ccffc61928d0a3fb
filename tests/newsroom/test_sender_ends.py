"""The sender ends when it is told to, after a letter as before it."""

import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hectograph.letters.edition import Edition
from hectograph.newsroom import sender
from hectograph.newsroom.flows import friday
from hectograph.newsroom.flows.friday import Office
from hectograph.newsroom.sender import Sender

NAMES = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The tests' own handlers are put back."""
    before = {name: signal.getsignal(name) for name in NAMES}
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
