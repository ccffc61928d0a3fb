"""The desk as an ASGI application: one address a purpose, every answer a whole page, no cookie, nothing logged.

POST /sign-up          the form of a story page (plain, or sealed by the browser)
GET  /l/TOKEN          the page that a mailed link opens: one button, or preferences
GET  /p/TOKEN          preferences, by the letter's leave link, too
POST /p/TOKEN          what was chosen there
POST /l/TOKEN          the reader's wish; also one-click leaving (RFC 8058): any body, or none
POST /pull             the newsroom fetches
POST /returned/TOKEN   mail that came back (`returned.py`)

Where its pages are there, those of `reminding.py`; where the desk takes payments, those of `till.py` besides.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from hectograph.desk import exchange, forms, pulling, spool
from hectograph.desk.answers import Answers
from hectograph.desk.configuration import Configuration
from hectograph.desk.copies import PullRefused
from hectograph.desk.counter import Counter
from hectograph.desk.exchange import JSON, Receive, Reply, Scope, Send
from hectograph.desk.pay_pages import PayPages
from hectograph.desk.reminding import Reminding
from hectograph.desk.returned import Returned
from hectograph.desk.spool import Spool
from hectograph.desk.till import Till
from hectograph.sealing import capability
from hectograph.sealing.capability import Capability, Purpose

log = logging.getLogger(__name__)
_LINKS = ("/l/", "/p/")
_PAGES = {Purpose.CONFIRM: "confirm", Purpose.LEAVE: "leave", Purpose.PREFER: "prefer"}


class Desk:
    """One desk with its spool. Call `close` at the end."""

    def __init__(self, configuration: Configuration, clock: Callable[[], float] = time.time) -> None:
        self.configuration, self._limits = configuration, configuration.limits
        store = spool.store(configuration.spool, self._limits.spool_bytes)
        self.spool = Spool(store, most_waiting=self._limits.waiting)
        self.counter = Counter(configuration, Answers(configuration.pages, configuration.languages), self.spool)
        self.calls = pulling.Calls(self.spool, configuration.newsroom, configuration.own, clock)
        self.till: Till | None = None
        self._rooms: list[Returned | Reminding | Till] = [Returned(configuration, self.spool)]
        if configuration.reminders or configuration.support:
            pages = PayPages(configuration.pages, configuration.languages)
            self._rooms.append(Reminding(configuration, pages, self.spool, self.calls.now))
            if table := configuration.support:
                self.till = Till(configuration, table, pages, self.spool, self.calls.live, self.calls.now)
                self._rooms.append(self.till)

    def close(self) -> None:
        self.spool.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            reply = await self._reply(scope, receive)
        except Exception as error:  # noqa: BLE001 (its words could hold what somebody typed: only its kind is said)
            log.error("the desk could not answer: %s", type(error).__name__)
            reply = self.counter.page(503, "busy", self._spoken(scope), action=scope["path"].lstrip("/"))
        await exchange.answer(scope, send, reply)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        for room in self._rooms:
            if reply := await room.reply(scope, receive):
                return reply
        method, path = scope["method"], scope["path"]
        if path.startswith(_LINKS) and method in ("GET", "HEAD"):
            return self._show(path, self._spoken(scope))
        if method != "POST" or not path.startswith((*_LINKS, "/sign-up", "/pull")):
            return self.counter.page(404, "link", self._spoken(scope))
        body = await exchange.body(receive, self._limits.body_seconds)
        if path == "/pull":
            return await self._pull(scope, body or b"")
        form = forms.fields(body or b"", exchange.header(scope, b"content-type"))
        if path == "/sign-up":
            if body is None:
                return self.counter.page(413, "address", self._spoken(scope))
            return await self.counter.sign_up(form, exchange.client(scope, self.configuration.client_header))
        return await self._wish(path, form, self._spoken(scope), whole=body is not None)

    def _spoken(self, scope: Scope) -> str:
        """The language of a page for somebody of whom nothing else is known."""
        return self.counter.answers.preferred(exchange.header(scope, b"accept-language"))

    def _show(self, path: str, spoken: str) -> Reply:
        token = path[3:]
        found = _at(path, capability.check(self.configuration.links, token, self._now()))
        if found is None or found.purpose not in _PAGES:
            told = capability.read(token)
            return self.counter.page(404, "link", told.language if told else spoken)
        return self.counter.page(200, _PAGES[found.purpose], found.language, token=token)

    async def _wish(self, path: str, form: dict[str, str], spoken: str, *, whole: bool) -> Reply:
        token = path[3:]
        found = _at(path, capability.check(self.configuration.links, token, self._now()))
        if found is None or found.purpose not in _PAGES:
            return self.counter.as_if(_at(path, capability.read(token)), form, spoken)
        if not whole and found.purpose is Purpose.PREFER:  # choices that did not come in; a bare press is one without
            return self.counter.page(413, "busy", found.language, action=path.lstrip("/"))
        return await self.counter.wish(found, token, form)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.calls.now(), UTC)

    def _turned_away(self) -> int:
        """How many since it was asked last."""
        gates = [self.counter.gate, *([self.till.paying.gate] if self.till else [])]
        count = sum(gate.turned_away for gate in gates)
        for gate in gates:
            gate.turned_away = 0
        return count

    async def _pull(self, scope: Scope, body: bytes) -> Reply:
        calls, signature = self.calls, exchange.header(scope, b"signature")
        try:
            asked = calls.asked(body, signature)
            turned_away = self._turned_away()
            # Beside the loop: readers are answered while the disk hands out what lies there.
            reply, signed = await asyncio.to_thread(calls.answer, asked, turned_away)
        except PullRefused as refusal:
            return 403, json.dumps({"refused": refusal.words}).encode(), [JSON]
        return 200, reply, [JSON, (b"signature", signed.encode())]


def _at(path: str, link: Capability | None) -> Capability | None:
    """What a link allows at `path`. Below /p/ one to leave a letter opens all of its reader's preferences: both stand
    in the same mail, and a signature for each would be what a letter's copy costs most."""
    if link is None or not path.startswith("/p/"):
        return link
    if link.purpose not in (Purpose.LEAVE, Purpose.PREFER):
        return None
    return replace(link, purpose=Purpose.PREFER, words=link.words[:1])
