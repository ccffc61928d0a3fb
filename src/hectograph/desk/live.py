"""What has to be answered within seconds: sealed envelopes for the newsroom, and what became of each. In memory alone.

posted → handed out to the newsroom → told by it → shown, and forgotten

A page may say "not charged" of its own accord in one case: the envelope never left. So one that was not handed out by
its time is withdrawn, and one that was is the newsroom's to speak of. After a restart nothing of this is remembered:
then the newsroom tells anew, and only when it has told all does silence mean that it never had the envelope.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hectograph.desk.own_marks import OwnMarks
from hectograph.payments.status import FINAL, KEPT, State, Status

HEARD_WITHIN = 30.0  # seconds: a newsroom that asked so lately is there
MOST_ROWS, MOST_WAITING = 20_000, 1_000  # ids remembered; envelopes of them that the newsroom has not acknowledged
AT_ONCE = 200  # envelopes in one answer
_PAGE_LASTS = 60.0  # seconds beyond the time of an envelope in which its page is still waited for
_RELOADED = 120.0  # seconds after its first showing in which a page can be shown again
_SURELY_KEPT = KEPT - 3_600  # seconds: of younger ids the newsroom has something to tell, if it ever had them


class LiveFull(Exception):
    """No more can be taken now; nothing was."""


@dataclass(slots=True)
class _Row:
    sealed: bytes
    withdraw_at: float  # by `ticking`, unless it was handed out
    over_at: float  # in seconds since 1970
    number: int = 0
    is_out: bool = False
    status: Status | None = None
    shown_at: float = 0.0
    about: dict[str, str] = field(default_factory=dict)  # what the page needs to say it, forgotten with it


class Live:
    """`clock` says the newsroom's time, in seconds since 1970, and may be set; `ticking` only goes on. Called from the
    loop and from threads beside it."""

    def __init__(
        self, marks: OwnMarks, clock: Callable[[], float], *, ticking: Callable[[], float] = time.monotonic
    ) -> None:
        self.boot = secrets.token_hex(8)  # names this memory
        self._marks, self._clock, self._ticking = marks, clock, ticking
        self._lock = threading.Lock()
        self._rows: dict[str, _Row] = {}
        self._waiting: dict[int, str] = {}  # numbers of envelopes that are not acknowledged, in order → ids
        self._shown: deque[tuple[float, str]] = deque()
        self._last, self._latest = 0, 0.0
        self._has_told_all, self._has_lost = False, False  # lost: something told, for want of room
        self._heard = float("-inf")

    # --- pages ----------------------------------------------------------------------------------------------------

    @property
    def is_newsroom_here(self) -> bool:
        return self._ticking() - self._heard <= HEARD_WITHIN

    @property
    def is_waiting(self) -> bool:
        """Whether an envelope lies here that the newsroom has not acknowledged, or a page that is looked at has
        something to lose by a new memory."""
        now = self._ticking()
        with self._lock:
            fresh = (
                row.about and not row.shown_at and now < row.withdraw_at + _PAGE_LASTS for row in self._rows.values()
            )
            return bool(self._waiting) or any(fresh)

    def new_id(self) -> str:
        with self._lock:
            return self._marks.status_id(self._now())

    def post(self, status_id: str, sealed: bytes, seconds: float, about: dict[str, str] | None = None) -> None:
        """Keep `sealed` for the newsroom, withdrawn if it was not handed out within `seconds`; LiveFull where there is
        no room. `about` is for the page of `status_id` alone."""
        with self._lock:
            self._forget()
            if len(self._rows) >= MOST_ROWS or len(self._waiting) >= MOST_WAITING:
                raise LiveFull
            self._last += 1
            over_at = self._now() + seconds + KEPT
            self._rows[status_id] = _Row(sealed, self._ticking() + seconds, over_at, self._last, about=about or {})
            self._waiting[self._last] = status_id

    def expect(self, status_id: str, about: dict[str, str]) -> None:
        """Something on its way to the newsroom by another road will be told under `status_id`."""
        with self._lock:
            if len(self._rows) < MOST_ROWS:
                self._rows[status_id] = _Row(b"", 0.0, self._now() + KEPT, is_out=True, about=about)

    def look(self, status_id: str) -> Status | None:
        """What can truly be said of `status_id`; None where nothing can: it is not ours, or too old."""
        with self._lock:
            row, now = self._rows.get(status_id), self._now()
            if row:
                self._withdraw(status_id, row)
                return row.status or _said(status_id, State.UNDER_WAY, row.over_at)
        made = self._marks.made_at(status_id)
        if made is None or not 0 <= now - made + 60 < _SURELY_KEPT:
            return None
        return _said(status_id, State.EXPIRED if self._has_told_all else State.UNDER_WAY, made + KEPT)

    def about(self, status_id: str) -> dict[str, str]:
        """What was posted with it for its page; empty once that is forgotten."""
        with self._lock:
            row = self._rows.get(status_id)
            return row.about if row else {}

    def shown(self, status_id: str) -> None:
        """A page has shown what is said of `status_id`: if nothing follows, it is soon forgotten, here and there."""
        with self._lock:
            row = self._rows.get(status_id)
            if row and row.status and row.status.state in FINAL - {State.SHOWN} and not row.shown_at:
                row.shown_at = self._ticking()
                self._shown.append((row.shown_at, status_id))

    # --- the newsroom ---------------------------------------------------------------------------------------------

    def hear(self, boot: str, done: int, told: Iterable[Status], *, is_all: bool) -> None:
        """The newsroom asks: `done` is the last number it stored, `told` what it says of payments. `boot` names the
        memory that it speaks to; with `is_all` it leaves nothing out that this memory has not heard."""
        with self._lock:
            self._heard = self._ticking()
            for status in told:
                self._tell(status)
            if boot == self.boot:
                for number in [number for number in self._waiting if number <= done]:
                    self._rows[self._waiting.pop(number)].sealed = b""
                self._has_told_all = (self._has_told_all or is_all) and not self._has_lost

    def hand_out(self) -> list[tuple[int, bytes]]:
        """Envelopes for the newsroom with their numbers: the same again until it acknowledges them."""
        handed = list[tuple[int, bytes]]()
        with self._lock:
            for number, status_id in list(self._waiting.items()):
                row = self._rows[status_id]
                self._withdraw(status_id, row)
                if number in self._waiting and len(handed) < AT_ONCE:
                    row.is_out = True
                    handed.append((number, row.sealed))
        return handed

    def lately_shown(self) -> list[str]:
        """Ids whose pages were shown: each for as long as it can still be shown again, so that one lost answer takes
        none away."""
        with self._lock:
            self._forget()
            return [status_id for _, status_id in self._shown]

    # --- inside the lock ------------------------------------------------------------------------------------------

    def _tell(self, status: Status) -> None:
        row, made = self._rows.get(status.id), self._marks.made_at(status.id)
        if made is None:  # of the desk that was here before
            return
        if row is None:
            if len(self._rows) >= MOST_ROWS:
                self._has_lost, self._has_told_all = True, False
                return
            row = self._rows[status.id] = _Row(b"", 0.0, float(made + KEPT), is_out=True)
        if not row.shown_at and not (row.status and row.status.state is State.SHOWN):
            row.status, row.is_out = status, True

    def _now(self) -> float:
        """A clock that is set back makes nothing young again."""
        self._latest = max(self._latest, self._clock())
        return self._latest

    def _withdraw(self, status_id: str, row: _Row) -> None:
        """Give up an envelope that nobody fetched in time."""
        if not row.is_out and self._ticking() >= row.withdraw_at and row.status is None:
            self._waiting.pop(row.number, None)
            row.sealed, row.status = b"", _said(status_id, State.EXPIRED, row.over_at)

    def _forget(self) -> None:
        now = self._now()
        while self._shown and self._ticking() - self._shown[0][0] > _RELOADED:
            _, status_id = self._shown.popleft()
            if row := self._rows.get(status_id):
                row.status, row.about = _said(status_id, State.SHOWN, row.over_at), {}
        for status_id in [name for name, row in self._rows.items() if now >= row.over_at]:
            self._waiting.pop(self._rows.pop(status_id).number, None)


def _said(status_id: str, state: State, until: float) -> Status:
    return Status(status_id, state, int(until))
