"""Payments in the newsroom's questions to desks: what became of them is told, what was posted since is taken in.

tellings due → question → desk's memory; desk's answer → live envelopes → handlers, in one transaction → acknowledged
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from hectograph.payments.status import Status
from hectograph.readers import intake, opening
from hectograph.readers.intake import Others
from hectograph.readers.opening import Opened
from hectograph.readers.vault import Vault

_MOST, _LONGEST = 100, 60_000  # statuses and bytes of them in one question: a desk reads 128 KB
_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")
_BOOT = re.compile("[0-9a-f]{1,32}")


class Tellings(Protocol):
    """Rows of what became of payments, each for one desk. A row is made in the transaction that takes its envelope in,
    and lasts until its `until`: silence about an envelope means to a desk that it never came in."""

    def due(self, desk: int, boot: str, now: datetime, most: int) -> list[Status]:
        """What is not over and was not told to the desk's memory `boot` as it now is; SHOWN ones to a new memory, too.
        The oldest first."""

    def told(self, desk: int, boot: str, statuses: Sequence[Status]) -> None:
        """The memory `boot` has heard these. What a row has become since is still due."""

    def shown(self, desk: int, ids: Sequence[str]) -> None:
        """Their pages were shown: each becomes SHOWN, its words are wiped. Said more than once; unknown ids, too."""


@dataclass
class _Talk:
    """How far we are with one desk's memory."""

    boot: str = ""
    done: int = 0
    under_way: list[Status] = field(default_factory=list)  # in the question that is not answered yet


class LiveCalls:
    """Remembers from one question to the next what a desk was told and what came from it. What a restart forgets is
    told and sent again."""

    def __init__(self, handlers: Others, tellings: Tellings | None = None) -> None:
        self._handlers, self._tellings = handlers, tellings
        self._talks: dict[int, _Talk] = {}

    def question(self, desk: int, now: datetime) -> dict[str, Any]:
        """What is asked and said besides."""
        talk = self._talks.setdefault(desk, _Talk())
        if not talk.boot or not self._tellings:
            return {"boot": talk.boot, "live_done": talk.done}
        due = self._tellings.due(desk, talk.boot, now, _MOST)
        talk.under_way = _within(due)
        is_all = len(due) < _MOST and len(talk.under_way) == len(due)
        rows = [status.as_row() for status in talk.under_way]
        return {"boot": talk.boot, "live_done": talk.done, "tell": rows, "tell_all": is_all}

    def opened(self, vault: Vault, answer: dict[str, Any]) -> list[Opened]:
        """The envelopes that came, looked into; outside a transaction."""
        return [opening.look_into(vault, base64.b64decode(text)) for _, text in answer.get("live", [])]

    def take(self, vault: Vault, desk: int, answer: dict[str, Any], came: Sequence[Opened], now: datetime) -> None:
        """Take in what `opened` gave, and the rest of the answer, inside a transaction. `acknowledge` after it."""
        talk = self._talks.setdefault(desk, _Talk())
        intake.take_all(vault, came, now, others=self._handlers, desk=desk)
        if self._tellings:
            if talk.under_way and answer.get("boot") == talk.boot:
                self._tellings.told(desk, talk.boot, talk.under_way)
            if answer.get("shown"):
                self._tellings.shown(desk, answer["shown"])

    def acknowledge(self, desk: int, answer: dict[str, Any]) -> None:
        """All of `answer` is stored."""
        talk, boot = self._talks.setdefault(desk, _Talk()), answer.get("boot", "")
        if boot != talk.boot:
            talk.boot, talk.done = boot, 0
        talk.done = max([talk.done, *(number for number, _ in answer.get("live", []))])
        talk.under_way = []


def look_over(answer: dict[str, Any]) -> None:
    """Whether the part of an answer that is about payments has the form of one; ValueError or TypeError where not."""
    if "boot" in answer and not _BOOT.fullmatch(answer["boot"]):
        raise ValueError("boot")
    if not all(_ID.fullmatch(status_id) for status_id in answer.get("shown", [])):
        raise ValueError("shown")
    for number, text in answer.get("live", []):
        if not isinstance(number, int) or not 0 < number < 2**53:
            raise ValueError("number")
        base64.b64decode(text, validate=True)


def _within(due: list[Status]) -> list[Status]:
    """The first of `due` that go into one question."""
    size, chosen = 0, list[Status]()
    for status in due:
        size += len(json.dumps(status.as_row()))
        if size > _LONGEST:
            break
        chosen.append(status)
    return chosen
