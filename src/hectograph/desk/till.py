"""The part of a desk that takes payments: which question goes to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from hectograph.desk import exchange
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Receive, Reply, Scope
from hectograph.desk.hooking import Hooking
from hectograph.desk.live import Live
from hectograph.desk.managing import Managing
from hectograph.desk.outcomes import Outcomes
from hectograph.desk.pay_pages import PayPages
from hectograph.desk.paying import Paying
from hectograph.desk.spool import Spool
from hectograph.desk.support_table import SupportTable
from hectograph.payments import hooks
from hectograph.sealing import capability
from hectograph.sealing.capability import Purpose


class Till:
    def __init__(
        self,
        configuration: Configuration,
        table: SupportTable,
        pages: PayPages,
        spool: Spool,
        live: Live,
        clock: Callable[[], float],
    ) -> None:
        self._configuration, self._clock = configuration, clock
        self.paying = Paying(configuration, table, pages, live, clock)
        self._outcomes = Outcomes(configuration, pages, live, clock, has_debits="sepa" in table.methods)
        self.managing = Managing(configuration, table, pages, spool, live, clock)
        self._hooking = Hooking(configuration, table, spool, clock)

    async def reply(self, scope: Scope, receive: Receive) -> Reply | None:
        """The answer to a question about payments; None where it is about something else."""
        _, room, *rest = scope["path"].split("/")
        method, name = scope["method"], rest[0] if rest else ""
        if len(rest) > 1 or room not in ("support", "pay", "status", "webhooks", "l"):
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
        if link is None or link.purpose is not Purpose.MANAGE:
            return None
        if scope["method"] in ("GET", "HEAD"):
            return self.managing.show(link, token, exchange.query(scope))
        if scope["method"] != "POST":
            return None
        form = await exchange.form(scope, receive, self._configuration.limits.body_seconds)
        return await self.managing.wish(link, token, form or {}, is_script=exchange.wants_json(scope))

    def _show(self, room: str, name: str, scope: Scope) -> Reply | None:
        if room == "pay":
            return self.paying.show(name)
        if room == "status":
            is_seen, is_script = scope["method"] == "GET", exchange.wants_json(scope)  # a HEAD brings nobody the page
            return self._outcomes.status(name, exchange.query(scope), is_script=is_script, is_seen=is_seen)
        return None

    async def _take(self, room: str, name: str, scope: Scope, receive: Receive) -> Reply:
        if room == "webhooks":
            body = await exchange.body(receive, self._configuration.limits.body_seconds, hooks.LARGEST)
            return await self._hooking.take(name, body or b"", exchange.header(scope, b"stripe-signature"))
        form = await exchange.form(scope, receive, self._configuration.limits.body_seconds)
        if room == "support":
            return self.paying.support(form or {})
        if room == "status":
            return self._outcomes.answered(name, exchange.query(scope))
        client = exchange.client(scope, self._configuration.client_header)
        is_script = exchange.wants_json(scope)
        return self.paying.pay(name, form or {}, client, is_script=is_script, is_whole=form is not None)
