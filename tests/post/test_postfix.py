"""The main attacks once more against a real Postfix: what its log says it took is what we say it took."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hectograph.post.engine import End, Engine
from hectograph.post.outcomes import State
from tests.loops import run
from tests.peers import postfix
from tests.peers.relay import Relay
from tests.post.engines import QUICK, Letter, address

pytestmark = pytest.mark.skipif(
    not postfix.available(), reason="Postfix is not installed, or these tests don't run as root"
)
_TAKEN = re.compile(r"to=<([^>]+)>.*status=sent")


def taken(log: Path, count: int) -> Counter[str]:
    """Recipients that Postfix has thrown away, once there are `count` or it does not go on."""
    until = time.monotonic() + 20
    while True:
        found = Counter(_TAKEN.findall(log.read_text()))
        if sum(found.values()) >= count or time.monotonic() > until:
            return found
        time.sleep(0.1)


def peer(port: int) -> Relay:
    return cast(Relay, cast(Any, SimpleNamespace(port=port)))


def test_postfix_has_what_we_say_it_has(tmp_path: Path) -> None:
    """Refusals for good and for now inside a pipelined group, bad addresses, a text of dots, a stop in the middle."""
    with (
        TemporaryDirectory(prefix="hecto-postfix-", dir="/tmp") as folder,
        postfix.running(Path(folder) / "p") as (port, log),
    ):

        async def act() -> tuple[Letter, int]:
            letter = Letter(tmp_path, 200, shape=replace(QUICK, connections=4))
            special = {7: "nobody@example.org", 50: "nobody@example.org", 90: "full@example.org", 11: "a\r\nRSET@x.org"}
            letter.address = lambda reader: special.get(reader, address(reader))
            letter.body = b"Subject: dots\r\n\r\n..\r\nMAIL FROM:<x@y.example>\r\n" + b"x" * 900 + b"\r\n"

            def stop_soon(engine: Engine) -> None:
                asyncio.get_running_loop().call_later(0.15, engine.stop)

            first = await letter.send(peer(port), during=stop_soon)
            assert first in (End.STOPPED, End.DONE)

            def stop_at_rest(engine: Engine) -> None:
                async def watch() -> None:
                    while letter.count(State.READY) or letter.count(State.LEASED):
                        await asyncio.sleep(0.02)
                    engine.stop()

                letter.watch = asyncio.create_task(watch())  # type: ignore[attr-defined]

            await letter.send(peer(port), during=stop_at_rest)
            return letter, letter.count(State.ACCEPTED)

        letter, accepted = run(act())
        assert (letter.count(State.REJECTED), letter.count(State.DEFERRED), accepted) == (3, 1, 196)
        assert taken(log, 196) == {
            address(reader): 1 for reader, state in letter.states().items() if state is State.ACCEPTED
        }
