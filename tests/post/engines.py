"""An engine on the rows in memory, with a relay in the same loop."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from hectograph.post import smtp
from hectograph.post.engine import End, Engine, Shape
from hectograph.post.journal import EditionInk, Journal
from hectograph.post.memory import MemoryStorage, Row, Shelf
from hectograph.post.outcomes import Claim, Mail, Outcome, State
from hectograph.post.smtp import Session, Timeouts
from hectograph.post.throttle import Throttle
from tests.peers import relay as peer

BOOT = "this boot"
QUICK = Shape(connections=4, batch=20, settle_every=0.01, look_every=0.01, wake_every=0.01, backoff=0.01, patience=2)
BODY = b"Subject: x\r\n\r\n" + b"word " * 200 + b"\r\n"


def address(reader: int) -> str:
    return f"r{reader}@example.org"


class Letter:
    """One edition for `count` readers."""

    def __init__(self, folder: Path, count: int, *, shape: Shape = QUICK, timeouts: Timeouts | None = None) -> None:
        self.folder, self.shape = folder, shape
        self.timeouts = timeouts or Timeouts(connect=5, greeting=5, command=5, data=5, block=5, dot=5)
        self.shelf = Shelf({reader: Row() for reader in range(count)})
        self.worker = 0
        self.clock: Callable[[], float] = asyncio.get_running_loop().time
        self.address = address
        self.engine: Engine | None = None
        self.body = BODY

    async def prepare(self, claims: list[Claim]) -> Sequence[Mail | Outcome]:
        return [
            Mail(claim, f"b+{claim.reader}@x.example", self.address(claim.reader), [self._data(claim)])
            for claim in claims
        ]

    def _data(self, claim: Claim) -> bytes:
        return b"Message-ID: <%d@x>\r\n" % claim.reader + self.body

    async def send(self, relay: peer.Relay, *, during: Callable[[Engine], None] | None = None) -> End:
        self.worker += 1
        journal = Journal(self.folder, self.worker, BOOT)
        storage = MemoryStorage(self.shelf, self.worker, self.clock)

        async def dial() -> Session:
            return await smtp.connect(smtp_relay(relay), "sender.example", self.timeouts)

        throttle = Throttle(self.clock)
        self.engine = Engine(storage, self.prepare, dial, EditionInk(journal, 7), throttle, self.shape)
        if during:
            during(self.engine)
        try:
            return await asyncio.wait_for(self.engine.run(), 60)
        finally:
            journal.close()

    def states(self) -> dict[int, State]:
        return {reader: row.state for reader, row in self.shelf.rows.items()}

    def count(self, state: State) -> int:
        return list(self.states().values()).count(state)


def smtp_relay(relay: peer.Relay) -> smtp.Relay:
    return smtp.Relay("127.0.0.1", relay.port, "none")
