"""Reports that machines wrote: delivery status (RFC 3464) and feedback (RFC 5965), also where they are mangled."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hectograph.post.parts import Part

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:[ \t]*(.*)$")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']{1,128}@[^\s<>()\[\],;:\"']{1,189}|[^\s<>();]{1,128}@\[[\d.]+\]")
_MOST_BLOCKS = 300
DELIVERED = ("delivered", "relayed", "expanded", "deliverable")


@dataclass(frozen=True)
class Outcome:
    """What a report says of one recipient. `action` is of RFC 3464 §2.3.3, in lower case."""

    address: str
    action: str
    status: str
    words: str


def outcomes(parts: list[Part]) -> list[Outcome]:
    """The recipients of the delivery status reports among `parts`; empty where there is none."""
    found = []
    for part in parts:
        if not part.inside and part.kind in ("message/delivery-status", "message/global-delivery-status"):
            found += of_text(part.text)
    if not found:
        for part in parts:
            if not part.inside and part.kind.startswith("text/") and _looks_like_a_report(part.text):
                found += of_text(part.text)
    return found


def _looks_like_a_report(text: str) -> bool:
    """Whether a text part is a report whose media type was lost on the way."""
    names = {name.lower() for name, _ in _fields(text)}
    return {"reporting-mta", "final-recipient"} <= names or {"final-recipient", "action", "status"} <= names


def of_text(text: str) -> list[Outcome]:
    """The recipients of a report's text. Some systems leave out the blank line between them."""
    found = []
    for block in _blocks(text):
        if address := _recipient(block):
            words = block.get("diagnostic-code", "") or block.get("x-smtp-server-reply", "")
            words = f"{words} {block.get('x-supplementary-info', '')} {block.get('status-comment', '')}".strip()
            action = re.split(r"[\s(;]", block.get("action", "").strip().lower() or "failed")[0]
            found.append(Outcome(address, action, _code(block), words))
    return found


def _recipient(block: dict[str, str]) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        if name in block and (found := _ADDRESS.search(_after_type(block[name]))):
            return clean(found[0])
    value = _after_type(block.get("final-recipient", "")).strip("<> ")
    return value if re.fullmatch(r"[\w.+-]{1,64}", value) else ""  # a local user, as old systems write


def _after_type(value: str) -> str:
    return value.rpartition(";")[2].strip() if ";" in value else value


def _code(block: dict[str, str]) -> str:
    """The status; where it says nothing (5.0.0) and the diagnostic knows more, that."""
    own = status_in(block.get("status", ""))
    if own.endswith(".0.0") or not own:
        told = status_in(block.get("diagnostic-code", ""))
        return told if told and not told.startswith("2") else own
    return own


def status_in(text: str) -> str:
    """The first enhanced status code in `text`, as in 5.1.1; empty where there is none."""
    found = _STATUS.search(text[:4000])
    return ".".join(str(int(number)) for number in found.groups()) if found else ""


def clean(address: str) -> str:
    """An address without the marks around it."""
    plain = address.strip().strip("<>\"'`.,;:()[]{}")
    return re.sub(r"^(?:rfc822;|mailto:|to=<?|smtp:)", "", plain, flags=re.IGNORECASE)


def addresses(text: str) -> list[str]:
    """The addresses in `text`, in order, each once."""
    return list(dict.fromkeys(clean(found) for found in _ADDRESS.findall(text[:20_000])))


def _fields(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.splitlines()[:2000]:
        if line[:1] in " \t" and found and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}"[:4000])
        elif match := _FIELD.match(line):
            found.append((match[1], match[2][:4000]))
    return found


def _blocks(text: str) -> list[dict[str, str]]:
    blocks: list[dict[str, str]] = [{}]
    for name, value in _fields(text):
        low = name.lower()
        starts = low in ("final-recipient", "original-recipient") and low in blocks[-1]
        if starts and len(blocks) < _MOST_BLOCKS:
            blocks.append({})
        elif low == "original-recipient" and "final-recipient" in blocks[-1] and "action" in blocks[-1]:
            later = _trailing(blocks[-1])
            if later:
                blocks.append({})
        blocks[-1].setdefault(low, value)
    return blocks


def _trailing(block: dict[str, str]) -> bool:
    """Whether a block is complete, so that an Original-Recipient must start the next one."""
    return "original-recipient" in block


def feedback(parts: list[Part]) -> dict[str, str] | None:
    """The fields of a feedback report in lower case; None where there is none."""
    for part in parts:
        if part.kind == "message/feedback-report" and not part.inside:
            return {name.lower(): value for name, value in reversed(_fields(part.text))}
    for part in parts:
        if not part.inside and part.kind.startswith("text/"):
            fields = {name.lower(): value for name, value in reversed(_fields(part.text))}
            if "feedback-type" in fields and ("user-agent" in fields or "version" in fields):
                return fields
    return None
