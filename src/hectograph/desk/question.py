"""What the newsroom asks a desk when it fetches."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from hectograph.payments import status
from hectograph.payments.status import Status

_MARKS = ("mark", "next")


@dataclass(frozen=True)
class Question:
    """`after` and `done` are numbers in the spool whose name is `life`: send what follows, delete up to. `at` is the
    newsroom's time in seconds since 1970, 0 where it does not say. `next` is this question's mark and `mark` the one
    that it follows from. With `adopt` another copy takes this one's place."""

    nonce: str
    puller: str
    after: int
    done: int
    life: str
    at: int
    boot: str = ""
    live_done: int = 0
    told: list[Status] = field(default_factory=list)
    is_all: bool = False
    adopt: bool = False
    mark: str = ""
    next: str = ""

    @classmethod
    def read(cls, body: bytes) -> Question:
        row = json.loads(body)
        after, done, at = int(row["after"]), int(row["done"]), int(row.get("at", 0))
        told = [status.read(one) for one in row.get("tell", [])]
        boot, live_done, is_all = str(row.get("boot", "")), int(row.get("live_done", 0)), row.get("tell_all") is True
        own = str(row["nonce"]), str(row["puller"]), after, done, str(row["life"]), at
        marks = [mark if re.fullmatch("[0-9a-f]{1,32}", mark := str(row.get(name, ""))) else "" for name in _MARKS]
        return cls(*own, boot, live_done, told, is_all, row.get("adopt") is True, *marks)
