"""One question to the desk and the answer to it: bodies read with bounds, headers that tell no one anything."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable
from typing import Any

from hectograph.desk import forms

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Reply = tuple[int, bytes, list[tuple[bytes, bytes]]]

JSON = (b"content-type", b"application/json")
LONGEST_QUERY = 20  # characters
_HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex"),
]


async def answer(scope: Scope, send: Send, reply: Reply) -> None:
    status, body, more = reply
    headers = more if any(name == b"content-type" for name, _ in more) else [*_HEADERS, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def client(scope: Scope, named_in: str) -> str:
    """Who asks, for the limits alone: by the header that a proxy of ours writes, else by the connection. Empty where a
    proxy or an onion service stands before the desk and names nobody: then all would count as one."""
    if named_in:
        return header(scope, named_in.encode())
    address = str((scope.get("client") or ("",))[0])
    try:
        return "" if ipaddress.ip_address(address).is_loopback else address
    except ValueError:
        return ""


def as_json(status: int, /, **words: object) -> Reply:
    """An answer for a page's script."""
    return status, json.dumps(words).encode(), [JSON, (b"cache-control", b"no-store")]


def see(address: str) -> Reply:
    """Look there: a page of this desk, whose address can be opened again without sending anything again."""
    return 303, b"", [(b"location", address.encode())]


def query(scope: Scope) -> str:
    """What follows the question mark, short and plain; empty where it is neither."""
    raw = scope.get("query_string", b"")
    return raw.decode("ascii") if raw.isalnum() and raw.isascii() and len(raw) <= LONGEST_QUERY else ""


def wants_json(scope: Scope) -> bool:
    return "application/json" in header(scope, b"accept")


async def body(receive: Receive, seconds: float, most: int = forms.LONGEST_BODY) -> bytes | None:
    """The whole body; None where it is longer than `most` bytes, or takes longer than `seconds` to come."""
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, most)
    except TimeoutError:
        return None


async def form(scope: Scope, receive: Receive, seconds: float) -> dict[str, str] | None:
    """The fields that were posted; None where they did not come in whole."""
    came = await body(receive, seconds)
    return None if came is None else forms.fields(came, header(scope, b"content-type"))


async def _read(receive: Receive, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
