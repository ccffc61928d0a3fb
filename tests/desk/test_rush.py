"""A desk under attack: who is honest waits a little, loses nothing, and types nothing twice."""

import asyncio
import base64
import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hectograph.desk import exchange
from hectograph.desk.limits import Gate
from hectograph.desk.store import SpoolFull
from hectograph.sealing.capability import Capability, Purpose, issue
from hectograph.sealing.seal import seal
from tests.desk.conftest import Street
from tests.loops import run

Streets = Callable[..., Street]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def link(street: Street, purpose: Purpose, until: datetime | None = None) -> str:
    return issue(street.links, Capability(purpose, bytes(16), until or datetime.now(UTC) + timedelta(days=7), ("en",)))


# --- the line ---------------------------------------------------------------------------------------------------------


def test_over_its_limit_a_client_waits_its_turn_and_then_longer_and_then_is_turned_away() -> None:
    gate = Gate(2, 0, line=9, patience=70, clock=Clock())
    assert [gate.turn("one") for _ in range(5)] == [0, 0, 30, 60, None]
    assert gate.turn("another") == 0
    assert gate.turned_away == 1


def test_all_together_are_let_in_evenly_once_the_fuse_is_reached() -> None:
    gate = Gate(0, 60, line=9, patience=5, clock=Clock())
    turns = [gate.turn(str(n)) for n in range(70)]
    assert turns[:60] == [0] * 60
    assert turns[60:65] == pytest.approx([1, 2, 3, 4, 5])
    assert turns[65:] == [None] * 5


def test_a_client_that_is_turned_away_takes_no_place_from_others() -> None:
    gate = Gate(1, 10, clock=Clock())
    for _ in range(1000):
        gate.turn("flooder")
    assert [gate.turn(str(n)) for n in range(9)] == [0] * 9


def test_the_line_has_an_end(streets: Streets) -> None:
    street = streets(limits={"per_client": 1, "line": 1, "patience": 600})

    async def three() -> list[int]:
        first = await street.post("/sign-up", address="a@example.org")
        waiting = asyncio.create_task(street.post("/sign-up", address="b@example.org"))
        await asyncio.sleep(0)
        third = await street.post("/sign-up", address="c@example.org")
        waiting.cancel()
        return [first[0], third[0]]

    assert run(three()) == [200, 429]


def test_who_waits_in_line_is_taken_when_the_turn_comes(streets: Streets) -> None:
    street = streets(limits={"per_client": 0, "in_all": 600, "line": 50, "patience": 30})

    async def many() -> list[int]:
        return [
            reply[0]
            for reply in await asyncio.gather(
                *(street.post("/sign-up", address=f"a{n}@example.org") for n in range(610))
            )
        ]

    assert run(many()) == [200] * 610
    assert len(street.kept()) == 610


def test_clients_are_forgotten_every_minute() -> None:
    clock = Clock()
    gate = Gate(1, 0, clock=clock)
    gate.turn("203.0.113.9")
    (name,), key = gate._clients, gate._key
    clock.now += 61
    gate.turn("198.51.100.7")
    assert name not in gate._clients
    assert gate._key != key


def test_readers_behind_an_onion_service_are_not_taken_for_one() -> None:
    assert exchange.client({"client": ("127.0.0.1", 1), "headers": []}, "") == ""
    assert exchange.client({"client": ("203.0.113.9", 1), "headers": []}, "") == "203.0.113.9"
    proxied = {"client": ("127.0.0.1", 1), "headers": [(b"x-client", b"198.51.100.7")]}
    assert exchange.client(proxied, "x-client") == "198.51.100.7"


def test_the_newsroom_is_told_how_many_were_turned_away_and_that_the_disk_is_full(streets: Streets) -> None:
    street = streets(limits={"per_client": 1, "spool_bytes": 100_000})

    def full(rows: Any) -> None:
        raise SpoolFull

    for _ in range(4):
        run(street.post("/sign-up", address="a@example.org"))
    first, second = run(street.pull()), run(street.pull())
    assert (first["turned_away"], second["turned_away"], first["full"]) == (3, 0, False)
    street.desk.spool.store.append = full  # type: ignore[method-assign]
    run(street.post(f"/l/{link(street, Purpose.LEAVE)}"))
    assert run(street.pull())["full"] is True


# --- nothing is typed twice -------------------------------------------------------------------------------------------


def test_a_page_that_says_no_keeps_the_words_and_the_next_press_takes_them(streets: Streets) -> None:
    street = streets(limits={"per_client": 1})
    run(street.post("/sign-up", address="first@example.org"))
    status, page, headers = run(
        street.post("/sign-up", address="anna@example.org", letter="weekly", language="ru", text="v1")
    )
    assert (status, headers["retry-after"]) == (429, "60")
    assert "заново ничего писать не нужно" in page
    street.desk.counter.gate = Gate(0, 0)
    assert run(street.post("/sign-up", **dict(HIDDEN.findall(page))))[0] == 200
    assert street.kept()[1] == {
        "kind": "sign-up", "address": "anna@example.org", "language": "ru", "letter": "weekly", "text": "v1",
    }  # fmt: skip


def test_a_sealed_form_and_a_wish_are_kept_on_the_page_too(streets: Streets) -> None:
    street = streets()

    def full(rows: Any) -> None:
        raise SpoolFull

    append, street.desk.spool.store.append = street.desk.spool.store.append, full  # type: ignore[method-assign]
    sealed = base64.b64encode(seal(street.configuration.intake[0], b"{}")).decode()
    status, page, _ = run(street.post("/sign-up", sealed=sealed, after="9"))
    assert (status, dict(HIDDEN.findall(page))["sealed"]) == (503, sealed)
    path = f"/p/{link(street, Purpose.PREFER)}"
    status, page, _ = run(street.post(path, pause="4", language="en"))
    assert status == 503
    assert f'action="{path}"' in page
    street.desk.spool.store.append = append  # type: ignore[method-assign]
    run(street.post(path, **dict(HIDDEN.findall(page))))
    assert street.kept()[0]["chosen"] == {"pause": "4", "language": "en"}


def test_a_retired_key_is_answered_with_the_form_and_what_is_no_address_is_still_chosen(street: Street) -> None:
    sealed = base64.b64encode(seal(bytes([9] * 32), b"x")).decode()
    _, page, _ = run(street.post("/sign-up", sealed=sealed, language="ru", letter="weekly"))
    assert dict(HIDDEN.findall(page)) | {"text": ""} == {"language": "ru", "letter": "weekly", "text": ""}


def test_an_address_that_is_refused_stands_in_the_form_again(street: Street) -> None:
    _, page, _ = run(street.post("/sign-up", address='"quoted"@example.org', language="en"))
    assert 'value="&quot;quoted&quot;@example.org"' in page


def test_what_was_typed_fills_no_other_place_of_the_page(street: Street) -> None:
    _, page, _ = run(street.post("/sign-up", address="@@suggested@@ @@kept@@", letter="<b>", language="en"))
    assert 'value="@@suggested@@ @@kept@@"' in page
    assert "<b>" not in page


@pytest.mark.parametrize("typed", ["анна@example.org", "anna.é@пример.рф"])
def test_letters_before_the_at_sign_that_mail_hosts_refuse_get_an_answer_of_their_own(
    street: Street, typed: str
) -> None:
    status, page, _ = run(street.post("/sign-up", address=typed, language="en"))
    assert status == 422
    assert "Latin letters" in page
    assert f'value="{typed}"' in page


def test_the_meant_address_is_one_press_away(street: Street) -> None:
    run(street.post("/sign-up", address="anna@gmial.com", mended="anna@gmail.com", language="en"))
    assert street.kept()[0]["address"] == "anna@gmail.com"


# --- doors and links --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["again", "address", "foreign", "meant", "watched", "busy", "confirm", "leave", "prefer"]
)
def test_every_form_has_a_second_door(street: Street, name: str) -> None:
    page = street.desk.counter.page(200, name, "en", {}, token="TOKEN", action="sign-up")[1].decode()
    door = {"confirm": "l/TOKEN", "leave": "l/TOKEN", "prefer": "p/TOKEN"}.get(name, "sign-up")
    assert f'formaction="https://other.example/{door}"' in page
    assert "form-action 'self' https://other.example/" in html.unescape(page)


@pytest.mark.parametrize("origin", ["null", "https://mirror.example", "http://abcdefghij.onion"])
def test_forms_work_from_anywhere(street: Street, origin: str) -> None:
    kind = "application/x-www-form-urlencoded"
    status, _, headers = run(street.ask("POST", "/sign-up", b"address=a@example.org", origin=origin, content_type=kind))
    assert (status, len(street.kept())) == (200, 1)
    assert not {"set-cookie", "location", "access-control-allow-origin"} & set(headers)


def test_fifty_presses_at_once_are_all_answered_and_more_than_a_readers_own_are_slowed(streets: Streets) -> None:
    street = streets(limits={"per_link": 50})

    async def press() -> list[int]:
        path = f"/l/{link(street, Purpose.LEAVE)}"
        return [reply[0] for reply in await asyncio.gather(*(street.ask("POST", path) for _ in range(51)))]

    assert sorted(run(press())) == [200] * 50 + [503]


def test_a_link_too_old_or_unknown_is_answered_in_its_readers_language_and_keeps_nothing(street: Street) -> None:
    old = issue(street.links, Capability(Purpose.LEAVE, bytes(16), datetime.now(UTC) - timedelta(hours=2), ("ru",)))
    good = issue(street.links, Capability(Purpose.LEAVE, bytes(16), datetime.now(UTC) + timedelta(days=2), ("ru",)))
    assert run(street.ask("POST", f"/l/{old}"))[:2] == run(street.ask("POST", f"/l/{good}"))[:2]
    assert "никуда не ведёт" in run(street.ask("GET", f"/l/{old}"))[1]
    assert len(street.kept()) == 1


@pytest.mark.parametrize("years", [-10, 10])
def test_a_desk_whose_clock_is_years_off_believes_the_newsroom(streets: Streets, years: int) -> None:
    true = datetime.now(UTC)
    street = streets(clock=lambda: (true + timedelta(days=365 * years)).timestamp())
    run(street.pull(at=int(true.timestamp())))
    assert run(street.ask("GET", f"/l/{link(street, Purpose.CONFIRM)}"))[0] == 200
    old = link(street, Purpose.CONFIRM, true - timedelta(hours=2))
    assert run(street.ask("GET", f"/l/{old}"))[0] == 404
    assert run(street.pull(at=int(true.timestamp())))["clock_off"] != 0


def test_clocks_that_agree_are_left_alone(street: Street) -> None:
    assert run(street.pull(at=int(datetime.now(UTC).timestamp()) - 600))["clock_off"] == 0


# --- bodies -----------------------------------------------------------------------------------------------------------


def test_a_body_that_drips_is_given_up(streets: Streets) -> None:
    street = streets(limits={"body_seconds": 0.05})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/sign-up", "headers": [], "client": ("203.0.113.9", 1)}
    run(street.desk(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 413


def test_choices_that_did_not_come_in_whole_are_not_taken_for_none(street: Street) -> None:
    path = f"/p/{link(street, Purpose.PREFER)}"
    assert run(street.ask("POST", path, b"pause=4&x=" + b"x" * 200_000))[0] == 413
    assert street.kept() == []


def test_what_goes_wrong_inside_is_told_kindly_and_logged_without_its_words(
    street: Street, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong(*_: object) -> None:
        raise RuntimeError("anna@example.org")

    monkeypatch.setattr(street.desk.spool, "keep", wrong)
    status, page, _ = run(street.post("/sign-up", address="anna@example.org", language="en"))
    assert status == 503
    assert "Not taken yet" in page
    assert "RuntimeError" in caplog.text
    assert "anna" not in caplog.text
