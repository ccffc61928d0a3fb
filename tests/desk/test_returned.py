"""Mail that came back, posted to a desk: sealed, kept, and nobody without the token fills the spool."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from hectograph.desk.store import SpoolFull
from tests.desk.conftest import Street
from tests.loops import run

TOKEN = "a-secret-token"
MAIL = b"From: MAILER-DAEMON@mx.example\r\nTo: b+1.x.y@bounce.example\r\n\r\nNo such user <anna@example.org>\r\n"
Streets = Callable[..., Street]


@pytest.fixture
def street(streets: Streets) -> Street:
    return streets(returned=hashlib.sha256(TOKEN.encode()).digest())


def kept(street: Street) -> list[bytes]:
    return [base64.b64decode(words["mail"]) for words in street.kept() if words["kind"] == "returned"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (MAIL, "message/rfc822"),
        (MAIL, ""),
        (urlencode({"recipient": "x", "body-mime": MAIL.decode()}).encode(), "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + MAIL + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_a_mail_is_kept_sealed_as_it_came(street: Street, body: bytes, kind: str) -> None:
    status, _, _ = run(street.ask("POST", f"/returned/{TOKEN}", body, content_type=kind))
    assert status == 200
    assert [mail.strip() for mail in kept(street)] == [MAIL.strip()]
    (sealed,) = [row for _, row in street.desk.spool.store.page(0, 10).rows]
    assert b"anna" not in sealed


@pytest.mark.parametrize("path", ["/returned/", "/returned/another", f"/returned/{TOKEN}x", "/returned"])
def test_without_the_token_nothing_is_kept(street: Street, path: str) -> None:
    assert run(street.ask("POST", path, MAIL))[0] == 404
    assert street.kept() == []


def test_a_desk_that_was_told_no_token_has_no_such_door(streets: Streets) -> None:
    street = streets()
    assert run(street.ask("POST", "/returned/", MAIL))[0] == 404
    assert street.kept() == []


def test_of_a_long_mail_the_top_is_kept_and_an_empty_one_is_refused(street: Street) -> None:
    assert run(street.ask("POST", f"/returned/{TOKEN}", MAIL + b"x" * 3_000_000))[0] == 200
    assert kept(street)[0].startswith(MAIL)
    assert run(street.ask("POST", f"/returned/{TOKEN}", b""))[0] == 400
    assert run(street.ask("GET", f"/returned/{TOKEN}"))[0] == 404


def test_a_full_spool_asks_for_it_again(street: Street) -> None:
    def full(rows: Any) -> None:
        raise SpoolFull

    street.desk.spool.store.append = full  # type: ignore[method-assign]
    assert run(street.ask("POST", f"/returned/{TOKEN}", MAIL))[0] == 503
