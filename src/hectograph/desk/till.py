"""The part of a desk that takes payments: which question goes to whom."""

from __future__ import annotations

from collections.abc import Callable

from hectograph.desk import exchange, forms
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Receive, Reply, Scope
from hectograph.desk.hooking import Hooking
from hectograph.desk.live import Live
from hectograph.desk.outcomes import Outcomes
from hectograph.desk.paying import Paying
from hectograph.desk.spool import Spool
from hectograph.desk.support_table import SupportTable
from hectograph.payments import hooks


class Till:
    def __init__(
        self, configuration: Configuration, table: SupportTable, spool: Spool, live: Live, clock: Callable[[], float]
    ) -> None:
        self._configuration = configuration
        self.paying = Paying(configuration, table, live, clock)
        self._outcomes = Outcomes(configuration, self.paying.pages, live, clock)
        self._hooking = Hooking(configuration, table, spool, clock)

    async def reply(self, scope: Scope, receive: Receive) -> Reply | None:
        """The answer to a question about payments; None where it is about something else."""
        _, room, *rest = scope["path"].split("/")
        if len(rest) != (room != "support") or room not in ("support", "pay", "status", "webhooks"):
            return None
        name = rest[0] if rest else ""
        if scope["method"] in ("GET", "HEAD"):
            return self._show(room, name, scope)
        if scope["method"] != "POST":
            return None
        return await self._take(room, name, scope, receive)

    def _show(self, room: str, name: str, scope: Scope) -> Reply | None:
        if room == "pay":
            return self.paying.show(name)
        if room == "status":
            return self._outcomes.status(name, exchange.query(scope), is_script=exchange.wants_json(scope))
        return None

    async def _take(self, room: str, name: str, scope: Scope, receive: Receive) -> Reply:
        seconds = self._configuration.limits.body_seconds
        if room == "webhooks":
            body = await exchange.body(receive, seconds, hooks.LARGEST)
            return await self._hooking.take(name, body or b"", exchange.header(scope, b"stripe-signature"))
        body = await exchange.body(receive, seconds)
        form = forms.fields(body or b"", exchange.header(scope, b"content-type"))
        if room == "support":
            return self.paying.support(form)
        if room == "status":
            return self._outcomes.answered(name, exchange.query(scope))
        client = exchange.client(scope, self._configuration.client_header)
        is_script = exchange.wants_json(scope)
        return self.paying.pay(name, form, client, is_script=is_script, is_whole=body is not None)
