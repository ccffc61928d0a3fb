"""Envelopes at rest: only the secret they were locked by opens them, and to nothing but what was put in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.readers import vault
from hectograph.sealing import at_rest, envelope
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.seal import seal
from hectograph.sealing.unseal import KeyMissing, unseal

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
NAME, OWN = envelope.key_id(PUBLIC), at_rest.secret(KEY)
RING = {NAME: OWN}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LOCKED = at_rest.lock(NAME, OWN, b"someone@example.org")
VECTORS = Path(__file__).parents[1] / "vectors/at_rest.json"


@given(st.binary(max_size=5000))
@settings(max_examples=60, deadline=None)
def test_what_is_locked_is_unlocked(payload: bytes) -> None:
    assert at_rest.unlock(RING, at_rest.lock(NAME, OWN, payload)) == payload


def test_addresses_of_any_length_make_envelopes_of_one_length() -> None:
    assert {len(at_rest.lock(NAME, OWN, b"x" * length)) for length in range(250)} == {256 + envelope.OVERHEAD}


def test_the_same_address_never_looks_the_same() -> None:
    assert len({at_rest.lock(NAME, OWN, b"someone@example.org")[envelope.HEADER_BYTES :] for _ in range(200)}) == 200


def test_any_flipped_bit_is_noticed() -> None:
    for bit in range(len(LOCKED) * 8):
        altered = bytearray(LOCKED)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(EnvelopeProblem):
            at_rest.unlock(RING, bytes(altered))


def test_any_cut_is_noticed() -> None:
    for length in range(len(LOCKED)):
        for part in (LOCKED[:length], LOCKED[-length:] if length else b""):
            with pytest.raises(EnvelopeProblem):
                at_rest.unlock(RING, part)


@given(st.binary(max_size=700), st.booleans())
def test_what_is_no_envelope_is_refused(junk: bytes, headed: bool) -> None:
    with pytest.raises(EnvelopeProblem):
        at_rest.unlock(RING, envelope.header(NAME, envelope.AT_REST) + junk if headed else junk)


def test_another_label_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the same secret, so that nothing but the label differs."""
    monkeypatch.setattr(at_rest, "LABEL", envelope.LABEL)
    with pytest.raises(EnvelopeProblem, match="altered"):
        at_rest.unlock(RING, LOCKED)


def test_another_keys_secret_does_not_open_it() -> None:
    other = at_rest.secret(X25519PrivateKey.generate())
    with pytest.raises(EnvelopeProblem, match="altered"):
        at_rest.unlock({NAME: other}, LOCKED)


def test_a_missing_key_is_named_and_nothing_is_lost() -> None:
    with pytest.raises(KeyMissing, match="put the key back"):
        at_rest.unlock({}, LOCKED)


def test_neither_form_passes_for_the_other() -> None:
    def dressed(one: bytes, version: int) -> bytes:
        return one[:2] + bytes([version]) + one[3:]

    sealed = seal(PUBLIC, b"x")
    for one in (sealed, dressed(sealed, envelope.AT_REST)):
        with pytest.raises(EnvelopeProblem):
            at_rest.unlock(RING, one)
    for one in (LOCKED, dressed(LOCKED, envelope.VERSION)):
        with pytest.raises(EnvelopeProblem):
            unseal({NAME: KEY}, one)


def test_too_much_is_refused() -> None:
    with pytest.raises(EnvelopeProblem, match="65532"):
        at_rest.lock(NAME, OWN, bytes(65533))


def test_vectors_open_to_what_they_say_and_are_made_again() -> None:
    for vector in json.loads(VECTORS.read_text()):
        private, salt, payload, locked = (
            bytes.fromhex(vector[name]) for name in ("private", "salt", "payload", "envelope")
        )
        pair = X25519PrivateKey.from_private_bytes(private)
        name, own = envelope.key_id(pair.public_key().public_bytes_raw()), at_rest.secret(pair)
        assert own.hex() == vector["secret"]
        assert at_rest.unlock({name: own}, locked) == payload
        assert at_rest._locked(name, own, payload, salt) == locked


def test_a_vault_locks_rows_and_opens_those_of_the_old_form(tmp_path: Path) -> None:
    made = vault.make(tmp_path / "opener", NOW)
    locked, old = made.close(b"new"), seal(made.ring.current(envelope.STORE).public, b"old")
    again = vault.load(tmp_path / "opener")
    assert (again.open(locked), again.open(old)) == (b"new", b"old")
    assert locked[2] == envelope.AT_REST


def test_the_secret_of_rows_stands_in_no_file(tmp_path: Path) -> None:
    made = vault.make(tmp_path / "opener", NOW)
    owns = [own.hex() for own in made.ring.at_rest.values()]
    texts = [path.read_text() for path in (tmp_path / "opener").rglob("*") if path.is_file()]
    assert len(owns) == 2
    assert [own for own in owns for text in texts if own in text] == []


def test_a_destroyed_key_opens_no_row_any_more(tmp_path: Path) -> None:
    made = vault.make(tmp_path / "opener", NOW)
    locked = made.close(b"words")
    made.ring.destroy(made.ring.current(envelope.STORE))
    with pytest.raises(KeyMissing):
        made.open(locked)
