"""A desk in memory of the test: its keys, its pages as the press renders them, and questions to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hectograph.desk import pulling
from hectograph.desk.app import Desk
from hectograph.desk.configuration import Configuration, Limits
from hectograph.press import desk_pages, pay_pages
from hectograph.sealing import envelope
from hectograph.sealing.unseal import unseal
from tests.press.test_pages import SITE
from tests.process import port_for_later, wait_for

Answer = tuple[int, str, dict[str, str]]
RAIL = pay_pages.Rail(
    key="pk_test_street",
    script="https://js.stripe.com/v3/?advancedFraudSignals=false",
    api="https://api.stripe.com",
    frames=("https://js.stripe.com", "https://hooks.stripe.com"),
    methods=("card", "sepa_debit"),
    currencies=("USD", "EUR"),
    transfer=("USD", "EUR"),
)


class Street:
    """A desk and the newsroom's half of its keys."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time, **changes: Any) -> None:
        self.intake = X25519PrivateKey.generate()
        self.links, self.newsroom, own = (Ed25519PrivateKey.generate() for _ in range(3))
        self.own = own
        paying = pay_pages.pages(SITE, RAIL) if "support" in changes or "reminders" in changes else ()
        for path, page in (*desk_pages.pages(SITE, second_door="https://other.example/"), *paying):
            (folder / "pages" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "pages" / path).write_bytes(page)
        self.configuration = Configuration(
            spool=str(folder / "spool.sqlite3"),
            pages=folder / "pages",
            languages=("en", "ru"),
            intake=(self.intake.public_key().public_bytes_raw(),),
            links=self.links.public_key(),
            newsroom=self.newsroom.public_key(),
            own=own,
            limits=Limits(**({"patience": 0.0} | changes.pop("limits", {}))),
        )
        self.configuration = replace(self.configuration, **changes)
        self.desk = Desk(self.configuration, clock)

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        sent: list[dict[str, Any]] = []
        rows = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        path, _, query = path.partition("?")
        scope = {"type": "http", "method": method, "path": path, "headers": rows, "client": ("203.0.113.9", 4000)}
        scope["query_string"] = query.encode()
        parts = [body[start : start + 60_000] for start in range(0, len(body), 60_000)] or [b""]

        async def receive() -> dict[str, Any]:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.desk(scope, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], sent[1]["body"].decode(), found

    async def post(self, path: str, *, accept: str = "text/html", **fields: str) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return await self.ask("POST", path, urlencode(fields).encode(), content_type=kind, accept=accept)

    def opened(self, sealed: bytes) -> dict[str, Any]:
        ring = {envelope.key_id(self.intake.public_key().public_bytes_raw()): self.intake}
        found: dict[str, Any] = json.loads(unseal(ring, sealed))
        return found

    def kept(self) -> list[dict[str, Any]]:
        """What lies in the spool, opened."""
        return [self.opened(sealed) for _, sealed in self.desk.spool.store.page(0, 10_000).rows]

    def live(self) -> list[dict[str, Any]]:
        """What is handed to a newsroom that asks now, opened."""
        return [self.opened(sealed) for _, sealed in self.desk.calls.live.hand_out()]

    async def pull(
        self, *, after: int = 0, done: int = 0, life: str = "", puller: str = "one", at: int = 0, adopt: bool = False
    ) -> dict[str, Any]:
        question = {
            "nonce": "n",
            "puller": puller,
            "after": after,
            "done": done,
            "life": life,
            "at": at,
            "adopt": adopt,
        }
        body = json.dumps(question).encode()
        signature = self.newsroom.sign(pulling.ASKS + body).hex()
        status, text, headers = await self.ask("POST", "/pull", body, signature=signature)
        if status != 200:
            return {"status": status, "body": text}
        return pulling.check_answer(self.own.public_key(), text.encode(), headers["signature"], "n")


@contextmanager
def served(street: Street, folder: Path, **limits: float) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The desk as a process group of its own: its port and its first process."""
    own, port = street.configuration, port_for_later()
    rows = {
        "listen": f"127.0.0.1:{port}", "spool": own.spool, "pages": str(own.pages), "languages": ["en", "ru"],
        "intake": [own.intake[0].hex()], "links": own.links.public_bytes_raw().hex(),
        "newsroom": own.newsroom.public_bytes_raw().hex(), "own": own.own.private_bytes_raw().hex(),
    }  # fmt: skip
    file = folder / "desk.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in rows.items()]
    lines += ["[limits]", *(f"{name} = {value}" for name, value in limits.items())]
    if table := own.support:
        least, most = table.offer.least, table.offer.most
        offer = {"currencies": [*least], "least": [*least.values()], "most": [*most.values()]}
        said = {"processor": table.processor, "methods": table.methods, "transfer": table.transfer, **offer}
        lines += ["[support]", *(f"{name} = {json.dumps(value)}" for name, value in said.items())]
    file.write_text("\n".join([*lines, ""]))
    command = [sys.executable, "-m", "hectograph.desk.serving", str(file)]
    with open(folder / "desk.log", "wb") as log:
        process = subprocess.Popen(command, start_new_session=True, stderr=log)
    try:
        wait_for(port, process)
        yield port, process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def streets(tmp_path: Path) -> Iterator[Callable[..., Street]]:
    made: list[Street] = []

    def make(**changes: Any) -> Street:
        made.append(Street(tmp_path / str(len(made)), **changes))
        return made[-1]

    yield make
    for street in made:
        street.desk.close()


@pytest.fixture
def street(streets: Callable[..., Street]) -> Street:
    return streets()
