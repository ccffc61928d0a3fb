"""Envelopes of paying, by kind, and who takes each in.

Live ones come within seconds and by no other way: only a desk can post them, so its limits hold. Kept ones lie in the
spool like sign-ups, where anyone can drop what they sealed themselves: they count with the desk's signature alone.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hectograph.desk.sealed_words import VOUCHES, vouched_bytes
from hectograph.newsroom.flows import giving_intake, remind
from hectograph.readers import returning
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.intake import Other, Others
from hectograph.readers.vault import Vault

_LIVE: dict[str, Other] = {
    "give": giving_intake.give,
    "give-after": giving_intake.give_after,
    "look": giving_intake.look,
    "manage": giving_intake.manage,
}
_KEPT: dict[str, Other] = {"manage": giving_intake.manage, "webhook": giving_intake.webhook}


def live() -> Others:
    """Handlers of what has to be answered within seconds."""
    return _LIVE


def kept() -> Others:
    """Handlers of what waits in a desk's spool."""
    vouched: dict[str, Other] = {kind: partial(_vouched, handler) for kind, handler in _KEPT.items()}
    return {
        **vouched,
        "returned": returning.take_posted,
        "remind": remind.take,
    }  # who asks for one is asked back, and its links hold numbers none can guess


def _vouched(handler: Other, vault: Vault, words: dict[str, Any], now: datetime, desk: int) -> str:
    """Let `handler` have `words` if a desk of ours signed them; ValueError where none did."""
    signature, said = bytes.fromhex(str(words.get(VOUCHES, ""))), vouched_bytes(words)
    for public in DeskRow.objects.values_list("public", flat=True):
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, said)
        except InvalidSignature:
            continue
        return handler(vault, {name: value for name, value in words.items() if name != VOUCHES}, now, desk)
    raise ValueError("no desk of ours says so")
