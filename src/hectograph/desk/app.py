"""The desk as an ASGI application: one address a purpose, every answer a whole page, no cookie, nothing logged.

POST /sign-up          the form of a story page (plain, or sealed by the browser)
GET  /l/TOKEN          the page that a mailed link opens: one button, or preferences
POST /l/TOKEN          the reader's wish; also one-click leaving (RFC 8058): any body, or none
POST /pull             the newsroom fetches
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from hectograph.desk import forms, pulling
from hectograph.desk.answers import Answers
from hectograph.desk.configuration import Configuration
from hectograph.desk.limits import Gate
from hectograph.desk.spool import Spool, SpoolFull
from hectograph.sealing import capability, envelope
from hectograph.sealing.capability import Capability, Purpose
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.seal import seal

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Reply = tuple[int, bytes, list[tuple[bytes, bytes]]]

_HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex"),
]
_PAGES = {Purpose.CONFIRM: "confirm", Purpose.LEAVE: "leave", Purpose.PREFER: "prefer"}
_DONE = {Purpose.CONFIRM: "confirmed", Purpose.LEAVE: "left", Purpose.PREFER: "saved"}
_CHOICES = ("language", "pause", "act")  # what the preference page may ask for
_LONGEST_CHOICE = 47  # letter- and a newsletter's slug
_TRAP = "website"  # hidden from people, and named so that no browser fills it in by itself


class Desk:
    """One desk with its spool. Call `close` at the end."""

    def __init__(self, configuration: Configuration, clock: Callable[[], float] = time.time) -> None:
        self.configuration, self._clock = configuration, clock
        limits = configuration.limits
        self.answers = Answers(configuration.pages, configuration.languages)
        self.spool = Spool(configuration.spool, most_bytes=limits.spool_bytes, most_waiting=limits.waiting)
        self.gate = Gate(limits.per_client, limits.in_all)
        self._intake = {envelope.key_id(key) for key in configuration.intake}

    def close(self) -> None:
        self.spool.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, body, more = await self._reply(scope, receive)
        headers = more if any(name == b"content-type" for name, _ in more) else [*_HEADERS, *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        method, path = scope["method"], scope["path"]
        if path.startswith("/l/"):
            token = path.removeprefix("/l/")
            if method in ("GET", "HEAD"):
                return self._show(token)
            if method == "POST":
                return await self._wish(token, await _body(receive), scope)
        if method == "POST" and path == "/sign-up":
            return await self._sign_up(scope, await _body(receive))
        if method == "POST" and path == "/pull":
            return self._pull(scope, await _body(receive))
        return self._page(404, "link", "")

    def _page(self, status: int, name: str, language: str, **places: str) -> Reply:
        second = self.configuration.second_door
        return status, self.answers.page(name, language, second_door=second, language=language, **places), []

    # --- signing up -----------------------------------------------------------------------------------------------

    async def _sign_up(self, scope: Scope, body: bytes | None) -> Reply:
        form = forms.fields(body or b"", _header(scope, b"content-type"))
        language = self.answers.language(form.get("language", ""))
        if body is None or not self.gate.lets_in(self._client(scope)):
            return self._page(429, "busy", language)
        if form.get(_TRAP) or _too_fast(form, self.configuration.limits.least_seconds):
            return self._page(200, "sent", language)  # a machine learns nothing from the answer
        if "sealed" in form:
            return await self._take_sealed(form["sealed"], language)
        return await self._take_plain(form, language)

    async def _take_sealed(self, text: str, language: str) -> Reply:
        sealed = forms.envelope(text)
        try:
            known = sealed is not None and envelope.read_key_id(sealed) in self._intake
        except EnvelopeProblem:
            known = False
        if sealed is None or not known:  # under a key that is no longer in use: ask again, under the current one
            return self._page(409, "again", language)
        return await self._keep(sealed, "sent", language)

    async def _take_plain(self, form: dict[str, str], language: str) -> Reply:
        address = forms.address(form.get("address", ""))
        if address is None:
            return self._page(422, "address", language)
        if (meant := forms.suggestion(address)) and form.get("anyway") not in ("1", "2"):
            return self._page(200, "meant", language, address=address, suggested=meant)
        if address.rpartition("@")[2] in self.configuration.watched_hosts:
            if self.configuration.refuse_watched:
                return self._page(200, "refused", language)
            if form.get("anyway") != "2":
                return self._page(200, "watched", language, address=address)
        words = {"kind": "sign-up", "address": address, "language": language}
        words |= {"letter": form.get("letter", "")[:400], "text": form.get("text", "")[:40]}
        return await self._keep(self._sealed(words), "sent", language)

    def _sealed(self, words: dict[str, Any]) -> bytes:
        return seal(self.configuration.intake[0], json.dumps(words, ensure_ascii=False).encode())

    async def _keep(self, sealed: bytes, done: str, language: str) -> Reply:
        try:
            await self.spool.keep(sealed)
        except SpoolFull:
            return self._page(503, "busy", language)
        return self._page(200, done, language)

    # --- mailed links ---------------------------------------------------------------------------------------------

    def _check(self, token: str) -> Capability | None:
        return capability.check(self.configuration.links, token, datetime.fromtimestamp(self._clock(), UTC))

    def _show(self, token: str) -> Reply:
        found = self._check(token)
        if found is None:
            return self._page(404, "link", "")
        return self._page(200, _PAGES[found.purpose], found.language, token=token)

    async def _wish(self, token: str, body: bytes | None, scope: Scope) -> Reply:
        """Take the wish. A link that is not ours gets the answer of one that is: who asks learns nothing."""
        form = forms.fields(body or b"", _header(scope, b"content-type"))
        found = self._check(token)
        if found is None:
            return self._page(200, "left", "")
        chosen = (
            {name: form[name][:20] for name in form if _is_choice(name) and form[name]}
            if found.purpose is Purpose.PREFER
            else {}
        )
        words = {"kind": "wish", "purpose": int(found.purpose), "number": found.number.hex(), "chosen": chosen}
        words["letters"] = list(found.words[1:])  # the newsletters that the link is about; none: all
        done = "left" if chosen.get("act") in ("leave", "erase") else _DONE[found.purpose]
        return await self._keep(self._sealed(words), done, chosen.get("language", found.language))

    # --- the newsroom ---------------------------------------------------------------------------------------------

    def _pull(self, scope: Scope, body: bytes | None) -> Reply:
        own = self.configuration
        try:
            reply, signature = pulling.answer(
                self.spool, own.newsroom, own.own, body or b"", _header(scope, b"signature")
            )
        except pulling.PullRefused as refusal:
            words = json.dumps({"refused": refusal.words}).encode()
            return 403, words, [(b"content-type", b"application/json")]
        return 200, reply, [(b"content-type", b"application/json"), (b"signature", signature.encode())]

    def _client(self, scope: Scope) -> str:
        if self.configuration.client_header:
            return _header(scope, self.configuration.client_header.encode())
        return str((scope.get("client") or ("",))[0])


def _is_choice(name: str) -> bool:
    return name in _CHOICES or (name.startswith("letter-") and len(name) <= _LONGEST_CHOICE)


def _too_fast(form: dict[str, str], least: float) -> bool:
    """`after` is the seconds that a browser with JavaScript counted; without it nothing is held against anyone."""
    try:
        return float(form.get("after", "inf")) < least
    except ValueError:
        return True


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is longer than any form of ours."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > forms.LONGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)
