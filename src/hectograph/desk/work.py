"""The small task that a browser does when very many payments come in: cheap for one reader, dear for a machine that
tries stolen cards by the thousand. Self-hosted, stateless, names nobody.

The question is a mark of the desk's own, over a time and what it is asked for; solved by a number whose SHA-256 with it
starts with BITS zero bits.
"""

from __future__ import annotations

import hashlib

from hectograph.desk.own_marks import OwnMarks

BITS = 16
_LASTS = 300.0  # seconds
_LABEL = "work"


def question(marks: OwnMarks, purpose: str, now: float) -> str:
    """A question for `purpose` alone."""
    return marks.sign(_LABEL, f"{int(now)}.{_short(purpose)}")


def is_solved(marks: OwnMarks, purpose: str, asked: str, tried: str, now: float) -> bool:
    """Whether `tried` solves a question that was asked here, lately, for `purpose`."""
    time, _, named = (marks.check(_LABEL, asked) or "0.").partition(".")
    if named != _short(purpose) or not 0 <= now - int(time) <= _LASTS:
        return False
    digest = hashlib.sha256(f"{asked}.{tried[:20]}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def _short(purpose: str) -> str:
    return hashlib.sha256(purpose.encode()).hexdigest()[:16]
