"""Webhooks at the desk: what the processor signed is kept, sealed, as four values; of all else nothing is."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from hectograph.desk.sealed_words import VOUCHES, vouched_bytes
from hectograph.desk.store import SpoolFull
from hectograph.payments.hooks import Endpoint
from tests.desk.conftest import Street
from tests.desk.test_paying import TABLE
from tests.loops import run

SECRET = "whsec_" + "a" * 32
EVENT = {
    "object": "event", "id": "evt_1", "type": "charge.refunded", "created": 1_800_000_000, "livemode": False,
    "api_version": "2026-10-28.endive", "data": {"object": {"id": "ch_1", "email": "canary@example.org"}},
}  # fmt: skip
HOOKS = Endpoint((SECRET,), live=False, api_version="2026-10-28.endive")


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> str:
    seconds = str(int(at or time.time()))
    return f"t={seconds},v1={hmac.new(secret.encode(), seconds.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


@pytest.fixture
def street(streets: Callable[..., Street]) -> Street:
    return streets(support=replace(TABLE, hooks=HOOKS))


BODY = json.dumps(EVENT).encode()


def test_a_webhook_leaves_four_values_that_the_desk_vouches_for(street: Street) -> None:
    assert run(street.ask("POST", "/webhooks/stripe", BODY, stripe_signature=signed(BODY)))[0] == 200
    (words,) = street.kept()
    street.own.public_key().verify(bytes.fromhex(words[VOUCHES]), vouched_bytes(words))
    del words[VOUCHES]
    assert words == {
        "kind": "webhook", "processor": "stripe", "event": "evt_1", "type": "charge.refunded", "object": "ch_1",
        "created": "1800000000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY, ""),
        (BODY, signed(BODY, secret="whsec_" + "b" * 32)),
        (BODY + b" ", signed(BODY)),
        (BODY, signed(BODY, at=time.time() - 400)),
        (BODY, signed(BODY, at=time.time() + 3600)),
        (BODY.replace(b"false", b"true"), signed(BODY.replace(b"false", b"true"))),
        (b"x" * 300_000, signed(b"x" * 300_000)),
        (b"\xff\xfe", signed(b"\xff\xfe")),
    ],
)
def test_what_is_not_the_processors_is_refused_and_leaves_no_trace(
    street: Street, body: bytes, signature: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert run(street.ask("POST", "/webhooks/stripe", body, stripe_signature=signature))[0] == 400
    assert street.kept() == []
    assert caplog.text == ""


def test_a_processor_that_is_not_ours_finds_no_door(street: Street) -> None:
    assert run(street.ask("POST", "/webhooks/other", BODY, stripe_signature=signed(BODY)))[0] == 404


def test_without_room_it_is_asked_to_come_again(street: Street) -> None:
    def full(rows: object) -> None:
        raise SpoolFull

    street.desk.spool.store.append = full  # type: ignore[method-assign]
    assert run(street.ask("POST", "/webhooks/stripe", BODY, stripe_signature=signed(BODY)))[0] == 503
