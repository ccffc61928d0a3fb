"""An envelope looked into once: its digest, and the words in it or why there are none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from hectograph.post.message import is_plain
from hectograph.readers.vault import Vault
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.unseal import KeyMissing

FAULTS = KEY_MISSING, MALFORMED = "key missing", "malformed"


@dataclass(frozen=True, slots=True)
class Opened:
    """`digest` (SHA-256, hexadecimal) names the envelope for good. `fault` is empty where it could be read."""

    digest: str
    sealed: bytes
    words: dict[str, Any] = field(default_factory=dict)
    fault: str = ""

    @property
    def is_sign_up(self) -> bool:
        return self.words.get("kind") == "sign-up"

    def text(self, name: str, most: int) -> str:
        """What stands under `name`, cut to `most` characters; empty where nothing does."""
        return str(self.words.get(name, ""))[:most]

    def address(self) -> str:
        """The address of a sign-up; a ValueError or KeyError where there is none that mail can be sent to."""
        local, _, domain = str(self.words["address"]).strip().rpartition("@")
        address = f"{local}@{domain.lower()}"
        if not is_plain(address):
            raise ValueError("not an address")
        return address


def look_into(vault: Vault, sealed: bytes) -> Opened:
    digest = hashlib.sha256(sealed).hexdigest()
    try:
        words = json.loads(vault.open(sealed))
        is_sound = isinstance(words, dict) and _can_be_stored(words)
    except KeyMissing:
        return Opened(digest, sealed, fault=KEY_MISSING)
    except (EnvelopeProblem, ValueError, RecursionError):
        is_sound = False
    return Opened(digest, sealed, words) if is_sound else Opened(digest, sealed, fault=MALFORMED)


def _can_be_stored(value: Any) -> bool:
    """Whether a database takes all text in it. Anyone can seal what no form sends, and one such envelope must not stop
    those behind it."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(_can_be_stored(part) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(_can_be_stored(part) for part in value)
