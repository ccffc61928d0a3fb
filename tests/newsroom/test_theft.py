"""The theft drill: all of HECTO_HOME and the desk's disk, but not HECTO_KEYS, name nobody."""

import base64
import gzip
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.management import call_command

from hectograph.desk import configuration
from hectograph.desk.app import Desk
from hectograph.newsroom.flows import desks, subscribe
from hectograph.readers import vault
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.subscriber import Subscriber
from hectograph.sealing import at_rest, envelope
from hectograph.sealing.seal import seal
from tests.loops import run
from tests.newsroom import theft_drill
from tests.newsroom.cast import Newsroom

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PLANTED = [f"planted.reader{number}@example{number % 7}.org" for number in range(1000)]
_KEY = re.compile(rb"[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?")


class Wire:
    """The newsroom's question, handed to the desk without a network."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __call__(self, address: str, body: bytes, signature: str) -> tuple[bytes, str]:
        status, text, headers = run(self.ask("/pull", body, {"signature": signature}))
        assert status == 200
        return text, headers["signature"]

    async def ask(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        rows = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "POST", "path": path, "headers": rows, "client": ("203.0.113.77", 1)}
        await self.desk(scope, receive, send)
        return sent[0]["status"], sent[1]["body"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}


@pytest.fixture
def robbed(newsroom: Newsroom, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """A newsroom with a thousand readers; call it for the folder that the thief has."""
    opened = vault.make(tmp_path / "keys/opener", NOW)
    folder = tmp_path / "home/desk"
    file = desks.configure(opened, folder, address="http://desk.example", listen="127.0.0.1:1")
    text = file.read_text() + "[limits]\nper_client = 0\n"
    file.write_text(text)
    desk = Desk(configuration.read(file))
    wire = Wire(desk)

    async def all_sign_up() -> None:
        for address in PLANTED:
            body = urlencode({"address": address, "language": "en"}).encode()
            status, _, _ = await wire.ask("/sign-up", body, {"content-type": "application/x-www-form-urlencoded"})
            assert status == 200

    def steal() -> Path:
        run(all_sign_up())
        assert subscribe.pull(opened, NOW, ask=wire) == len(PLANTED)
        assert Subscriber.objects.count() == len(PLANTED)
        with open(tmp_path / "home/database.json", "w") as dump:
            call_command("dumpdata", "readers", "newsroom", "axes", stdout=dump)
        return tmp_path / "home"

    yield steal
    desk.close()


def disguises(address: str, keys: list[bytes]) -> set[bytes]:
    plain = address.encode()
    found = {plain, plain.upper(), base64.b64encode(plain), base64.b32encode(plain), plain.hex().encode()}
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
        digest = hashlib.new(name, plain).digest()
        found |= {digest, digest.hex().encode(), base64.b64encode(digest)}
    for key in keys:
        found.add(hmac.new(key, plain, hashlib.sha256).hexdigest().encode())
    return found


def key_shaped(data: bytes) -> list[bytes]:
    found: set[bytes] = set()
    for text in set(_KEY.findall(data)):
        found.add(text)
        try:
            found.add(bytes.fromhex(text.decode()))
        except ValueError:
            padded = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/")) + b"="
            found.add(base64.b64decode(padded, validate=False))
    return [key for key in found if len(key) == 32][:4000]


def test_a_thief_without_the_keys_finds_no_reader(robbed: Callable[[], Path]) -> None:
    home = robbed()
    data = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    data += b"".join(gzip.decompress(path.read_bytes()) for path in home.rglob("*.gz"))
    keys = key_shaped(data)
    for address in PLANTED[:50]:
        assert [form for form in disguises(address, keys[:300]) if form in data] == []
    assert [address for address in PLANTED if address.encode() in data.lower()] == []
    assert b"203.0.113.77" not in data
    sealed = [bytes(row) for row in Subscriber.objects.values_list("sealed", flat=True)[:3]]
    assert [each for each in sealed for key in keys if theft_drill.opens(key, each)] == []


def test_the_admins_process_never_loads_what_opens() -> None:
    code = (
        "import django, sys; django.setup(); import hectograph.newsroom.urls, hectograph.newsroom.wagtail_hooks\n"
        "print([name for name in sys.modules if name in "
        "('hectograph.sealing.unseal', 'hectograph.sealing.at_rest', 'hectograph.sealing.keyring', "
        "'hectograph.readers.vault')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert json.loads(done.stdout.replace("'", '"')) == []


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.settings"}


def test_a_desk_in_trouble_loses_nobody_and_shows(newsroom: Newsroom, tmp_path: Path) -> None:
    opened = vault.make(tmp_path / "keys", NOW)
    desks.configure(opened, tmp_path / "desk", address="http://127.0.0.1:9", listen="127.0.0.1:9")
    assert subscribe.pull(opened, NOW) == 0
    assert "can't be reached" in DeskRow.objects.get().trouble


def test_an_answer_that_is_not_the_desks_own_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    opened = vault.make(tmp_path / "keys", NOW)
    desks.configure(opened, tmp_path / "desk", address="http://desk.example", listen="127.0.0.1:9")
    subscribe.pull(opened, NOW, ask=lambda address, body, signature: (b'{"rows": [], "left": 0}', "00" * 64))
    assert "not its own" in DeskRow.objects.get().trouble


@pytest.mark.soak
def test_the_drill_at_its_stated_count(tmp_path: Path) -> None:
    """Every key-shaped string, a thousand readers in every disguise; no key and no address in memory."""
    home, dump, at_rest = theft_drill.stage(tmp_path, 1000)
    loot = theft_drill.search(dump, theft_drill.planted(1000))
    assert (loot.found, loot.opened) == ([], 0)
    assert loot.looked_at["sealed"] >= 1000
    assert [key for key in theft_drill.private_keys(home.folder / "keys/opener") if key in at_rest] == []
    assert [
        one for one in theft_drill.planted(1000) if one.encode() in at_rest or one.lower().encode() in at_rest
    ] == []


def test_the_drill_finds_what_lies_open() -> None:
    """A drill that finds nothing proves something only if it would have found it."""
    key, (address,) = bytes(range(32)), theft_drill.planted(1)
    hashed = hmac.digest(key, address.lower().encode(), "sha256").hex().encode()
    private = X25519PrivateKey.generate()
    sealed = seal(private.public_key().public_bytes_raw(), b"x")
    own = X25519PrivateKey.generate()
    name, secret = envelope.key_id(own.public_key().public_bytes_raw()), at_rest.secret(own)
    locked, bare = at_rest.lock(name, secret, b"x"), at_rest.lock(b"\x01" * 8, b"\x02" * 32, b"x")
    lying = [own.private_bytes_raw().hex().encode(), ("02" * 32).encode()]
    dump = b"...".join([key.hex().encode(), hashed, base64.b64encode(b"to " + address.encode()), sealed, locked, bare])
    dump += b" " + b" ".join(lying)
    loot = theft_drill.search(dump + b" " + private.private_bytes_raw().hex().encode(), [address])
    assert {words.split()[0] for words in loot.found} == {"HMAC", "base64"}
    assert loot.opened == 3  # by the private half of a key, twice, and by a secret


@pytest.mark.parametrize("form", range(4))
@pytest.mark.parametrize("beside", [b"\0", b"a", b"0a", b"--a"])
def test_the_drill_finds_a_keyed_hash_in_every_form_and_place(form: int, beside: bytes) -> None:
    """As it is, in hex, in both kinds of base64; also within a longer run of such letters."""
    key, (address,) = bytes(range(32)), theft_drill.planted(1)
    _, text = [*theft_drill._written("HMAC", hmac.digest(key, address.lower().encode(), "sha256"))][form]
    loot = theft_drill.search(key.hex().encode() + b"." * 9 + beside + text + beside + b"." * 9, [address])
    assert {words.split()[0] for words in loot.found} == {"HMAC"}
