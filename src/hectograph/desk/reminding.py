"""Remind me later: an address and a month are sealed and kept for the newsroom; a calendar file keeps nothing at all.

POST /remind             the form of the support page
GET  /remind/MONTH.ics   an entry for the reader's own calendar (RFC 5545), with a neutral title
GET  /l/TOKEN            one button: yes, remind me; or: no reminder after all
POST /l/TOKEN            its press
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from hectograph.desk import exchange, forms
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Receive, Reply, Scope
from hectograph.desk.limits import Gate
from hectograph.desk.pay_pages import PayPages, hidden
from hectograph.desk.sealed_words import vouched
from hectograph.desk.spool import Spool
from hectograph.desk.store import SpoolFull
from hectograph.sealing import capability
from hectograph.sealing.capability import Capability, Purpose

AHEAD = 12  # months
PURPOSES = {Purpose.REMIND: ("remind-confirm", "confirm"), Purpose.FORGET: ("remind-forget", "cancel")}
_DONE = {"confirm": "remind-confirmed", "cancel": "remind-forgotten"}
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_TRAP = "website"
Form = Mapping[str, str]


class Reminding:
    def __init__(self, configuration: Configuration, pages: PayPages, spool: Spool, clock: Callable[[], float]) -> None:
        self._configuration, self.pages, self._spool, self._clock = configuration, pages, spool, clock
        limits = configuration.limits
        self.gate, self._links = Gate(limits.per_client, limits.in_all), Gate(limits.per_link, 0)

    async def reply(self, scope: Scope, receive: Receive) -> Reply | None:
        """The answer to a question about reminders; None where it is about something else."""
        _, room, *rest = scope["path"].split("/")
        method, name = scope["method"], rest[0] if rest else ""
        if len(rest) > 1 or room not in ("remind", "l") or method not in ("GET", "HEAD", "POST"):
            return None
        link = self._link(name) if room == "l" else None
        if room == "l" and link is None:
            return None
        if method != "POST":
            return self.show(link, name) if link else self.calendar(name)
        form = await exchange.form(scope, receive, self._configuration.limits.body_seconds)
        if link:
            return await self.press(link, name)
        return await self.ask(form or {}, exchange.client(scope, self._configuration.client_header))

    def _link(self, token: str) -> Capability | None:
        """The mailed link, where it is one of ours to a reminder and still good."""
        link = capability.check(self._configuration.links, token, datetime.fromtimestamp(self._clock(), UTC))
        return link if link and link.purpose in PURPOSES else None

    async def ask(self, form: Form, client: str) -> Reply:
        """The form: an address and one of the next twelve months."""
        language, month = self.pages.language(form.get("language", "")), form.get("month", "")
        calendar = f"/remind/{month[:7]}.ics"
        if form.get(_TRAP):
            return self._page(200, "remind-sent", language, calendar=calendar)  # a machine learns nothing from it
        kept = {"language": language, "month": month[:7]}
        typed = form.get("address", "")[: forms.LONGEST_TYPED]
        address = forms.address(typed)
        if address is None or self._first(month) is None:
            return self._page(422, "remind-address", language, kept, typed=typed)
        if self._configuration.is_unmailed(address):
            return self._page(200, "remind-watched", language, calendar=calendar)
        words = {"kind": "remind", "address": address, "month": month, "language": language}
        if self.gate.turn(client) is None or not await self._keeps(words):
            return self._page(503, "crowded", language, {**kept, "address": typed}, action="/remind")
        return self._page(200, "remind-sent", language, calendar=calendar)

    def calendar(self, name: str) -> Reply | None:
        """The entry for the first of a month; None where there is no such month."""
        first = self._first(name.removesuffix(".ics"))
        if first is None or not name.endswith(".ics"):
            return None
        stamp = datetime.fromtimestamp(self._clock(), UTC)
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//reminder//EN", "BEGIN:VEVENT", f"UID:{first}-reminder"]
        lines += [f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}", f"DTSTART;VALUE=DATE:{first:%Y%m%d}", "SUMMARY:Reminder"]
        body = "\r\n".join([*lines, "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR", ""]).encode()
        return 200, body, [(b"content-type", b"text/calendar; charset=utf-8"), (b"cache-control", b"no-store")]

    def show(self, link: Capability, token: str) -> Reply:
        """The one button of a mailed link."""
        return self._page(200, PURPOSES[link.purpose][0], self.pages.language(link.language), action=f"/l/{token}")

    async def press(self, link: Capability, token: str) -> Reply:
        """Its press."""
        language, act = self.pages.language(link.language), PURPOSES[link.purpose][1]
        words = {"kind": "remind", "act": act, "number": link.number.hex()}
        if self._links.turn(token) is None or not await self._keeps(words):
            return self._page(503, "crowded", language, action=f"/l/{token}")
        return self._page(200, _DONE[act], language)

    def _first(self, month: str) -> date | None:
        """The first day of a month that follows this one, within a year."""
        found = _MONTH.fullmatch(month)
        if found is None:
            return None
        first, today = date(int(found[1]), int(found[2]), 1), datetime.fromtimestamp(self._clock(), UTC).date()
        ahead = (first.year - today.year) * 12 + first.month - today.month
        return first if 1 <= ahead <= AHEAD else None

    async def _keeps(self, words: dict[str, Any]) -> bool:
        own = self._configuration
        try:
            await self._spool.keep(vouched(own.intake[0], own.own, words))
        except SpoolFull:
            return False
        return True

    def _page(self, status: int, name: str, language: str, kept: Form = {}, **places: str) -> Reply:  # noqa: B006 (read only)
        return status, self.pages.page(name, language, {"kept": hidden(kept)}, **places), []
