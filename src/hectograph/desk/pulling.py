"""The newsroom fetches: each side signs with its own key (Ed25519), so that neither can be stood in for.

Asked and answered in JSON. The newsroom signs the body, the desk signs its answer with the newsroom's nonce in it.
Nothing that is asked again does harm: it is answered with what is there, and an old acknowledgement deletes nothing
new. The newsroom says what time it is, and a desk whose own clock is hours off believes it: links end by one clock.

Of two copies of one newsroom one is let in (`copies.py`).

Payments travel in the same two letters (`live.py`). Asked: `boot`, `live_done`, `tell` (rows of `payments.status`) and
`tell_all`; answered: `boot`, `live` (numbers and envelopes) and `shown` (ids). A question older than the last one, sent
again by whoever kept it, moves none of it, and no clock.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hectograph.desk.copies import Copies, PullRefused
from hectograph.desk.live import Live
from hectograph.desk.own_marks import OwnMarks
from hectograph.desk.question import Question
from hectograph.desk.spool import Spool

ASKS, ANSWERS = b"hectograph pull asks ", b"hectograph pull answers "
MOST = 2000  # envelopes in one answer
_TOLERATED = 3600  # seconds by which clocks may differ


class Calls:
    """The newsroom's calls at one desk."""

    def __init__(
        self, spool: Spool, newsroom: Ed25519PublicKey, own: Ed25519PrivateKey, clock: Callable[[], float]
    ) -> None:
        self._spool, self._newsroom, self._own, self._clock = spool, newsroom, own, clock
        self._off = int(spool.store.fact("clock is off by") or 0)
        self._copies = Copies(spool.store)
        self.live = Live(OwnMarks(own), self.now)
        self._newest = 0  # question's time
        self._one_by_one = threading.Lock()

    def now(self) -> float:
        """Seconds since 1970, by the newsroom's clock where this one is far from it."""
        return self._clock() + self._off

    def asked(self, body: bytes, signature: str) -> Question:
        """What the newsroom asks; PullRefused where it is not the newsroom."""
        try:
            self._newsroom.verify(bytes.fromhex(signature), ASKS + body)
            return Question.read(body)
        except (InvalidSignature, ValueError, KeyError, TypeError) as error:
            raise PullRefused("not signed by this desk's newsroom") from error

    def answer(self, asked: Question, turned_away: int) -> tuple[bytes, str]:
        """The answer and its signature in hexadecimal. Acknowledged envelopes are deleted first."""
        with self._one_by_one:  # of two copies that ask at once, the second is seen to be one
            return self._answer(asked, turned_away)

    def _answer(self, asked: Question, turned_away: int) -> tuple[bytes, str]:
        store = self._spool.store
        self._copies.let_in(asked)
        is_old, self._newest = asked.at < self._newest, max(asked.at, self._newest)
        if not is_old:
            self._set_clock(asked.at)
        life = store.fact("life")
        if life == asked.life and asked.done:
            store.forget(asked.done)
        mark = self._copies.follow(asked)  # before anything is handed out: to one copy alone
        # A new spool starts anew, whatever was fetched from the one before.
        page = store.page(asked.after if life == asked.life else 0, MOST)
        rows = [[number, base64.b64encode(sealed).decode()] for number, sealed in page.rows]
        trouble = {"full": self._spool.full, "turned_away": turned_away, "clock_off": self._off}
        words = {"nonce": asked.nonce, "life": life, "rows": rows, "left": page.left, **trouble, "old": is_old}
        words |= {"mark": mark, "copies": self._copies.others_ask}
        words |= {} if is_old or asked.adopt else self._alive(asked)
        reply = json.dumps(words).encode()
        return reply, self._own.sign(ANSWERS + reply).hex()

    def _alive(self, asked: Question) -> dict[str, Any]:
        """What the newsroom says of payments is taken in; what the answer says of them."""
        self.live.hear(asked.boot, asked.live_done, asked.told, is_all=asked.is_all)
        rows = [[number, base64.b64encode(sealed).decode()] for number, sealed in self.live.hand_out()]
        return {"boot": self.live.boot, "live": rows, "shown": self.live.lately_shown()}

    def _set_clock(self, at: int) -> None:
        off = int(at - self._clock()) if at else 0
        off = off if abs(off) > _TOLERATED else 0
        if abs(off - self._off) > _TOLERATED or (off == 0) != (self._off == 0):
            self._off = off
            self._spool.store.note("clock is off by", str(off))


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
