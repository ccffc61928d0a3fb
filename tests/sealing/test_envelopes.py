"""Envelopes: what goes in comes out for who holds the key, and for nobody else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.sealing import envelope, keyring
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.seal import seal
from hectograph.sealing.unseal import KeyMissing, unseal

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
RING = {envelope.key_id(PUBLIC): KEY}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
VECTORS = Path(__file__).parents[1] / "vectors/envelopes.json"


@given(st.binary(max_size=5000))
@settings(max_examples=60, deadline=None)
def test_what_is_sealed_is_unsealed(payload: bytes) -> None:
    assert unseal(RING, seal(PUBLIC, payload)) == payload


def test_addresses_of_any_length_make_envelopes_of_one_length() -> None:
    assert {len(seal(PUBLIC, b"x" * length)) for length in range(250)} == {256 + envelope.OVERHEAD}


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
@settings(max_examples=200, deadline=None)
def test_any_altered_byte_is_noticed(place: int, change: int) -> None:
    sealed = bytearray(seal(PUBLIC, b"someone@example.org"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(EnvelopeProblem):
        unseal(RING, bytes(sealed))


@given(st.binary(max_size=700))
def test_what_is_no_envelope_is_refused(junk: bytes) -> None:
    with pytest.raises(EnvelopeProblem):
        unseal(RING, junk)


def test_a_missing_key_is_named_and_nothing_is_lost() -> None:
    with pytest.raises(KeyMissing, match="put the key back"):
        unseal({}, seal(PUBLIC, b"x"))


def test_too_much_is_refused() -> None:
    with pytest.raises(EnvelopeProblem, match="65532"):
        seal(PUBLIC, bytes(65533))


def test_vectors_open_to_what_they_say() -> None:
    for vector in json.loads(VECTORS.read_text()):
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(vector["private"]))
        ring = {envelope.key_id(private.public_key().public_bytes_raw()): private}
        assert unseal(ring, bytes.fromhex(vector["envelope"])) == bytes.fromhex(vector["payload"])


# --- keys on disk -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("passphrase", [None, "correct horse"])
def test_keys_come_back_from_their_folder(tmp_path: Path, passphrase: str | None) -> None:
    made = keyring.load(tmp_path / "keys", passphrase).add(envelope.INTAKE, NOW)
    again = keyring.load(tmp_path / "keys", passphrase)
    assert unseal(again.private, seal(made.public, b"x")) == b"x"


def test_a_wrapped_key_is_not_on_the_disk_and_a_wrong_passphrase_says_so(tmp_path: Path) -> None:
    made = keyring.load(tmp_path / "keys", "correct horse").add(envelope.STORE, NOW)
    (path,) = (tmp_path / "keys").glob("*.json")
    assert made.private.private_bytes_raw().hex() not in path.read_text()
    with pytest.raises(keyring.KeyProblem, match="does not open"):
        keyring.load(tmp_path / "keys", "wrong horse")
    with pytest.raises(keyring.KeyProblem, match="locked"):
        keyring.load(tmp_path / "keys")


def test_a_folder_that_others_can_read_is_refused(tmp_path: Path) -> None:
    keyring.load(tmp_path / "keys").add(envelope.STORE, NOW)
    (tmp_path / "keys").chmod(0o755)
    with pytest.raises(keyring.KeyProblem, match="Others on this machine"):
        keyring.load(tmp_path / "keys")


def test_a_retired_key_still_opens_and_is_not_current(tmp_path: Path) -> None:
    ring = keyring.load(tmp_path / "keys")
    old, new = ring.add(envelope.INTAKE, NOW), ring.add(envelope.INTAKE, NOW + timedelta(days=30))
    ring.retire(old, NOW + timedelta(days=30))
    again = keyring.load(tmp_path / "keys")
    assert again.current(envelope.INTAKE).id == new.id
    assert unseal(again.private, seal(old.public, b"x")) == b"x"
