"""What a browser posts, read with bounds: forms as browsers send them, and addresses as people type them."""

from __future__ import annotations

import base64
import binascii
import re
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

LONGEST_BODY = 128 * 1024
LONGEST_TYPED = 400  # characters of an address: more can't be one
_MOST_FIELDS = 40
# What mail can be sent to without tricks; RFC 5321 §4.5.3.1 bounds the lengths. Quoted local parts are refused.
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_FOREIGN = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x20\x7f]+@[^\s@\x00-\x20\x7f]+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_MISTYPED = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmail.con": "gmail.com", "gamil.com": "gmail.com",
    "hotmial.com": "hotmail.com", "outlok.com": "outlook.com", "yahooo.com": "yahoo.com", "yaho.com": "yahoo.com",
    "iclod.com": "icloud.com", "protonmial.com": "protonmail.com", "yandex.r": "yandex.ru", "mail.r": "mail.ru",
}  # fmt: skip


def fields(body: bytes, content_type: str) -> dict[str, str]:
    """The fields of a posted form; empty where there is none or where it can't be read. The first of a name counts; of
    `letter`, the newsletters that are ticked, all do, comma-separated."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        pairs = _multipart(body, content_type) if kind == "multipart/form-data" else _urlencoded(body)
    except (ValueError, LookupError):
        return {}
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    if letters := [value for name, value in pairs if name == "letter"]:
        found["letter"] = ",".join(letters)
    return found


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    text = body.decode("utf-8", "strict")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)


def _multipart(body: bytes, content_type: str) -> list[tuple[str, str]]:
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1")
    parsed = BytesParser(policy=HTTP).parsebytes(head + body)
    found = []
    for part in list(parsed.iter_parts())[:_MOST_FIELDS]:
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str):
            payload = part.get_payload(decode=True)
            found.append((name, payload.decode("utf-8") if isinstance(payload, bytes) else ""))
    return found


def address(typed: str) -> str | None:
    """An address as it is mailed to, the domain in lower case and in ASCII; None where it can't be one."""
    local, _, domain = typed.strip().rpartition("@")
    if not _LOCAL.fullmatch(local) or ".." in local or local.startswith(".") or local.endswith("."):
        return None
    try:
        plain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return None
    whole = f"{local}@{plain}"
    return whole if _HOST.fullmatch(plain) and len(whole) <= 254 else None


def is_foreign(typed: str) -> bool:
    """Whether an address is one but for letters before the @ that SMTP takes in an extension alone (RFC 6531)."""
    local = typed.strip().rpartition("@")[0]
    return bool(_FOREIGN.fullmatch(typed.strip())) and not local.isascii()


def suggestion(good: str) -> str:
    """The address that was probably meant, where the domain is a well-known one mistyped; else empty."""
    local, _, domain = good.rpartition("@")
    return f"{local}@{_MISTYPED[domain]}" if domain in _MISTYPED else ""


def envelope(text: str) -> bytes | None:
    """An envelope that the browser sealed, from base64; None where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
