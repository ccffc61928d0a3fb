"""The one door to Stripe: its library, silenced, with a pinned version, and plain dicts coming out.

No object of the library leaves this file. Nothing is retried by the library itself: whether a call may be made again is
for the cashier to say, who knows what was asked before.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any, cast

import stripe

from hectograph.payments import origins
from hectograph.payments.port import Rejected, ServiceProblem
from hectograph.payments.processors.stripe import failures, keys

API_VERSION = "2026-10-28.endive"
Row = dict[str, Any]
_CONNECT, _ANSWER = 5.0, 30.0  # seconds
_PAGE = 100
_PATH = re.compile(r"[A-Za-z0-9_]{1,255}(?:/[A-Za-z0-9_]{1,255}){0,3}")

stripe.enable_telemetry = False
stripe.log = None
stripe.max_network_retries = 0
# By filters: `disabled` is undone by every configuration of logging that comes later, and a level by whoever debugs.
logging.getLogger("stripe").addFilter(lambda record: False)  # it writes whole answers, and what leads to them
logging.getLogger("urllib3.connectionpool").addFilter(lambda record: record.levelno >= logging.WARNING)  # every path


class Door:
    """Calls, and what came of them. Raises the port's Problems alone."""

    def __init__(self, key: str, *, live: bool, api: str = origins.STRIPE.api, stand_in: bool = False) -> None:
        """A Problem for a key or an address that may not be used; a live key is never shown to a stand-in."""
        keys.check(key, live=live)
        here = origins.Origins(origins.STRIPE.script, api, origins.STRIPE.frames)
        origins.check(here, stand_in=stand_in and not live)
        self.live = live
        self._client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses={"api": api, "connect": api, "files": api, "meter_events": api},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(_CONNECT, _ANSWER)),
        )

    def read(self, path: str, **params: Any) -> Row:
        """GET `/v1/PATH`."""
        return self._ask("get", path, params, writes=False)

    def write(self, path: str, params: Any, key: str = "") -> Row:
        """POST `/v1/PATH` with one of the library's typed parameters. The same `key` is the same wish: for a day,
        Stripe answers it as it did the first time, even with an error. Without one it may be asked again, because the
        thing's own state lets it happen once."""
        return self._ask("post", path, {**params, "idempotency_key": key or uuid.uuid4().hex}, writes=True)

    def end(self, path: str) -> Row:
        """DELETE `/v1/PATH`."""
        return self._ask("delete", path, {}, writes=True)

    def rows(self, path: str, **params: Any) -> Iterator[Row]:
        """Every row of a list, page by page, as Stripe orders it: newest first."""
        while True:
            page = self.read(path, limit=_PAGE, **params)
            yield from page["data"]
            if not page["has_more"] or not page["data"]:
                return
            params["starting_after"] = page["data"][-1]["id"]

    def _ask(self, method: str, path: str, params: Row, *, writes: bool) -> Row:
        if not _PATH.fullmatch(path):  # a token or a hint brought something that is no id: it leads nowhere else
            raise Rejected("This is nothing that Stripe has.")
        failed: ServiceProblem
        try:
            answer = cast("Callable[..., Any]", self._client.raw_request)(method, f"/v1/{path}", **params)
            if isinstance(answer.data, dict):
                return cast("Row", answer.data)
            failed = failures.unsaid(writes=writes)
        except stripe.StripeError as error:
            failed = failures.problem(error, writes=writes)
        raise failed  # outside of the handler: the library's error is not its context
