"""The theft drill, as anyone can run it: `python -m tests.newsroom.theft_drill --readers 1000`.

A newsroom with a desk, each its own process, takes sign-ups of planted readers. Then a thief gets the desk's memory,
and a dump: all of HECTO_HOME with database and desk, and a backup of it; but not HECTO_KEYS. Every key-shaped string
in it is tried on every sealed field, and every planted address is looked for in every disguise.
"""

import argparse
import base64
import hashlib
import hmac
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hectograph.sealing import at_rest, envelope
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.unseal import unseal
from tests.process import Home, below, port_for_later, wait_for, wait_until

STAFF = "198.51.100.23"
_KEY = re.compile(rb"[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?")
_WINDOW = 8  # bytes of a disguise that are enough to be suspicious
_HEX_RUN, _BASE64_RUN = re.compile(rb"[0-9a-f]{64,}"), re.compile(rb"[A-Za-z0-9+/_-]{43,}")  # that could hold a digest
_PLAIN_BASE64 = bytes.maketrans(b"-_", b"+/")
_HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
_VISIT = f"""
from django.test import Client
Client(REMOTE_ADDR="{STAFF}").post("/admin/login/", {{"login": "somebody", "password": "wrong"}}, HTTP_HOST="127.0.0.1")
"""
_PULL = """
from django.utils import timezone
from hectograph.newsroom import opener
from hectograph.newsroom.flows import subscribe
print(subscribe.pull(opener.open_vault(), timezone.now()))
"""


@dataclass(frozen=True)
class Loot:
    """What the drill found: disguises of planted readers, keys that opened something, and how much was looked at."""

    found: list[str]
    opened: int
    looked_at: dict[str, int]


def planted(count: int) -> list[str]:
    return [f"Planted.Reader{number}@example{number % 7}.org" for number in range(count)]


@contextmanager
def desk_of(home: Home) -> Iterator[tuple[int, int]]:
    """A running desk: its port, and the number of its process."""
    port = port_for_later()
    at = f"127.0.0.1:{port}"
    for words in (["init", "--no-account"], ["keys", "make"]):
        home.hecto(*words)
    home.hecto("desk", "--configure", "--address", f"http://{at}", "--listen", at)
    with open(home.folder / "var/desk/desk.toml", "a") as file:
        file.write("\n[limits]\nrefresh_idle = 2\n")  # a minute, in production: the drill has not the patience
    process = home.start("desk")
    try:
        wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def sign_up(port: int, addresses: list[str]) -> None:
    def one(address: str) -> None:
        body = urlencode({"address": address, "language": "en", "text": "v1"}).encode()
        with urlopen(f"http://127.0.0.1:{port}/sign-up", body, timeout=60) as answer:
            assert answer.status == 200

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, addresses))


def memory(pid: int) -> bytes:
    """What lies in the memory of a process and its children."""
    return b"".join(map(_memory, [pid, *below(pid)]))


def _memory(pid: int) -> bytes:
    parts = list[bytes]()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(place, 16) for place in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                try:
                    file.seek(start)
                    parts.append(file.read(end - start))
                except (OSError, OverflowError, ValueError):
                    continue  # the kernel's own
    return b"".join(parts)


def disguises(address: str) -> Iterator[tuple[str, bytes]]:
    for plain in {address.encode(), address.lower().encode(), address.upper().encode()}:
        yield "plain", plain
        yield "hex", plain.hex().encode()
        yield "base32", base64.b32encode(plain).rstrip(b"=")
        for shift in range(3):  # base64 looks otherwise at each of three places
            yield "base64", base64.b64encode(b"x" * shift + plain)[4 if shift else 0 : -4]
        for name in _HASHES:
            yield from _written(name, hashlib.new(name, plain).digest())


def _written(name: str, digest: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, digest
    yield name, digest.hex().encode()
    yield name, base64.b64encode(digest)
    yield name, base64.urlsafe_b64encode(digest)


def key_shaped(data: bytes) -> list[bytes]:
    """Every string of the dump that could be a key, as it stands and decoded."""
    found = set[bytes]()
    for text in set(_KEY.findall(data)):
        found.add(text)
        try:
            found.add(bytes.fromhex(text.decode()))
        except ValueError:
            found.add(base64.b64decode(text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/")) + b"="))
    return sorted(found)


def sealed_fields(data: bytes) -> list[bytes]:
    """Every envelope of the dump."""
    size, versions = envelope.OVERHEAD + envelope.SIZE_CLASSES[0], bytes([envelope.VERSION, envelope.AT_REST])
    places = [match.start() for match in re.finditer(envelope.MAGIC + b"[" + versions + b"]", data)]
    return list({data[place : place + size] for place in places if place + size <= len(data)})


def unwritten(data: bytes) -> set[bytes]:
    """The first bytes of whatever could be a digest written as hex or base64, at every place where one could begin."""
    found = {
        bytes.fromhex(run[0][place : place + 16].decode())
        for run in _HEX_RUN.finditer(data)
        for place in range(len(run[0]) - 63)
    }
    for run in _BASE64_RUN.finditer(data):
        text = run[0].translate(_PLAIN_BASE64)
        found |= {base64.b64decode(text[place : place + 12])[:_WINDOW] for place in range(len(text) - 42)}
    return found


def search(data: bytes, addresses: list[str]) -> Loot:
    keys, sealed = key_shaped(data), sealed_fields(data)
    windows = {data[place : place + _WINDOW] for place in range(len(data) - _WINDOW)}
    decoded = unwritten(data)
    found = [f"staff at {STAFF}"] if STAFF.encode() in data else []
    for address in addresses:
        tried = [*disguises(address)]
        plain = address.lower().encode()
        for key in keys:  # tens of thousands for each address: it is written in its forms only where it is suspicious
            digest = hmac.digest(key, plain, "sha256")
            if digest[:_WINDOW] in windows or digest[:_WINDOW] in decoded:
                tried += _written("HMAC", digest)
        found += [f"{name} of {address}" for name, text in tried if text[:_WINDOW] in windows and text in data]
    looked_at = {"bytes": len(data), "keys": len(keys), "sealed": len(sealed), "addresses": len(addresses)}
    return Loot(found, _opened(keys, sealed), looked_at)


def _opened(keys: list[bytes], sealed: list[bytes]) -> int:
    """How many fields open. All of one form that name one key id were closed to one key: what opens none of two of
    them, opens none, so each string is tried on two of each."""
    alike = dict[bytes, list[bytes]]()
    for one in sealed:
        alike.setdefault(one[: envelope.HEADER_BYTES], []).append(one)
    raw = [key for key in keys if len(key) == 32]
    return sum(len(fields) for fields in alike.values() if any(opens(key, one) for key in raw for one in fields[:2]))


def opens(key: bytes, sealed: bytes) -> bool:
    """Whether 32 bytes open it: as the private half of a key or, at rest, also as the secret derived from one."""
    private, name = X25519PrivateKey.from_private_bytes(key), envelope.read_key_id(sealed)
    if envelope.is_at_rest(sealed):
        return any(_succeeds(partial(at_rest.unlock, {name: own}, sealed)) for own in (key, at_rest.secret(private)))
    return _succeeds(partial(unseal, {name: private}, sealed))


def _succeeds(opening: Callable[[], bytes]) -> bool:
    try:
        opening()
    except EnvelopeProblem:
        return False
    return True


def private_keys(keys: Path) -> list[bytes]:
    """The opener's secrets, raw and as they are written."""
    texts = [text for path in keys.rglob("*") if path.is_file() for text in _KEY.findall(path.read_bytes())]
    public = {bytes.fromhex(path.stem) for path in (keys / "envelopes").glob("*.json")}
    bare = [text for text in texts if hashlib.sha256(bytes.fromhex(text.decode())).digest()[:8] not in public]
    return [form for text in bare for form in (text, bytes.fromhex(text.decode()))]


def _come_to_rest(pid: int) -> None:
    """Until the desk has replaced its process, as it does when no form came for a while."""
    before = below(pid)
    wait_until(lambda: bool(now := below(pid)) and not before & now)


def stage(folder: Path, count: int) -> tuple[Home, bytes, bytes]:
    """A newsroom in `folder` after `count` sign-ups: its dump, and its desk's memory at rest."""
    home = Home(folder)
    with desk_of(home) as (port, pid):
        sign_up(port, planted(count))
        assert home.python(_PULL).strip() == str(count)
        sign_up(port, planted(count)[: count // 2])  # these still lie in the spool
        _come_to_rest(pid)
        at_rest = memory(pid)
    home.python(_VISIT)
    shutil.make_archive(str(folder / "backup"), "tar", folder / "var")
    taken = [path for path in folder.rglob("*") if path.is_file() and "keys" not in path.relative_to(folder).parts]
    return home, b"".join(path.read_bytes() for path in taken), at_rest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1000)
    count = parser.parse_args().readers
    with tempfile.TemporaryDirectory(prefix="hecto-theft-") as scratch:
        home, dump, at_rest = stage(Path(scratch), count)
        loot = search(dump, planted(count))
        secrets = [text for text in private_keys(home.folder / "keys/opener") if text in at_rest]
        plain = [one for one in planted(count) if one.encode() in at_rest or one.lower().encode() in at_rest]
    lines = [
        "The dump: " + ", ".join(f"{value:,} {name}" for name, value in loot.looked_at.items()),
        f"Sealed fields that a key-shaped string opens: {loot.opened}",
        f"Readers and staff found: {', '.join(loot.found[:9]) or 'none'}",
        f"The desk's memory ({len(at_rest):,} bytes): {len(secrets)} private keys, {len(plain)} addresses",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if loot.found or loot.opened or secrets or plain else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hectograph.newsroom.settings")
    sys.exit(main())
