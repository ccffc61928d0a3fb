"""One newsroom fetches, and each of its questions follows from its last. Who asks otherwise is another copy of it.

Each question carries the mark of the one before and a new random one (`mark`, `next`). The desk keeps the last pair on
disk: what follows from it moves it on, the same pair again is a question whose answer was lost. An exact copy (a
machine's snapshot that runs beside it, say) knows no mark that the other drew since, and stops fitting with the first
question that either asks. Which of the two goes on is the one that asked first; both are told.
"""

from __future__ import annotations

import secrets
from collections import deque
from contextlib import suppress

from hectograph.desk.question import Question
from hectograph.desk.store import SpoolFull, Store

_REMEMBERED = 256  # nonces of questions: more than two minutes of them
_STALE = 20  # seconds: an older question got stuck on its way, or somebody kept it and sends it again
_TOLD_FOR = 3600  # seconds after a copy asked


class PullRefused(Exception):
    """Not the newsroom of this desk, or another copy of it; `words` say which."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Copies:
    """Lets in one copy of the newsroom."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heard: deque[str] = deque(maxlen=_REMEMBERED)
        self._newest = self._refused = 0  # questions' times

    @property
    def others_ask(self) -> bool:
        """Whether another copy was refused within the last hour of the newsroom's time."""
        return bool(self._refused) and self._newest - self._refused < _TOLD_FOR

    def let_in(self, asked: Question) -> None:
        """PullRefused where another copy is the one that fetches. It is let in when its operator says that the first is
        gone; an old word of that kind, sent again, counts nothing."""
        if self._fits(asked):
            self._newest = max(asked.at, self._newest)
            self._heard.append(asked.nonce)
            return
        if asked.adopt and asked.at > int(self._store.fact("adopted at") or 0):
            self._take_over(asked)
            return
        if asked.nonce not in self._heard and asked.at >= self._newest - _STALE:
            self._refused = max(asked.at, self._newest)
        raise PullRefused("another copy of the newsroom fetches from this desk, or one of both was put back")

    def follow(self, asked: Question) -> str:
        """Move on to the question's mark; returns the one that is kept now. A full disk keeps the one before."""
        if asked.next and self._pair() != [asked.mark, asked.next]:
            with suppress(SpoolFull):
                self._store.note("marks", f"{asked.mark} {asked.next}")
        return self._pair()[-1]

    def _pair(self) -> list[str]:
        return self._store.fact("marks").split(" ")

    def _fits(self, asked: Question) -> bool:
        known, pair = self._store.fact("puller"), self._pair()
        if not known:
            self._store.note("puller", asked.puller)
        follows = pair == [""] or asked.mark == pair[-1] or [asked.mark, asked.next] == pair
        return known in ("", asked.puller) and follows

    def _take_over(self, asked: Question) -> None:
        """The spool gets a new name: what the newcomer believes to have fetched is handed out again; it counts once."""
        self._store.note("life", secrets.token_hex(16))
        self._store.note("marks", "")
        self._store.note("puller", asked.puller)
        self._store.note("adopted at", str(asked.at))
        self._newest, self._refused = asked.at, 0
