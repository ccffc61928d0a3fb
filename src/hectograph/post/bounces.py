"""What a mail is that came to our return path: bytes in, verdict out.

bytes → parts → a feedback report? a delivery report? an answer by a machine? a bounce in plain words? → verdict

Never raises, whatever comes in; how long it takes does not grow with the mail (`parts.LOOKED_AT`). The verdict holds
addresses only to be compared and forgotten: nothing of it may be stored or logged but kind, reason and status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from hectograph.post import autoreplies, reasons, reports, returned
from hectograph.post.parts import Part, header, parse, parts
from hectograph.post.reasons import Reason


class Kind(StrEnum):
    BOUNCE = "bounce"
    DELAY = "delay"  # it may still arrive: counts nothing
    DELIVERED = "delivered"  # a success report, or one that says that it was passed on
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto-reply"
    CHALLENGE = "challenge"
    LEAVE = "leave"  # a reader asks by mail to be left alone
    OTHER = "other"  # a person's mail, most likely


@dataclass(frozen=True)
class Failure:
    """One recipient that a copy did not reach. `address` is empty where it can't be told."""

    address: str
    reason: Reason
    status: str


@dataclass(frozen=True)
class Verdict:
    """`failures` are of bounces alone. `names` are the places where a return path or Message-ID of ours may stand."""

    kind: Kind
    failures: tuple[Failure, ...]
    names: tuple[str, ...]


_COMPLAINTS = (
    *("abuse", "fraud", "virus", "other", "complaint", "miscategorized"),
    *("opt-out", "opt-out-list", "unsubscribe", "unsubscribe-list"),
)
_NAMING = (
    *("to", "x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "apparently-to", "cc"),
    *("resent-to", "x-failed-recipients"),
)
_OUR_MARKS = re.compile(r"(?:b\+|\be\.)[0-9a-z]{1,12}\.[a-z2-7]{26}\.[a-z2-7]{16}", re.IGNORECASE)


def read(raw: bytes) -> Verdict:
    """What the mail `raw` is. Anything that can't be understood is OTHER."""
    message = parse(raw)
    try:
        leaves = parts(message)
        return _judge(message, leaves, _names(message, leaves, raw))
    except RecursionError:
        return Verdict(Kind.OTHER, (), ())


def _judge(message: Message, leaves: list[Part], names: tuple[str, ...]) -> Verdict:
    feedback = reports.feedback(leaves)
    if feedback is not None:
        kind = feedback.get("feedback-type", "").split(";")[0].strip().lower()
        return Verdict(Kind.COMPLAINT if kind in _COMPLAINTS else Kind.OTHER, (), names)
    if _is_old_complaint(message, leaves):
        return Verdict(Kind.COMPLAINT, (), names)
    if any(part.kind == "message/disposition-notification" and not part.inside for part in leaves):
        return Verdict(Kind.AUTO_REPLY, (), names)  # RFC 8098: it was read, or thrown away
    text = "\n".join(part.text for part in leaves if not part.inside and part.kind.startswith("text/p"))
    text = text or "\n".join(part.text for part in leaves if not part.inside and part.kind.startswith("text/"))
    told = reports.outcomes(leaves)
    if told and not _passed_on(message):
        return _of_report(told, text, names)
    return _of_words(message, leaves, text, names)


def _is_old_complaint(message: Message, leaves: list[Part]) -> bool:
    """Feedback loops older than RFC 5965: Microsoft's sends the mail along with one header more."""
    marked = [message, *(part.message for part in leaves if part.inside)]
    return any(header(one, "x-hmxmroriginalrecipient") for one in marked)


def _passed_on(message: Message) -> bool:
    """A bounce that a person forwards in their own mail is that person's mail."""
    subject = header(message, "subject")
    answer = re.match(r"\s*(?:re|fw|fwd|aw|wg)\s*:", subject, re.IGNORECASE) is not None
    return answer and not returned.is_from_a_machine(message)


# --- with a report ----------------------------------------------------------------------------------------------------


def _of_report(told: list[reports.Outcome], text: str, names: tuple[str, ...]) -> Verdict:
    failed = [outcome for outcome in told if outcome.action.startswith("fail") or outcome.action == "undeliverable"]
    if not failed:
        if any(outcome.action in reports.DELIVERED for outcome in told):
            return Verdict(Kind.DELIVERED, (), names)
        if any(outcome.action.startswith("delay") for outcome in told):
            return Verdict(Kind.DELAY, (), names)
        failed = told
    own = returned.own_words(text)
    return Verdict(Kind.BOUNCE, tuple(_failure(outcome, own, failed) for outcome in failed), names)


def _failure(outcome: reports.Outcome, text: str, all_told: list[reports.Outcome]) -> Failure:
    reason = reasons.of_both(outcome.words, outcome.status)
    if reason in (Reason.UNKNOWN, Reason.UNREACHABLE):
        wider = reasons.of_both(_about(outcome.address, text, [one.address for one in all_told]), outcome.status)
        reason = reason if wider in (Reason.UNKNOWN, Reason.BLOCKED) and reason is not Reason.UNKNOWN else wider
    return Failure(outcome.address, reason, outcome.status)


# --- in plain words ---------------------------------------------------------------------------------------------------


def _of_words(message: Message, leaves: list[Part], text: str, names: tuple[str, ...]) -> Verdict:
    own = returned.own_words(text)
    machine = returned.is_from_a_machine(message, own, sent_along=any(part.inside for part in leaves))
    if autoreplies.is_challenge(message, own) and not header(message, "x-failed-recipients"):
        return Verdict(Kind.CHALLENGE, (), names)
    if machine and autoreplies.is_delay(message, own):
        return Verdict(Kind.DELAY, (), names)
    if not (machine and returned.speaks_of_failure(message, own)):
        if autoreplies.is_leaving(message):
            return Verdict(Kind.LEAVE, (), names)
        automatic = autoreplies.is_automatic(message)
        return Verdict(Kind.AUTO_REPLY if automatic else Kind.OTHER, (), names)
    found = returned.recipients(message, leaves, own) or [""]
    return Verdict(Kind.BOUNCE, tuple(_told_of(address, own, found) for address in found), names)


def _told_of(address: str, text: str, others: list[str]) -> Failure:
    """What a text says of one of several addresses."""
    about = _about(address, text, others)
    status = reports.status_in(about)
    reason = reasons.of_both(about, status)
    if reason in (Reason.UNKNOWN, Reason.UNREACHABLE) and about != text:
        reason = reasons.of_both(text, status)
    return Failure(address, reason, status)


def _about(address: str, text: str, others: list[str]) -> str:
    """The part of a text that is about `address`: from its first mention to the next one of another."""
    start = text.find(address) if len(others) > 1 else -1
    if start < 0:
        return text
    ends = [place for other in others if other != address and (place := text.find(other, start)) > start]
    return text[start : min(ends, default=len(text))]


def _names(message: Message, leaves: list[Part], raw: bytes) -> tuple[str, ...]:
    """Where names of ours may stand: whom the mail is for, then what was sent along. First come, first served."""
    told = [header(message, name) for name in _NAMING]
    whole = raw[:786_432].decode("latin-1")
    marks = [found[0] for found, _ in zip(_OUR_MARKS.finditer(whole), range(20), strict=False)]
    return tuple(dict.fromkeys(word for word in [*told, *marks] if word))
