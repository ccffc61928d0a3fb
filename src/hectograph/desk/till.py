"""The part of a desk that takes payments: which question goes to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from hectograph.desk import exchange, forms, reminding
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Receive, Reply, Scope
from hectograph.desk.hooking import Hooking
from hectograph.desk.live import Live
from hectograph.desk.managing import Managing
from hectograph.desk.outcomes import Outcomes
from hectograph.desk.paying import Paying
from hectograph.desk.reminding import Reminding
from hectograph.desk.spool import Spool
from hectograph.desk.support_table import SupportTable
from hectograph.payments import hooks
from hectograph.sealing import capability
from hectograph.sealing.capability import Capability, Purpose


class Till:
    def __init__(
        self, configuration: Configuration, table: SupportTable, spool: Spool, live: Live, clock: Callable[[], float]
    ) -> None:
        self._configuration, self._clock = configuration, clock
        self.paying = Paying(configuration, table, live, clock)
        self._outcomes = Outcomes(configuration, self.paying.pages, live, clock)
        self.managing = Managing(configuration, table, self.paying.pages, spool, live, clock)
        self.reminding = Reminding(configuration, self.paying.pages, spool, clock)
        self._hooking = Hooking(configuration, table, spool, clock)

    async def reply(self, scope: Scope, receive: Receive) -> Reply | None:
        """The answer to a question about payments; None where it is about something else."""
        _, room, *rest = scope["path"].split("/")
        method, name = scope["method"], rest[0] if rest else ""
        if len(rest) > 1 or room not in ("support", "pay", "status", "webhooks", "l", "remind"):
            return None
        if room == "l":
            return await self._plan(name, scope, receive)
        if method in ("GET", "HEAD"):
            return self._show(room, name, scope)
        return await self._take(room, name, scope, receive) if method == "POST" else None

    async def _plan(self, token: str, scope: Scope, receive: Receive) -> Reply | None:
        """The page of a plan, where the link is to one."""
        now = datetime.fromtimestamp(self._clock(), UTC)
        link = capability.check(self._configuration.links, token, now)
        if link is None:
            return None
        if link.purpose in reminding.PURPOSES:
            return await self._reminder(link, token, scope, receive)
        if link.purpose is not Purpose.MANAGE:
            return None
        if scope["method"] in ("GET", "HEAD"):
            return self.managing.show(link, token, wants_card=exchange.query(scope) == "card")
        if scope["method"] != "POST":
            return None
        form = await self._form(scope, receive)
        return await self.managing.wish(link, token, form or {}, is_script=exchange.wants_json(scope))

    async def _reminder(self, link: Capability, token: str, scope: Scope, receive: Receive) -> Reply | None:
        if scope["method"] in ("GET", "HEAD"):
            return self.reminding.show(link, token)
        if scope["method"] != "POST":
            return None
        await self._form(scope, receive)
        return await self.reminding.press(link, token)

    async def _form(self, scope: Scope, receive: Receive) -> dict[str, str] | None:
        """The fields that were posted; None where they did not come in whole."""
        body = await exchange.body(receive, self._configuration.limits.body_seconds)
        return None if body is None else forms.fields(body, exchange.header(scope, b"content-type"))

    def _show(self, room: str, name: str, scope: Scope) -> Reply | None:
        if room == "pay":
            return self.paying.show(name)
        if room == "remind":
            return self.reminding.calendar(name)
        if room == "status":
            is_seen, is_script = scope["method"] == "GET", exchange.wants_json(scope)  # a HEAD brings nobody the page
            return self._outcomes.status(name, exchange.query(scope), is_script=is_script, is_seen=is_seen)
        return None

    async def _take(self, room: str, name: str, scope: Scope, receive: Receive) -> Reply:
        if room == "webhooks":
            body = await exchange.body(receive, self._configuration.limits.body_seconds, hooks.LARGEST)
            return await self._hooking.take(name, body or b"", exchange.header(scope, b"stripe-signature"))
        form = await self._form(scope, receive)
        if room == "support":
            return self.paying.support(form or {})
        if room == "remind":
            return await self.reminding.ask(form or {}, exchange.client(scope, self._configuration.client_header))
        if room == "status":
            return self._outcomes.answered(name, exchange.query(scope))
        client = exchange.client(scope, self._configuration.client_header)
        is_script = exchange.wants_json(scope)
        return self.paying.pay(name, form or {}, client, is_script=is_script, is_whole=form is not None)
