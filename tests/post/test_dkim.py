"""A relay's signature over the letter holds, also over both headers of one-click (mail.md §7, attack 23)."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.post.test_splice import READER, copy, letter

_SIGNED = [
    *(b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post"),
]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def verified(message: bytes, key: rsa.RSAPrivateKey) -> bool:
    raw = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(raw)
    return bool(dkim.verify(message, dnsfunc=lambda name, timeout=5: record))


def signed(message: bytes, key: rsa.RSAPrivateKey) -> bytes:
    kind = serialization.PrivateFormat.TraditionalOpenSSL
    pem = key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
    return bytes(dkim.sign(message, b"s", b"courier.example", pem, include_headers=_SIGNED)) + message


def test_the_signature_over_a_copy_holds(key: rsa.RSAPrivateKey) -> None:
    made = signed(copy(letter("Пятница.\n.\nFrom here", subject="Пятница")), key)
    assert b"list-unsubscribe-post" in made.partition(b"\r\n\r\n")[0].lower()
    assert verified(made, key)


def test_a_changed_way_out_breaks_it(key: rsa.RSAPrivateKey) -> None:
    made = signed(copy(letter()), key)
    other = made.replace(READER.leave.encode(), READER._replace(leave="M" + READER.leave[1:]).leave.encode(), 1)
    assert not verified(other, key)
