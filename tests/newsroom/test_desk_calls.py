"""Desks that are slow, lie, replay, reorder, flood or are replaced cost delay, never a reader, and are seen."""

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from hectograph.desk import pulling
from hectograph.newsroom import health
from hectograph.newsroom.flows import desk_calls, subscribe
from hectograph.newsroom.flows.desk_calls import Calls, DeskProblem
from hectograph.readers import vault
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.intake_state import Tally
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from hectograph.sealing.envelope import INTAKE
from hectograph.sealing.seal import seal
from tests.newsroom.cast import Newsroom

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Change = Callable[[dict[str, Any]], dict[str, Any]]


class FakeDesk:
    """Answers with the rows that it is given, signed with its own key, changed as told."""

    def __init__(self, opened: Vault, address: str, change: Change = lambda answer: answer) -> None:
        self.vault, self.change, self.asked = opened, change, list[dict[str, Any]]()
        self.key, self.rows, self.life = Ed25519PrivateKey.generate(), list[tuple[int, bytes]](), "ab" * 16
        public = self.key.public_key().public_bytes_raw().hex()
        self.row = DeskRow.objects.create(address=address, public=public)

    def sign_up(self, *names: str) -> None:
        for name in names:
            words = {"kind": "sign-up", "address": f"{name}@example.org", "language": "en", "text": ""}
            sealed = seal(self.vault.ring.current(INTAKE).public, json.dumps(words).encode())
            self.rows.append((len(self.rows) + 1, sealed))

    def __call__(self, body: bytes) -> tuple[bytes, str]:
        asked = json.loads(body)
        self.asked.append(asked)
        after = asked["after"] if asked["life"] == self.life else 0
        rows = [[n, desk_text(sealed)] for n, sealed in self.rows if n > after]
        reply = json.dumps(self.change({"nonce": asked["nonce"], "life": self.life, "rows": rows, "left": 0})).encode()
        return reply, self.key.sign(pulling.ANSWERS + reply).hex()

    @property
    def trouble(self) -> str:
        self.row.refresh_from_db()
        return str(self.row.trouble)


def desk_text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


@pytest.fixture
def opened(newsroom: Newsroom, tmp_path: Path) -> Vault:
    return vault.make(tmp_path / "keys", NOW)


def asking(*desks_asked: FakeDesk) -> desk_calls.Ask:
    by_address = {f"{desk.row.address}/pull": desk for desk in desks_asked}
    return lambda address, body, signature: by_address[address](body)


def test_several_desks_are_fetched_from_and_one_reader_at_two_of_them_is_one(opened: Vault) -> None:
    one, two = FakeDesk(opened, "http://one.example"), FakeDesk(opened, "http://two.example")
    one.sign_up("a", "b")
    two.sign_up("b", "c")
    assert subscribe.pull(opened, NOW, ask=asking(one, two)) == 4
    assert Subscriber.objects.count() == 3
    assert one.asked[-1]["done"] == two.asked[-1]["done"] == 2


def test_a_desk_that_replays_is_named_and_changes_nothing(opened: Vault) -> None:
    desk = FakeDesk(opened, "http://one.example")
    desk.sign_up("a")
    subscribe.pull(opened, NOW, ask=asking(desk))
    kept = desk.rows[0]
    desk.change = lambda answer: answer | {"rows": [[kept[0], desk_text(kept[1])]]}
    assert subscribe.pull(opened, NOW, ask=asking(desk)) == 0
    assert "fetched already" in desk.trouble
    assert Tally.objects.filter(what="repeated").count() == 0


def test_an_old_envelope_under_a_new_number_counts_once(opened: Vault) -> None:
    desk = FakeDesk(opened, "http://one.example")
    desk.sign_up("a")
    desk.rows += [(n, desk.rows[0][1]) for n in range(2, 30)]
    subscribe.pull(opened, NOW, ask=asking(desk))
    assert Subscriber.objects.count() == 1
    assert Tally.objects.get(what="repeated").count == 28


def test_rows_in_any_order_are_taken_by_their_numbers(opened: Vault) -> None:
    desk = FakeDesk(opened, "http://one.example", lambda answer: answer | {"rows": answer["rows"][::-1]})
    desk.sign_up("a", "b", "c")
    assert subscribe.pull(opened, NOW, ask=asking(desk)) == 3
    assert desk.asked[-1]["done"] == 3


def test_a_desk_with_a_new_spool_starts_anew(opened: Vault) -> None:
    desk = FakeDesk(opened, "http://one.example")
    desk.sign_up("a", "b", "c")
    subscribe.pull(opened, NOW, ask=asking(desk))
    desk.life, desk.rows = "cd" * 16, []
    desk.sign_up("d")
    assert subscribe.pull(opened, NOW, ask=asking(desk)) == 1
    assert Subscriber.objects.count() == 4


@pytest.mark.parametrize(
    "lie",
    [
        {"rows": [[2**70, ""]]},
        {"rows": [[-1, ""]]},
        {"rows": [["x", ""]]},
        {"rows": [[1, "%"]]},
        {"rows": 5},
        {"rows": [[1]]},
        {"life": "x" * 5000},
        {"life": None},
        {"left": "many"},
        {"left": None},
        {"nonce": "another"},
        {"turned_away": []},
    ],
)
def test_a_desk_that_lies_holds_up_no_other(opened: Vault, lie: dict[str, Any]) -> None:
    liar = FakeDesk(opened, "http://liar.example", lambda answer: answer | lie)
    honest = FakeDesk(opened, "http://honest.example")
    honest.sign_up("a")
    assert subscribe.pull(opened, NOW, ask=asking(liar, honest)) == 1
    assert "not understood" in liar.trouble
    assert honest.trouble == ""


def test_a_desk_without_end_is_left_after_some_rounds(opened: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribe, "_ROUNDS", 5)
    endless = FakeDesk(opened, "http://endless.example")
    endless.change = lambda answer: answer | {"rows": [[endless.asked[-1]["after"] + 1, "AAAA"]]}
    assert subscribe.pull(opened, NOW, ask=asking(endless)) == 5


def test_a_slow_desk_is_heard_the_next_time_and_holds_up_no_other(opened: Vault) -> None:
    slow, quick = FakeDesk(opened, "http://slow.example"), FakeDesk(opened, "http://quick.example")
    slow.sign_up("a")
    quick.sign_up("b")
    free, calls = threading.Event(), Calls(patience=0.3)

    def ask(address: str, body: bytes, signature: str) -> tuple[bytes, str]:
        if "slow" in address:
            free.wait(60)
            return slow(body)
        return quick(body)

    assert subscribe.pull(opened, NOW, ask=ask, calls=calls) == 1
    free.set()
    end = time.monotonic() + 60
    while Subscriber.objects.count() < 2 and time.monotonic() < end:
        subscribe.pull(opened, NOW, ask=ask, calls=calls)
    assert Subscriber.objects.count() == 2
    calls.close()


def test_a_desk_in_trouble_rests_before_it_is_asked_again(opened: Vault) -> None:
    tries, calls = list[str](), Calls()

    def down(address: str, body: bytes, signature: str) -> tuple[bytes, str]:
        tries.append(address)
        raise DeskProblem("The desk can't be reached.")

    FakeDesk(opened, "http://one.example")
    for _ in range(5):
        subscribe.pull(opened, NOW, ask=down, calls=calls)
    assert len(tries) == 1
    calls.close()


@pytest.mark.parametrize("days", [-3650, 0, 3650])
def test_a_newsrooms_clock_changes_nothing_of_what_is_taken(opened: Vault, days: int) -> None:
    desk = FakeDesk(opened, "http://one.example")
    desk.sign_up("a")
    now = NOW + timedelta(days=days)
    assert subscribe.pull(opened, now, ask=asking(desk)) == 1
    assert desk.asked[0]["at"] == int(now.timestamp())


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"full": True}, "disk is full"),
        ({"clock_off": 86_400 * 400}, "clock is 400 days off"),
        ({"turned_away": 12}, "12 sign-ups today were turned away"),
    ],
)
def test_what_a_desk_says_of_itself_is_told_in_the_newsroom(opened: Vault, says: dict[str, Any], words: str) -> None:
    now = timezone.now()
    desk = FakeDesk(opened, "http://one.example", lambda answer: answer | says)
    subscribe.pull(opened, now, ask=asking(desk))
    assert any(words in finding.what for finding in health.examine(now) if not finding.ok)


# --- over real sockets ------------------------------------------------------------------------------------------------


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A host that reads a question and then does as it likes."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        def serve() -> None:
            try:
                line, _ = door.accept()
                with line:
                    line.recv(65_536)
                    behave(line)
            except OSError:
                pass  # who asked has hung up

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/pull"
        thread.join(20)


def endless(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    while True:
        line.sendall(b"x" * 1_000_000)


def dripping(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        line.sendall(b"x")
        time.sleep(0.02)


def elsewhere(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/secret\r\nContent-Length: 0\r\n\r\n")


def junk(line: socket.socket) -> None:
    line.sendall(b"\x00\xff not HTTP at all\r\n\r\n")


@pytest.mark.parametrize(
    ("behave", "words"),
    [(endless, "has no end"), (dripping, "too slowly"), (elsewhere, "in trouble .302"), (junk, "can't be reached")],
)
def test_hosts_that_misbehave_are_left_with_bounds(
    behave: Callable[[socket.socket], None], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_calls, "_SECONDS", 0.5 if behave is dripping else 10.0)
    with server(behave) as address, pytest.raises(DeskProblem, match=words):
        desk_calls.http(address, b"{}", "")
