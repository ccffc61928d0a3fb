"""Links as capabilities: checked by who knows the public key, made by the newsroom alone."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.sealing.capability import Capability, Purpose, check, issue

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LINK = Capability(Purpose.CONFIRM, bytes(range(16)), NOW + timedelta(days=7), ("ru", "weekly"))


def test_a_link_says_what_was_put_in() -> None:
    assert check(KEY.public_key(), issue(KEY, LINK), NOW) == LINK


def test_a_link_past_its_time_is_none() -> None:
    assert check(KEY.public_key(), issue(KEY, LINK), NOW + timedelta(days=8)) is None


def test_a_link_of_another_newsroom_is_none() -> None:
    other = Ed25519PrivateKey.generate()
    assert check(KEY.public_key(), issue(other, LINK), NOW) is None


@given(st.integers(min_value=0), st.sampled_from("ABCabc019-_"))
@settings(max_examples=200)
def test_an_altered_link_never_means_anything_else(place: int, letter: str) -> None:
    text = issue(KEY, LINK)
    place %= len(text)
    assert check(KEY.public_key(), text[:place] + letter + text[place + 1 :], NOW) in (None, LINK)


@given(st.text(max_size=500))
def test_junk_is_no_link(junk: str) -> None:
    assert check(KEY.public_key(), junk, NOW) is None
