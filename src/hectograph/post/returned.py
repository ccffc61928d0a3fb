"""Mail that came back without a report: what systems write in plain words, in the shapes of twenty years.

First the libraries' rules (flufl.bounce), then the places where a failed address stands in nearly all of them, then the
mail that was sent along. Only mail that a machine sent as a bounce gets here (`is_from_a_machine`).
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from email.message import Message

from flufl.bounce import all_failures

from hectograph.post import tables
from hectograph.post.parts import Part, header
from hectograph.post.reports import addresses, clean

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # its tracebacks would tell of what was in the mail

_WORDS = tables.load("returned")
_DAEMON = tables.any_of(_WORDS["senders"])
# Programs and accounts that also write other things: what they send is a bounce if it quotes an error or the mail.
_PERHAPS = tables.any_of(_WORDS["perhaps"])
_QUOTED_ERROR = re.compile(r"(?<![\d.])[45]\d\d[ -][\w#<]|(?<![\d.])[45]\.\d\.\d{1,3}(?![.\d])")
_SUBJECT, _TEXT = tables.any_of(_WORDS["subjects"]), tables.any_of(_WORDS["texts"])
_ORIGINAL = re.compile("^(?:" + "|".join(_WORDS["original"]) + ")$", re.IGNORECASE | re.MULTILINE)
_AFTER = r"(?::|\.{3}|-+>?|=>|\(|\[|,? (?:failed|unknown|invalid|because|on |\())"
_BEFORE = (
    r"(?:rcpt to|to|recipient|user|address|addressee|e-?mail|mailbox|for|errors?|size|deliver\w* to|кому|получател\w+"
    r"|адрес\w*)"
)
# Where the address that failed stands, the surest place first.
_FAILED = (
    re.compile(r"^[ \t>*.-]*<?([^\s<>@]{1,128}@[^\s<>@]{1,189}?)>?[ \t:;,.]*$", re.MULTILINE),  # alone on its line
    re.compile(
        r"^(?:[ \t>*-]*|\d{3} )<?([^\s<>@]{1,128}@[^\s<>@]{1,189}?)>?[ \t]*" + _AFTER, re.MULTILINE | re.IGNORECASE
    ),
    re.compile(_BEFORE + r"\W{1,6}([^\s<>:;,()\"']+@[^\s<>:;,()\"']+)", re.IGNORECASE),
    re.compile(r"[<\"'(\[]([^\s<>\"'()\[\]]+@[^\s<>\"'()\[\]]+)[>\"')\]]"),
)
_SUREST = _FAILED[:2]
_LONGEST_LINE, _LONGEST_TEXT, _MOST_LINES = 1000, 32_000, 4000  # characters, characters, lines
_MACHINES = re.compile(r"mailer-daemon|postmaster|^no-?reply|^abuse", re.IGNORECASE)
# Whom to turn to, as many systems write below their words; where the address that failed stands, it is a reader's.
_DESKS = re.compile(r"^(?:support|help(?:desk)?|admin|service)@", re.IGNORECASE)
_ANY = re.compile(r"(?<![\w.+-])([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})(?![\w-])")


def is_from_a_machine(message: Message, text: str = "", *, sent_along: bool = False) -> bool:
    """Whether a mail says of itself that a mail system sent it because another mail could not be delivered."""
    if header(message, "x-failed-recipients"):
        return True
    sender, path = header(message, "from"), header(message, "return-path")
    failed = bool(_SUBJECT.search(header(message, "subject")))
    nobody = not sender and not path and failed
    told = bool(_DAEMON.search(sender)) or path == "<>" or "mailer-daemon" in path.lower() or nobody
    if not told and (_PERHAPS.search(sender) or (failed and _TEXT.search(text[:3000]))):
        told = sent_along or bool(_QUOTED_ERROR.search(text))
    return told and not _is_an_answer(message)


def _is_an_answer(message: Message) -> bool:
    """A person's answer to a bounce, or a bounce that a person passed on, has one of these."""
    return bool(
        re.match(r"\s*(?:re|fw|fwd|aw|wg|sv|tr|ответ|отв|пер)\s*(?:\[\d+\])?:", header(message, "subject"), re.I)
    )


def speaks_of_failure(message: Message, text: str) -> bool:
    """Whether subject or text tell of a delivery that failed."""
    return bool(_SUBJECT.search(header(message, "subject")) or _TEXT.search(text[:3000]))


def own_words(text: str) -> str:
    """What a bounce says, without the mail that it sends back below. Lines are bounded, and blank ones few."""
    lines = (line[:_LONGEST_LINE].strip("\r") for line in text[:_LONGEST_TEXT].split("\n"))
    text = re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", "\n".join(lines))
    found = _ORIGINAL.search(text, 40)
    return text[: found.start()] if found else text


def recipients(message: Message, parts: list[Part], text: str) -> list[str]:
    """The addresses that a mail in plain words failed for, best guess first; empty where none can be told."""
    if named := header(message, "x-failed-recipients"):
        return addresses(named)
    ours = _not_meant(message) | _message_ids(text)
    return _found(message, parts, text, ours) or _found(message, parts, text, _message_ids(text))


def _message_ids(text: str) -> set[str]:
    """Message-IDs look like addresses, and are none."""
    return {clean(found).lower() for found in re.findall(r"message-id: *(\S+)", text, re.IGNORECASE)}


def _found(message: Message, parts: list[Part], text: str, ours: set[str]) -> list[str]:
    sent_to = _original_to(parts, text)
    told = _addresses(_by_library(message, parts), ours)
    if told and (len(told) > 1 or not sent_to or told[0].lower() in sent_to):
        return told
    for pattern in _FAILED:
        found = _addresses(pattern.findall(text), ours)
        if both := [address for address in found if address.lower() in sent_to]:
            return both
        if found := [address for address in found if pattern in _SUREST or not _DESKS.search(address)]:
            return found[:1] if pattern is not _FAILED[0] else found[:20]
    only = [address for address in _addresses(_ANY.findall(text), ours) if not _DESKS.search(address)]
    return _addresses(sorted(sent_to), ours)[:1] or (only if len(only) == 1 else [])


def _by_library(message: Message, parts: list[Part]) -> list[bytes]:
    """What flufl.bounce finds. It goes line by line, so it does not get the longest of mails."""
    if sum(part.text.count("\n") for part in parts) > _MOST_LINES:
        return []
    with suppress(Exception):  # its rules have raised on broken input
        temporary, permanent = all_failures(message)
        return [*permanent, *temporary]
    return []


def _addresses(found: list[str] | list[bytes], ours: set[str]) -> list[str]:
    plain = [clean(item.decode("utf-8", "replace") if isinstance(item, bytes) else item) for item in found[:200]]
    good = [item for item in plain if re.fullmatch(r"[^\s@]+@[^\s@]+\.[\w.\]-]+", item)]
    return list(dict.fromkeys(item for item in good if item.lower() not in ours and not _MACHINES.search(item)))


def _not_meant(message: Message) -> set[str]:
    """Addresses of the bounce itself: whom it is for and who sent it."""
    names = ("from", "to", "cc", "reply-to", "return-path", "delivered-to", "envelope-to", "message-id")
    return {address.lower() for name in names for address in addresses(header(message, name))}


def _original_to(parts: list[Part], text: str) -> set[str]:
    """Whom the mail that came back was sent to, from what was sent along of it."""
    told = " ".join(header(part.message, "to") for part in parts if part.inside and part.message.get("to"))
    told += " ".join(re.findall(r"^(?:[>\s]*)To: *(.{3,200})$", f"{text}\n{_headers(parts)}", re.MULTILINE)[:5])
    return {address.lower() for address in addresses(told)}


def _headers(parts: list[Part]) -> str:
    kinds = ("text/rfc822-headers", "message/rfc822", "message/global", "message/partial", "text/rfc822")
    return "\n".join(part.text[:20_000] for part in parts if part.kind in kinds or _holds_all(part))


def _holds_all(part: Part) -> bool:
    """A text with the words of the system and, below them, the mail that it sends back."""
    return part.kind == "text/plain" and not part.inside
