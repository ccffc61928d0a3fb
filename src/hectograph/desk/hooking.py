"""POST /webhooks/PROCESSOR: a hint from the processor that something happened. Its signature is checked, four values
are kept, sealed; the body is dropped. Nothing is logged, whatever comes."""

from __future__ import annotations

from collections.abc import Callable

from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Reply, as_json
from hectograph.desk.sealed_words import vouched
from hectograph.desk.spool import Spool
from hectograph.desk.store import SpoolFull
from hectograph.desk.support_table import SupportTable
from hectograph.payments import hooks
from hectograph.payments.hooks import HookRefused


class Hooking:
    def __init__(
        self, configuration: Configuration, table: SupportTable, spool: Spool, clock: Callable[[], float]
    ) -> None:
        self._configuration, self._table, self._spool, self._clock = configuration, table, spool, clock

    async def take(self, processor: str, body: bytes, signature: str) -> Reply:
        """200 once the hint is on disk, 400 for what is not the processor's, 503 without room: then it comes again."""
        if processor != self._table.processor or self._table.hooks is None:
            return as_json(404)
        try:
            hint = hooks.verify(self._table.hooks, body, signature, self._clock())
        except HookRefused:
            return as_json(400)
        words = {"kind": "webhook", "processor": processor, "event": hint.event, "type": hint.type}
        words |= {"object": hint.object, "created": str(hint.created)}
        own = self._configuration
        try:
            await self._spool.keep(vouched(own.intake[0], own.own, words))
        except SpoolFull:
            return as_json(503)
        return as_json(200)
