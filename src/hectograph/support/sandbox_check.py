"""What only the real service can answer (docs/sandbox-checks.md): until an operator recorded all of it, nobody pays."""

from __future__ import annotations

from datetime import datetime

from hectograph.errors import Problem
from hectograph.support.operator_action import OperatorAction, note

ACT = "sandbox check"
CHECKS = {
    "token": "making a confirmation token sends nothing to the card's bank",
    "wallets": "the card's country is filled in for Apple Pay and Google Pay",
    "trace": "a refused token leaves no trace of the giver in the dashboard",
    "statement": "which merchant number and text a bank really receives",
    "numbers": "test cards of protected countries are refused by the gate",
}
GOOD, BAD = "good", "bad"


def record(name: str, result: str, by: str, now: datetime, words: str = "") -> None:
    """Write down that `by` made the check. A Problem for one that is none."""
    if name not in CHECKS:
        raise Problem("There is no such check.", f"The checks are {', '.join(CHECKS)}.")
    if result not in (GOOD, BAD):
        raise ValueError("a check comes out good or bad")
    note(ACT, by, now, about=name, words=f"{result}: {words}".rstrip(": "))


def results() -> dict[str, str]:
    """The newest result of each check, empty where it was not made."""
    rows = OperatorAction.objects.filter(act=ACT).order_by("pk")
    made = {row.about: row.note.partition(":")[0] for row in rows}
    return {name: made.get(name, "") for name in CHECKS}


def missing() -> str:
    """Why payments stay closed, as a sentence; empty where every check came out good."""
    left = [name for name, result in results().items() if result != GOOD]
    return f"Checks with the real service are not recorded as good: {', '.join(left)}." if left else ""
