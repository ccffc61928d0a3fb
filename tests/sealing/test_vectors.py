"""HPKE by RFC 9180's own vectors, in both implementations; envelopes that both make and open alike."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import brotli
import pytest
from cryptography.hazmat.bindings._rust import openssl as rust_openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hectograph.press import sign_up
from hectograph.press.records import Letter
from hectograph.sealing import envelope
from hectograph.sealing.unseal import unseal

_TESTS = Path(__file__).parents[1]
(RFC,) = json.loads((_TESTS / "vectors/hpke.json").read_text())
ENVELOPES: list[dict[str, str]] = json.loads((_TESTS / "vectors/envelopes.json").read_text())
KEY = X25519PrivateKey.from_private_bytes(bytes.fromhex(RFC["skRm"]))
ENCRYPTED = {name: bytes.fromhex(value) for name, value in RFC["encryption"].items()}


def in_the_browsers_words(question: dict[str, Any]) -> dict[str, str]:
    """seal.js in an engine with WebCrypto, with the ephemeral key of `question`; what it made, as hexadecimal."""
    script = sign_up.sealing_script(Letter(key=question["public"])).decode()
    done = subprocess.run(
        ["node", str(_TESTS / "vectors/sealing.js")],
        input=json.dumps({**question, "script": script}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_python_opens_the_rfcs_ciphertext() -> None:
    """Ours have no associated data, and the suite's public door takes none; the vector has some."""
    info, sealed = bytes.fromhex(RFC["info"]), bytes.fromhex(RFC["enc"]) + ENCRYPTED["ct"]
    found = rust_openssl.hpke._decrypt_with_aad(envelope.SUITE, sealed, KEY, info=info, aad=ENCRYPTED["aad"])
    assert found == ENCRYPTED["pt"]


def test_the_browsers_script_makes_the_rfcs_key_and_nonce() -> None:
    """The label of our envelopes gives way to the vector's `info`; all else is the script that readers run."""
    made = in_the_browsers_words(
        {"public": RFC["pkRm"], "ephemeral": RFC["skEm"], "info": RFC["info"], "payload": "00"}
    )
    assert made["enc"] == RFC["enc"]
    assert made["shared_secret"] == RFC["shared_secret"]
    assert (made["key"], made["nonce"]) == (RFC["key"], RFC["base_nonce"])
    sealed = AESGCM(bytes.fromhex(made["key"])).encrypt(bytes.fromhex(made["nonce"]), ENCRYPTED["pt"], ENCRYPTED["aad"])
    assert sealed == ENCRYPTED["ct"]


@pytest.mark.parametrize("vector", ENVELOPES, ids=lambda vector: f"{len(vector['payload']) // 2} bytes")
def test_both_agree_on_the_envelopes_that_are_written_down(vector: dict[str, str]) -> None:
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(vector["private"]))
    public = private.public_key().public_bytes_raw()
    payload = bytes.fromhex(vector["payload"])
    assert unseal({envelope.key_id(public): private}, bytes.fromhex(vector["envelope"])) == payload
    if "ephemeral" in vector:  # the last was made by Python, which tells nobody
        question = {"public": public.hex(), "ephemeral": vector["ephemeral"], "payload": vector["payload"]}
        assert in_the_browsers_words(question)["envelope"] == vector["envelope"]


def test_the_script_is_small_and_calls_no_one() -> None:
    script = sign_up.sealing_script(Letter(key="00" * 32))
    assert len(brotli.compress(script)) <= 1500
    assert not re.search(rb"fetch|XMLHttp|sendBeacon|import\(|storage|cookie", script)
