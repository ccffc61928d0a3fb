"""How fast a relay is written to: so many a second, an hour, a day, and less while the relay asks for patience.

Each limit holds in *every* stretch of its length. A bucket that holds `burst` and fills at the full rate would let
`limit + burst` through in one; so what the burst may take is taken off the filling. Time is the monotonic clock's: no
step of the wall clock changes a rate. After a crash buckets start empty; after a clean stop they go on.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

_BURST = 0.05  # of a limit
_WINDOW = 200  # answers
_TROUBLE = 0.02  # of them
_SLOWEST = 0.1  # mails a second
_GROWTH = 1.1  # a minute
WARM_UP = (500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 120_000, 250_000, 500_000)  # mails, day by day


def warm_up(began: date | None, today: date) -> float:
    """How many mails a day a relay that is written to since `began` may carry; 0 for any number."""
    day = (today - began).days if began else len(WARM_UP)
    return float(WARM_UP[max(0, day)]) if day < len(WARM_UP) else 0.0


@dataclass
class Bucket:
    """At most `limit` in any `seconds`; a `limit` of 0 is none."""

    limit: float
    seconds: float
    held: float = 0.0
    at: float = 0.0
    burst: float = field(init=False)
    filling: float = field(init=False)

    def __post_init__(self) -> None:
        self.burst = max(1.0, float(int(self.limit * _BURST)))
        spared = self.limit if self.burst == 1.0 else self.limit - self.burst
        self.filling = spared / self.seconds

    def wait(self, now: float) -> float:
        """Seconds until one may go; 0 for at once."""
        if not self.limit:
            return 0.0
        self.held, self.at = min(self.burst, self.held + (now - self.at) * self.filling), now
        return 0.0 if self.held >= 1.0 - 1e-9 else (1.0 - self.held) / self.filling

    def spend(self) -> None:
        if self.limit:
            self.held -= 1.0


class Throttle:
    """The budget of one relay. `rate` (a second), `hourly`, `daily`: 0 for no limit."""

    def __init__(self, clock: Callable[[], float], *, rate: float = 0, hourly: float = 0, daily: float = 0) -> None:
        self._clock = clock
        now = clock()
        self._rate = Bucket(rate, 1.0, at=now)
        self._eased: Bucket | None = None
        self._long = [Bucket(hourly, 3600.0, at=now), Bucket(daily, 86400.0, at=now)]
        self._limits = self._that_limit()
        self._answers: deque[bool] = deque(maxlen=_WINDOW)
        self._put_off = 0  # of the answers
        self._began, self._count, self._grown = now, 0, now

    def take(self) -> float:
        """0 where a mail may go now, which is then counted; else for how many seconds to wait."""
        wait = 0.0
        if self._limits:
            now = self._clock()
            wait = max(bucket.wait(now) for bucket in self._limits)
        if wait <= 0.0:
            self._count += 1
            for bucket in self._limits:
                bucket.spend()
        return wait

    def _that_limit(self) -> list[Bucket]:
        return [bucket for bucket in (self._rate, *self._long, self._eased) if bucket and bucket.limit]

    def elsewhere(self, count: int) -> None:
        """So many mails went to the same relay by another way, at once: what is carried here makes room for them."""
        for bucket in self._long:
            if bucket.limit:
                bucket.held -= count

    def set_rate(self, rate: float) -> None:
        """Another limit a second from now on; what was held does not carry over, so that no stretch holds both."""
        if rate != self._rate.limit:
            self._rate = Bucket(rate, 1.0, at=self._clock())
            self._limits = self._that_limit()

    def heard(self, *, put_off: bool) -> None:
        """An answer of the relay. Too many that put off halve the rate; quiet lets it grow by a tenth a minute."""
        full = len(self._answers) == _WINDOW
        self._put_off += put_off - (full and self._answers[0])
        self._answers.append(put_off)
        if len(self._answers) == _WINDOW and self._put_off > _WINDOW * _TROUBLE:
            self._ease(self.pace() / 2)
            self._answers.clear()
            self._put_off = 0
        elif self._eased and (now := self._clock()) - self._grown >= 60.0:
            self._grow(now)

    def _ease(self, rate: float) -> None:
        now = self._clock()
        self._eased = Bucket(max(_SLOWEST, rate), 1.0, at=now)
        self._limits = self._that_limit()
        self._began, self._count, self._grown = now, 0, now

    def _grow(self, now: float) -> None:
        eased = self._eased.limit * _GROWTH if self._eased else 0.0
        enough = self._rate.limit and eased >= self._rate.limit
        self._eased = None if enough or eased > 10_000 else Bucket(eased, 1.0, at=now)
        self._limits = self._that_limit()
        self._grown = now

    @property
    def limited(self) -> bool:
        return bool(self._limits)

    def pace(self) -> float:
        """Mails a second, as allowed or, where nothing limits them, as they went."""
        limits = [bucket.limit / bucket.seconds for bucket in self._limits]
        went = self._count / max(1.0, self._clock() - self._began)
        return min([*limits, *([went] if not limits else [])])

    def save(self, path: Path, boot: str) -> None:
        """At a clean stop: what the long buckets hold, and when by this boot's clock."""
        rows = [[bucket.limit, bucket.held, bucket.at] for bucket in self._long]
        path.write_text(json.dumps({"boot": boot, "long": rows}))

    def restore(self, path: Path, boot: str) -> None:
        """After a clean stop in this boot. The file is taken away: a crash finds none, and starts empty."""
        try:
            found = json.loads(path.read_text())
            path.unlink()
            rows = [(float(limit), float(held), float(at)) for limit, held, at in found["long"]]
        except (OSError, ValueError, KeyError, TypeError):
            return
        if not boot or found.get("boot") != boot:
            return
        for bucket, (limit, held, at) in zip(self._long, rows, strict=False):
            if bucket.limit == limit and at <= self._clock():
                bucket.held, bucket.at = held, at
