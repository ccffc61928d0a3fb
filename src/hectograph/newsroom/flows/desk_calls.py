"""Calls to desks: all at once, each with bounds on its time and size, and a rest for a desk that was in trouble.

A desk is a host that we don't trust: it may be slow, drip, send without end, point elsewhere. None of it holds up
others.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from http.client import HTTPException
from typing import IO, Any

from hectograph.errors import Problem

_SECONDS = 10.0  # for a whole answer; and for each wait on the way
_LONGEST_ANSWER = 16_000_000  # bytes; a desk sends half of that at a time
_NOT_YOU = 403
_REST = 15.0  # seconds
_AT_ONCE = 8
Ask = Callable[[str, bytes, str], tuple[bytes, str]]  # address, body, signature → answer, signature
Answered = tuple[bytes, str]


class DeskProblem(Problem):
    """A desk did not answer as it should. What lies there waits."""


class Calls:
    """Calls under way and desks at rest, by the number of a desk. Who does not answer within `patience` seconds is
    heard the next time; None waits for all."""

    def __init__(
        self, patience: float | None = None, *, rest: float = _REST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._patience, self._rest, self._clock = patience, rest, clock
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="desk")
        self._under_way: dict[Future[Answered], tuple[int, str]] = {}
        self._resting: dict[int, float] = {}

    def is_free(self, desk: int) -> bool:
        busy = any(number == desk for number, _ in self._under_way.values())
        return not busy and self._resting.get(desk, 0.0) <= self._clock()

    def start(self, desk: int, nonce: str, ask: Callable[[], Answered]) -> None:
        """Let `ask` run beside; its answer comes from `answers` with the desk's number and `nonce`."""
        self._under_way[self._pool.submit(ask)] = desk, nonce

    def rest(self, desk: int) -> None:
        self._resting[desk] = self._clock() + self._rest

    def answers(self) -> Iterator[tuple[int, str, Future[Answered]]]:
        """Answers as they come in, with those of calls that are started meanwhile."""
        end = None if self._patience is None else self._clock() + self._patience
        while self._under_way:
            left = None if end is None else max(end - self._clock(), 0.0)
            done, _ = wait(self._under_way, timeout=left, return_when=FIRST_COMPLETED)
            if not done:
                return
            for future in done:
                yield *self._under_way.pop(future), future

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class _NoWayElsewhere(urllib.request.HTTPRedirectHandler):
    """A desk that answers "look there" is not followed: it would lead our question to a place of its choice."""

    def redirect_request(self, *_: Any) -> None:
        return None


_WEB = urllib.request.build_opener(_NoWayElsewhere)


def http(address: str, body: bytes, signature: str) -> Answered:
    """The answer at `address` and its signature."""
    request = urllib.request.Request(address, body, {"Signature": signature, "Content-Type": "application/json"})  # noqa: S310 (a desk's own address, from the operator)
    try:
        with _WEB.open(request, timeout=_SECONDS) as answer:
            return _bounded(answer, time.monotonic() + _SECONDS), answer.headers.get("Signature", "")
    except urllib.error.HTTPError as error:
        raise refusal(error.code) from error
    except (OSError, ValueError, HTTPException) as error:
        raise DeskProblem("The desk can't be reached.", "Is it running? What lies there waits.") from error


def refusal(status: int) -> DeskProblem:
    """What it means that a desk answers with `status`."""
    if status != _NOT_YOU:
        return DeskProblem(f"The desk is in trouble ({status}).", "Look at its host. What lies there waits.")
    words = "another copy of this newsroom fetches from it, or the database or the desk was put back to an earlier day"
    what_to_do = "Stop one of two copies. Is there no other, or is it gone for good? `hecto readers adopt`."
    return DeskProblem(f"The desk refused ({status}): {words}.", what_to_do)


def _bounded(answer: IO[bytes], end: float) -> bytes:
    parts, size = list[bytes](), 0
    while part := answer.read1(65_536):  # type: ignore[attr-defined] # http.client's has it
        parts.append(part)
        size += len(part)
        if size > _LONGEST_ANSWER:
            raise DeskProblem("The desk's answer has no end.", "It may be replaced: look at its host.")
        if time.monotonic() > end:
            raise DeskProblem("The desk answers too slowly.", "Look at its host and its line. What lies there waits.")
    return b"".join(parts)
