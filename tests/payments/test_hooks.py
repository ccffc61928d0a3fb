"""Webhooks: only what the service signed, for us, of now; and refused ones say nothing."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import WebhookSignature

from hectograph.errors import Problem
from hectograph.payments import hooks
from hectograph.payments.hooks import Endpoint, Hint, HookRefused

NOW = 1_800_000_000
OLD, NEW = "whsec_of_the_old_endpoint", "whsec_of_the_new_endpoint"
OURS = Endpoint((OLD, NEW), live=True, api_version="2026-10-28.endive", account="acct_ours")
EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "api_version": "2026-10-28.endive",
    "created": NOW - 5,
    "livemode": True,
    "type": "charge.succeeded",
    "data": {"object": {"id": "ch_1", "object": "charge", "billing_details": {"name": "Canary Name"}}},
}


def body(**changed: Any) -> bytes:
    return json.dumps({**EVENT, **changed}).encode()


def signed(text: bytes, secret: str = NEW, at: int = NOW) -> str:
    """The header as the service's own library writes it."""
    return str(WebhookSignature.generate_signature_header(text.decode("utf-8", "surrogateescape"), secret, at))


def refused(text: bytes, header: str, endpoint: Endpoint = OURS, now: float = NOW) -> bool:
    with pytest.raises(HookRefused) as error:
        hooks.verify(endpoint, text, header, now)
    return str(error.value) == "not a webhook of ours"


def test_a_signed_webhook_gives_four_values_and_no_more() -> None:
    assert hooks.verify(OURS, body(), signed(body()), NOW) == Hint("evt_1", "charge.succeeded", "ch_1", NOW - 5)


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_while_secrets_change_either_holds(secret: str) -> None:
    assert hooks.verify(OURS, body(), signed(body(), secret), NOW).event == "evt_1"


def test_one_good_signature_among_several_is_enough() -> None:
    header = f"t={NOW},v1={'0' * 64},{signed(body()).partition(',')[2]}"
    assert hooks.verify(OURS, body(), header, NOW).event == "evt_1"


def test_an_event_of_three_days_ago_that_is_signed_now_is_taken() -> None:
    late = body(created=NOW - 3 * 86_400)
    assert hooks.verify(OURS, late, signed(late), NOW).created == NOW - 3 * 86_400


@pytest.mark.parametrize(
    "header", ["", "t=", f"t={NOW}", "v1=" + "0" * 64, f"t={NOW},v1=", "t=now,v1=00", ",,,=,", "t"]
)
def test_a_header_that_is_none_is_refused(header: str) -> None:
    assert refused(body(), header)


def test_a_secret_that_is_not_ours_is_refused() -> None:
    assert refused(body(), signed(body(), "whsec_of_somebody_else"))


def test_the_service_s_test_scheme_is_no_signature() -> None:
    assert refused(body(), signed(body()).replace("v1=", "v0="))


def test_a_signature_in_letters_that_no_digest_has_is_refused() -> None:
    assert refused(body(), f"t={NOW},v1=подпись\ud800")


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: text + b" ", lambda text: b"", lambda text: b"\n" + text]
)
def test_a_byte_more_or_less_is_refused(change: Any) -> None:
    assert refused(change(body()), signed(body()))


def test_the_same_json_written_again_is_refused() -> None:
    again = json.dumps(EVENT, separators=(",", ":")).encode()
    assert json.loads(again) == json.loads(body())
    assert refused(again, signed(body()))


@pytest.mark.parametrize("at", [NOW - 301, NOW + 61, NOW + 3600, 0, 10**12 - 1])
def test_a_signature_of_another_time_is_refused(at: int) -> None:
    assert refused(body(), signed(body(), at=at))


@pytest.mark.parametrize("at", [NOW - 300, NOW, NOW + 60])
def test_a_signature_within_the_tolerance_is_taken(at: int) -> None:
    assert hooks.verify(OURS, body(), signed(body(), at=at), NOW).event == "evt_1"


def test_a_timestamp_changed_after_signing_is_refused() -> None:
    assert refused(body(), signed(body(), at=NOW - 400).replace(str(NOW - 400), str(NOW)))


def test_two_timestamps_are_refused() -> None:
    assert refused(body(), f"t={NOW - 9000}," + signed(body()))


@pytest.mark.parametrize(
    "digits", ["+1800000000", " 1800000000 0", "١٨٠٠٠٠٠٠٠٠", "1.8e9", "0x6b49d200", "1_800_000_000"]
)
def test_a_timestamp_in_other_digits_is_refused(digits: str) -> None:
    assert refused(body(), signed(body()).replace(f"t={NOW}", f"t={digits}"))


@pytest.mark.parametrize(
    "changed",
    [
        {"livemode": False},
        {"livemode": "true"},
        {"livemode": 1},
        {"account": "acct_other"},
        {"api_version": "2017-08-15"},
        {"api_version": None},
        {"object": "v2.core.event"},
        {"id": ""},
        {"id": "evt 1"},
        {"id": 7},
        {"id": "e" * 256},
        {"type": "Charge Succeeded"},
        {"type": None},
        {"created": "now"},
        {"created": True},
        {"created": -1},
        {"created": 1.5},
        {"data": None},
        {"data": {}},
        {"data": {"object": "ch_1"}},
        {"data": {"object": {"id": 7}}},
        {"data": {"object": {"id": "../ch_1"}}},
    ],
)
def test_a_signed_event_that_is_not_for_us_is_refused(changed: dict[str, Any]) -> None:
    assert refused(body(**changed), signed(body(**changed)))


@pytest.mark.parametrize("account", ["acct_ours", None])
def test_an_event_of_our_account_is_taken_whether_it_is_named_or_not(account: str | None) -> None:
    ours = body(account=account)
    assert hooks.verify(OURS, ours, signed(ours), NOW).object == "ch_1"


def test_what_has_no_id_gives_an_empty_one() -> None:
    balance = body(type="balance.available", data={"object": {"object": "balance"}})
    assert hooks.verify(OURS, balance, signed(balance), NOW).object == ""


def test_ten_megabytes_are_refused_unread() -> None:
    huge = body(padding="x" * 10_000_000)
    assert refused(huge, signed(huge))


def test_the_largest_body_is_taken_and_one_byte_more_is_not() -> None:
    room = hooks.LARGEST - len(body(padding=""))
    fits, over = body(padding="x" * room), body(padding="x" * (room + 1))
    assert hooks.verify(OURS, fits, signed(fits), NOW).event == "evt_1"
    assert refused(over, signed(over))


@pytest.mark.parametrize(
    "text", [b"\xff\xfe{}", b'{"id": "\xc3\x28"}', b"[]", b"null", b"7", b"{", b"[" * 200_000, b""]
)
def test_a_signed_body_that_is_no_event_is_refused(text: bytes) -> None:
    assert refused(text, _signed_bytes(text))


def test_a_refusal_holds_nothing_of_the_body_and_no_cause() -> None:
    with pytest.raises(HookRefused) as error:
        hooks.verify(OURS, b'{"name": "Canary Name"', _signed_bytes(b'{"name": "Canary Name"'), NOW)
    assert error.value.__cause__ is None
    assert "Canary" not in repr(error.value)


@pytest.mark.parametrize("secrets", [(), ("",), (NEW, "short")])
def test_an_endpoint_without_a_secret_is_a_problem(secrets: tuple[str, ...]) -> None:
    with pytest.raises(Problem, match="signing secret"):
        Endpoint(secrets, live=True, api_version="2026-10-28.endive")


@given(st.binary(max_size=300), st.text(max_size=120))
def test_whatever_comes_is_refused_in_one_way(text: bytes, header: str) -> None:
    assert refused(text, header)
    assert refused(text, f"t={NOW},v1={header}")


def _signed_bytes(text: bytes) -> str:
    """As above, over bytes that are no text."""
    mac = hmac.new(NEW.encode(), f"{NOW}.".encode() + text, hashlib.sha256).hexdigest()
    return f"t={NOW},v1={mac}"
