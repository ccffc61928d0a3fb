"""The newsroom fetches: each side signs with its own key (Ed25519), so that neither can be stood in for.

Asked and answered in JSON. The newsroom signs the body, the desk signs its answer with the newsroom's nonce in it.
No clock is trusted: what is replayed is answered with what is there, and an old acknowledgement deletes nothing new.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hectograph.desk.spool import Spool

ASKS, ANSWERS = b"hectograph pull asks ", b"hectograph pull answers "
MOST = 500  # envelopes in one answer


class PullRefused(Exception):
    """Not the newsroom of this desk, or another copy of it; `words` say which."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def answer(
    spool: Spool, newsroom: Ed25519PublicKey, own: Ed25519PrivateKey, body: bytes, signature: str
) -> tuple[bytes, str]:
    """The desk's answer to one request, and its signature in hexadecimal. Acknowledged envelopes are deleted first."""
    try:
        newsroom.verify(bytes.fromhex(signature), ASKS + body)
        asked = json.loads(body)
        nonce, puller = str(asked["nonce"]), str(asked["puller"])
        after, done, life = int(asked["after"]), int(asked["done"]), str(asked["life"])
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise PullRefused("not signed by this desk's newsroom") from error
    _same_puller(spool, puller)
    own_life = spool.fact("life")
    if life == own_life and done:
        spool.forget(done)
    start = after if life == own_life else 0  # a new spool starts anew, whatever was fetched from the one before
    page = spool.page(start, MOST)
    rows = [[number, base64.b64encode(sealed).decode()] for number, sealed in page.rows]
    reply = json.dumps({"nonce": nonce, "life": own_life, "rows": rows, "left": page.left}).encode()
    return reply, own.sign(ANSWERS + reply).hex()


def _same_puller(spool: Spool, puller: str) -> None:
    """One newsroom fetches. A second copy (a restored backup, say) would take what the first then never sees."""
    known = spool.fact("puller")
    if not known:
        spool.note("puller", puller)
    elif known != puller:
        raise PullRefused("another copy of the newsroom fetches from this desk")


def check_answer(desk: Ed25519PublicKey, reply: bytes, signature: str, nonce: str) -> dict[str, Any]:
    """The answer, for the newsroom; ValueError where it is not this desk's answer to this question."""
    try:
        desk.verify(bytes.fromhex(signature), ANSWERS + reply)
    except InvalidSignature as error:
        raise ValueError("the answer is not signed by the desk") from error
    found: dict[str, Any] = json.loads(reply)
    if found.get("nonce") != nonce:
        raise ValueError("the answer is an old one")
    return found
