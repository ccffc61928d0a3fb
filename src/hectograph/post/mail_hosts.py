"""Which hosts take the mail of a domain, remembered for a day. A paper's own domain may lie in a watched mailbox.

Whoever waits here holds up others, and strangers choose the domains: a question takes a second and a half at most, and
all questions of a minute ten seconds together. What is not known in time is no answer, and the domain stands alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from hectograph.post import name_lookups
from hectograph.post.domain import NoAnswer

Ask = Callable[[str, str], list[str]]
_SECONDS, _A_MINUTE, _BUDGET = 1.5, 60.0, 10.0
_KEPT, _UNKNOWN_KEPT, _MOST = 86_400.0, 300.0, 5_000  # seconds, seconds, domains


class MailHosts:
    """One process's memory of them. Nothing of it is written down. `ask` is told a name and a kind of record."""

    def __init__(self, ask: Ask | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._clock = ask or partial(name_lookups.ask, seconds=_SECONDS), clock
        self._known: dict[str, tuple[tuple[str, ...], float]] = {}
        self._minute, self._spent = 0.0, 0.0

    def known(self, domain: str) -> tuple[str, ...]:
        """What is remembered of the domain's mail exchangers; none where nothing is. Nobody is asked."""
        return self._remembered(_plain(domain)) or ()

    def of(self, domain: str) -> tuple[str, ...]:
        """The domain's mail exchangers, in small letters; none where it has none or nobody answered in time."""
        now, name = self._clock(), _plain(domain)
        if (remembered := self._remembered(name)) is not None:
            return remembered
        if now - self._minute >= _A_MINUTE:
            self._minute, self._spent = now, 0.0
        if self._spent >= _BUDGET:
            return ()
        found, kept = self._look_up(name)
        after = self._clock()
        self._spent += after - now
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[name] = found, after + kept
        return found

    def _remembered(self, name: str) -> tuple[str, ...] | None:
        hosts, until = self._known.get(name, ((), 0.0))
        return hosts if until > self._clock() else None

    def _look_up(self, name: str) -> tuple[tuple[str, ...], float]:
        try:
            records = self._ask(name.encode("idna").decode("ascii"), "MX")
        except (NoAnswer, UnicodeError):
            return (), _UNKNOWN_KEPT
        hosts = (record.split()[-1].rstrip(".").lower() for record in records if record.split())
        return tuple(host for host in hosts if host), _KEPT  # a lone dot says: no mail is taken


def _plain(domain: str) -> str:
    return domain.strip(".").lower()
