"""What people typed is in no memory of a desk at rest: its process is replaced, and nobody notices."""

import base64
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from hectograph.desk import pulling
from hectograph.desk.refreshing import Refresh
from hectograph.payments.status import State, Status
from hectograph.sealing import envelope
from hectograph.sealing.unseal import unseal
from tests.desk import stores
from tests.desk.conftest import Street, served
from tests.desk.test_paying import TABLE
from tests.desk.test_power import post
from tests.loops import run
from tests.newsroom.theft_drill import memory
from tests.process import below, wait_until

Streets = Callable[..., Street]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def wait_for_another(pid: int, before: set[int]) -> None:
    """Until none of the processes of `before` is left."""
    wait_until(lambda: bool(now := below(pid)) and not before & now)


def kept(street: Street) -> list[str]:
    ring = {envelope.key_id(street.configuration.intake[0]): street.intake}
    store = stores.opened(street.configuration.spool)
    rows = store.page(0, 10_000).rows
    store.close()
    return [json.loads(unseal(ring, sealed))["address"].partition("@")[0] for _, sealed in rows]


def test_no_address_is_in_the_memory_of_a_desk_at_rest(streets: Streets, tmp_path: Path) -> None:
    street, thanked = streets(), list[str]()
    with served(street, tmp_path, per_client=0, refresh_idle=0.5) as (port, process):
        first = below(process.pid)
        post(port, "planted.reader", thanked, 30)
        assert len(thanked) == 30
        wait_for_another(process.pid, first)
        at_rest = memory(process.pid)
    assert [name for name in thanked if name.encode() in at_rest] == []
    assert kept(street) == thanked


def test_nothing_of_a_giver_is_in_the_memory_of_a_desk_at_rest(streets: Streets, tmp_path: Path) -> None:
    """Once the newsroom took the press in, told what became of it, and the page showed it."""
    street, mark = streets(support=TABLE), "C4naryOfAGiver"
    browser = {"User-Agent": f"{mark} Browser", "Referer": f"https://courier.example/{mark}", "Cookie": f"a={mark}"}
    with served(street, tmp_path, per_client=0, refresh_idle=0.5) as (port, process):
        first, newsroom = below(process.pid), Newsroom(street, port)
        newsroom.ask()
        kind = {"frequency": "monthly", "own": "5", "currency": "EUR", "language": "en", "name": mark}
        address = sent(port, "/support", browser, kind).headers["Location"]
        posted = {"token": f"ctoken_{mark}", "email": f"{mark}@example.org", "method": "card"}
        page = sent(port, address, browser, posted).headers["Location"]
        newsroom.ask()
        newsroom.tell(page.split("/")[2].partition("?")[0], State.PAID, {"code": mark})
        assert sent(port, page, browser).status == 200
        newsroom.ask()
        wait_for_another(process.pid, first)
        at_rest = memory(process.pid)
    assert newsroom.came == [mark]
    assert mark.encode() not in at_rest
    assert mark.lower().encode() not in at_rest
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [file for file in files if mark.encode() in file]


class Newsroom:
    """Asks a desk over HTTP, as the opener does, and remembers how far it is. `came` are the addresses of givers."""

    def __init__(self, street: Street, port: int) -> None:
        self.street, self.port, self.came = street, port, list[str]()
        self.boot, self.done, self.told = "", 0, list[dict[str, object]]()

    def tell(self, status_id: str, state: State, words: dict[str, str]) -> None:
        self.told.append(Status(status_id, state, int(time.time()) + 900, words).as_row())
        self.ask()

    def ask(self) -> None:
        question = {"nonce": "n", "puller": "one", "after": 0, "done": 0, "life": "", "at": int(time.time())}
        question |= {"boot": self.boot, "live_done": self.done, "tell": self.told, "tell_all": True}
        body = json.dumps(question).encode()
        signature = self.street.newsroom.sign(pulling.ASKS + body).hex()
        reply = sent(self.port, "/pull", {"Signature": signature}, body=body)
        answer = pulling.check_answer(self.street.own.public_key(), reply.body, reply.headers["Signature"], "n")
        self.boot = answer["boot"]
        for number, text in answer["live"]:
            self.done = number
            self.came.append(self.street.opened(base64.b64decode(text))["email"].partition("@")[0])


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes


def sent(port: int, path: str, headers: dict[str, str], form: dict[str, str] | None = None, body: bytes = b"") -> Reply:
    """One request over a connection of its own; a POST where there is a form or a body."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    if form is not None:
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
    line.request("POST" if body else "GET", path, body or None, headers)
    answer = line.getresponse()
    reply = Reply(answer.status, answer.headers, answer.read())
    line.close()
    return reply


def test_while_the_process_is_replaced_everyone_is_answered_and_kept(streets: Streets, tmp_path: Path) -> None:
    street, thanked = streets(), list[str]()
    with served(street, tmp_path, per_client=0, refresh_latest=0.5) as (port, process):
        first, done = below(process.pid), threading.Event()

        def on_and_on() -> None:
            number = 0
            while not done.is_set():
                before = len(thanked)
                post(port, f"reader{number}", thanked, 1)
                assert len(thanked) == before + 1
                number += 1

        thread = threading.Thread(target=on_and_on)
        thread.start()
        wait_for_another(process.pid, first)
        done.set()
        thread.join()
    assert sorted(kept(street)) == sorted(thanked)


def test_a_desk_whose_files_are_just_written_anew_goes_on_as_it_is(streets: Streets, tmp_path: Path) -> None:
    street, thanked = streets(), list[str]()
    with served(street, tmp_path, per_client=0, refresh_idle=0.5) as (port, process):
        first = below(process.pid)
        post(port, "one", thanked, 1)
        (tmp_path / "desk.toml").write_text("half a fi")
        wait_until(lambda: "is not replaced" in (tmp_path / "desk.log").read_text())
        assert below(process.pid) == first
        post(port, "two", thanked, 1)
    assert kept(street) == ["one-0", "two-0"]


@pytest.mark.parametrize(("forms", "due"), [([0], 60), ([0, 50, 100], 160), ([*range(0, 700, 50)], 600)])
def test_it_is_time_after_the_last_form_or_a_while_after_the_first(forms: list[int], due: int) -> None:
    clock = Clock()

    async def come() -> float:
        refresh = Refresh(60, 600, replace=lambda: None, is_busy=lambda: False, ticking=clock)
        for at in forms:
            clock.now = 100.0 + at
            refresh.typed()
        return clock.now + refresh.due_in() - 100

    assert run(come()) == due


def test_a_payment_under_way_is_waited_for() -> None:
    replaced, busy = list[bool](), [True, True, False]

    async def come() -> None:
        refresh = Refresh(0.01, 1, replace=lambda: replaced.append(True), is_busy=lambda: busy.pop(0))
        refresh.typed()
        assert refresh._watch is not None
        await refresh._watch

    run(come())
    assert (replaced, busy) == ([True], [])
