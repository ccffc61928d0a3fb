"""In what order a copy's text, its line in the journal and its final dot are written."""

import asyncio
from collections.abc import Iterable
from typing import cast

import pytest

from hectograph.post import smtp
from hectograph.post.carrying import Carrier
from hectograph.post.outcomes import Claim, Mail, Outcome, State
from hectograph.post.smtp import Broken, Session, Timeouts
from tests.loops import run

TEXT = b"x" * 998 + b"\r\n"


class Line:
    """A connection, a journal and a source of one mail; `said` is what was written, in order. With `ends` it breaks
    behind the envelope."""

    def __init__(self, lines: int, *, ends: bool = False) -> None:
        self.ends = ends
        self.said: list[bytes] = []
        self.heard: list[Outcome] = []
        self.mails = [Mail(Claim(1, 1), "b@x.org", "r@x.org", [TEXT] * lines)]
        self.wire = smtp.Wire()
        self.wire.connection_made(cast(asyncio.Transport, self))

    def set_write_buffer_limits(self, high: int, low: int) -> None:
        """As a transport has it."""

    def writelines(self, pieces: Iterable[bytes]) -> None:
        self.said.append(b"".join(pieces))
        if self.ends:
            self.wire.connection_lost(None)

    def abort(self) -> None:
        """As a transport has it."""

    def ready(self) -> None:
        """There is no mail behind."""

    async def following(self) -> Mail | None:
        return self.mails.pop() if self.mails else None

    def intent(self, claim: Claim) -> None:
        self.said.append(b"INTENT")

    async def secured(self) -> None:
        """At once."""

    def answer(self, claim: Claim, state: State, code: int) -> None:
        self.said.append(b"ANSWER")

    async def carry(self) -> list[bytes]:
        """What was written behind the envelope, and before the farewell."""
        await Carrier(Session(self.wire, Timeouts(), pipelining=True), self, self, self.heard.append).carry(1)
        assert self.heard[-1].state is State.ACCEPTED
        return self.said[1:-1]


def written(lines: int) -> list[bytes]:
    async def act() -> list[bytes]:
        line = Line(lines)
        line.wire.data_received(b"250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n")
        return await line.carry()

    return run(act())


@pytest.mark.parametrize("lines", [1, 20, 65])
def test_a_text_that_finds_room_goes_out_with_its_dot_and_never_before_its_intent(lines: int) -> None:
    assert written(lines) == [b"INTENT", TEXT * lines + b".\r\n", b"ANSWER"]


def test_a_longer_text_goes_first_so_that_its_intent_says_no_more_than_it_must() -> None:
    assert written(66) == [TEXT * 66, b"INTENT", b".\r\n", b"ANSWER"]


@pytest.mark.parametrize("lines", [1, 66])
def test_of_a_connection_that_ended_before_the_text_nothing_is_written_down(lines: int) -> None:
    async def act() -> Line:
        line = Line(lines, ends=True)
        line.wire.data_received(b"250 ok\r\n250 ok\r\n354 go\r\n")
        with pytest.raises(Broken):
            await line.carry()
        return line

    line = run(act())
    assert b"INTENT" not in line.said
    assert [outcome.state for outcome in line.heard] == [State.READY]
