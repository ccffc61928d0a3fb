"""Why a copy came back: a small taxonomy, from an enhanced status code (RFC 3463, RFC 5248) and from what people wrote.

Words count before numbers: many systems say 5.1.1 of a full mailbox, 5.7.1 of one that does not exist, and 5.0.0 of
everything. Where words and numbers are both silent, the reason is unknown and counts as a soft one.
"""

from __future__ import annotations

import re
from enum import StrEnum

from hectograph.post import tables


class Weight(StrEnum):
    """What a reason says: the address is gone, it takes nothing now, or something of us was not wanted."""

    HARD = "hard"
    SOFT = "soft"
    OURS = "ours"


class Reason(StrEnum):
    NO_MAILBOX = "no such mailbox"
    FULL = "mailbox full"
    DISABLED = "mailbox disabled"
    DOMAIN_GONE = "domain gone"
    BLOCKED = "blocked"  # who we are, or a policy: our addresses, our reputation, our relay
    CONTENT = "content refused"
    RATE = "rate limited"  # greylisting among it
    TOO_BIG = "message too big"
    AUTH = "authentication"  # SPF, DKIM, DMARC, TLS, PTR, or our relay's password
    LOOP = "mail loop"
    UNREACHABLE = "unreachable"  # their system or the way there: time-outs, networks, disks
    UNKNOWN = "unknown"

    @property
    def weight(self) -> Weight:
        return _WEIGHTS.get(self, Weight.SOFT)


_WEIGHTS = {
    **dict.fromkeys((Reason.NO_MAILBOX, Reason.DISABLED, Reason.DOMAIN_GONE), Weight.HARD),
    **dict.fromkeys((Reason.BLOCKED, Reason.CONTENT, Reason.RATE, Reason.TOO_BIG, Reason.AUTH), Weight.OURS),
}

_WORDS = tables.load("reasons")
_LONGEST = 4000  # characters that are looked at


def _compiled(strength: str) -> tuple[tuple[Reason, re.Pattern[str]], ...]:
    return tuple((Reason(table["reason"]), tables.any_of(table["words"])) for table in _WORDS[strength])


_TELLING, _FAINT = _compiled("telling"), _compiled("faint")  # the second yield to a number that says more
_HOLLOW = tables.any_of(_WORDS["hollow"]["words"])

# By the two numbers after the class; the first number tells 4 (for now) from 5 (for good).
_STATUSES = {
    "1.0": Reason.NO_MAILBOX, "1.1": Reason.NO_MAILBOX, "1.2": Reason.DOMAIN_GONE, "1.3": Reason.NO_MAILBOX,
    "1.4": Reason.NO_MAILBOX, "1.6": Reason.DISABLED, "1.7": Reason.AUTH, "1.8": Reason.AUTH, "1.9": Reason.BLOCKED,
    "1.10": Reason.NO_MAILBOX, "2.0": Reason.UNKNOWN, "2.1": Reason.DISABLED, "2.2": Reason.FULL, "2.3": Reason.TOO_BIG,
    "2.4": Reason.UNREACHABLE, "3.0": Reason.UNREACHABLE, "3.1": Reason.UNREACHABLE, "3.2": Reason.UNREACHABLE,
    "3.4": Reason.TOO_BIG, "3.5": Reason.UNREACHABLE, "4.0": Reason.UNREACHABLE, "4.1": Reason.UNREACHABLE,
    "4.2": Reason.UNREACHABLE, "4.3": Reason.UNREACHABLE, "4.4": Reason.UNREACHABLE, "4.5": Reason.RATE,
    "4.6": Reason.LOOP, "4.7": Reason.UNREACHABLE, "4.310": Reason.DOMAIN_GONE, "4.316": Reason.UNREACHABLE,
    "5.3": Reason.RATE, "6.0": Reason.CONTENT, "6.1": Reason.CONTENT, "6.3": Reason.CONTENT, "7.0": Reason.BLOCKED,
    "7.1": Reason.BLOCKED, "7.2": Reason.BLOCKED, "7.8": Reason.AUTH, "7.9": Reason.AUTH, "7.13": Reason.DISABLED,
    "7.26": Reason.AUTH, "7.28": Reason.RATE,
}  # fmt: skip

_OF_US = (
    *("1.7", "1.8", "1.9", "6.0", "6.1", "6.2", "6.3", "7.8", "7.515"),
    *(f"7.{number}" for number in range(20, 28)),
)


def of_words(text: str) -> Reason:
    """The reason that words of an error give; UNKNOWN where they tell none."""
    plain = _plain(text)
    return _first(_TELLING, plain) or _first(_FAINT, plain) or Reason.UNKNOWN


def _plain(text: str) -> str:
    return _HOLLOW.sub(" … ", " ".join(text[:_LONGEST].split()))


def _first(patterns: tuple[tuple[Reason, re.Pattern[str]], ...], plain: str) -> Reason | None:
    return next((reason for reason, pattern in patterns if pattern.search(plain)), None)


def of_status(status: str) -> Reason:
    """The reason that an enhanced status code gives; UNKNOWN where it tells none."""
    group, _, detail = status.partition(".")
    if group not in ("4", "5"):
        return Reason.UNKNOWN
    found = _STATUSES.get(detail, Reason.BLOCKED if detail.startswith("7.") else Reason.UNKNOWN)
    return Reason.UNREACHABLE if group == "4" and found.weight is Weight.HARD else found


def of_both(text: str, status: str) -> Reason:
    """The reason from words and code together. What is only for now can't mean that a mailbox is gone."""
    plain = _plain(text)
    if "5.1.0 - unknown address error" in text.lower():  # IronPort says that of anything
        status = "5.0.0"
    told, coded = _first(_TELLING, plain), of_status(status)
    if status[2:] in _OF_US:
        return told if told and told.weight is Weight.OURS else coded
    found = told or _sharpest(coded, _first(_FAINT, plain) or Reason.UNKNOWN)
    return Reason.UNREACHABLE if status.startswith("4") and found.weight is Weight.HARD else found


def _sharpest(coded: Reason, faint: Reason) -> Reason:
    """The code, unless it is as vague as the words are."""
    vague = coded in (Reason.UNREACHABLE, Reason.BLOCKED, Reason.UNKNOWN)
    return faint if vague and faint is not Reason.UNKNOWN else coded
