"""The one TOML file of a desk: public keys, and one private key that opens nothing, the desk's own signature."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hectograph.desk import support_table
from hectograph.desk.support_table import SupportTable
from hectograph.errors import Problem
from hectograph.payments.hosts import lies_below


@dataclass(frozen=True)
class Limits:
    """`per_client` and `in_all` count sign-ups a minute, `per_link` presses of one mailed link; 0 is no limit. Over
    them up to `line` wait for their turn, none longer than `patience`. `waiting` are submissions not yet on disk."""

    per_client: int = 20
    in_all: int = 200_000
    per_link: int = 20
    line: int = 1_000
    patience: float = 15.0  # seconds
    body_seconds: float = 20.0  # in which a form has to come in
    waiting: int = 5_000
    spool_bytes: int = 2_000_000_000
    least_seconds: float = 2.0  # a person takes longer to fill in a form
    refresh_idle: float = 60.0  # seconds after the last form in which the process is replaced; 0: never
    refresh_latest: float = 600.0  # and after the first, however many follow


@dataclass(frozen=True)
class Configuration:
    """`intake` are raw X25519 public keys, the current one first. `spool` is a file's path or an address of
    PostgreSQL's."""

    spool: str
    pages: Path
    languages: tuple[str, ...]
    intake: tuple[bytes, ...]
    links: Ed25519PublicKey
    newsroom: Ed25519PublicKey
    own: Ed25519PrivateKey
    listen: str = "127.0.0.1:8090"
    client_header: str = ""  # where a proxy in front writes the client's address; empty: the connection's own
    watched_hosts: frozenset[str] = frozenset()
    refuse_watched: bool = False
    unmailed_hosts: frozenset[str] = frozenset()  # with all below them: where nothing about giving is written to
    limits: Limits = field(default_factory=Limits)
    reminders: bool = False  # whether their pages are here; where payments are taken they always are
    support: SupportTable | None = None  # None: this desk takes no payments
    returned: bytes = b""  # SHA-256 of the token by which mail that came back is posted; empty: it is not taken

    def is_unmailed(self, address: str) -> bool:
        """Whether nothing about giving is written to `address` (in ASCII): a state can read mail at its host."""
        return lies_below(address.rpartition("@")[2], self.watched_hosts | self.unmailed_hosts)


def read(path: Path) -> Configuration:
    """The configuration in the file `path`; a Problem says which line is missing or wrong."""
    try:
        raw = tomllib.loads(path.read_text())
    except FileNotFoundError as error:
        raise Problem(f"There is no {path.name}.", "The newsroom writes it: `hecto desk --configure`.") from error
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"{path.name} is not valid TOML: {error}.", "Mend that line.") from error
    try:
        return _made_of(raw, path.parent)
    except KeyError as error:
        raise Problem(f"{path.name} lacks {error}.", "`hecto desk --configure` writes a whole one.") from error
    except (TypeError, ValueError) as error:
        raise Problem(f"{path.name} has a value that is not understood: {error}.", "Mend it.") from error


def _made_of(raw: dict[str, Any], folder: Path) -> Configuration:
    intake = tuple(bytes.fromhex(key) for key in raw["intake"])
    if not intake or any(len(key) != 32 for key in intake):
        raise ValueError("intake needs at least one key of 32 bytes")
    return Configuration(
        spool=raw["spool"] if "://" in raw["spool"] else str(folder / raw["spool"]),
        pages=folder / raw["pages"],
        languages=tuple(raw["languages"]),
        intake=intake,
        links=Ed25519PublicKey.from_public_bytes(bytes.fromhex(raw["links"])),
        newsroom=Ed25519PublicKey.from_public_bytes(bytes.fromhex(raw["newsroom"])),
        own=Ed25519PrivateKey.from_private_bytes(bytes.fromhex(raw["own"])),
        listen=raw.get("listen", "127.0.0.1:8090"),
        client_header=raw.get("client_header", "").lower(),
        returned=bytes.fromhex(raw.get("returned", "")),
        watched_hosts=frozenset(host.lower() for host in raw.get("watched_hosts", [])),
        refuse_watched=bool(raw.get("refuse_watched", False)),
        unmailed_hosts=frozenset(raw.get("unmailed_hosts", [])),
        limits=Limits(**raw.get("limits", {})),
        reminders=bool(raw.get("reminders", False)),
        support=support_table.read(raw["support"]) if "support" in raw else None,
    )
