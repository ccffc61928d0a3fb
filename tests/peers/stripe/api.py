"""One call, from its bytes to its answer: trouble, key, version, permission, parameters, idempotency, work."""

import asyncio
import json
from dataclasses import dataclass
from threading import RLock
from typing import Any

from tests.peers.stripe import forms, routes, strictness
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import API_VERSION, Service, expanded
from tests.peers.stripe.trouble import Trouble, Troubles
from tests.peers.stripe.wire import Reply, Request


@dataclass
class Call:
    """One line of the request log. `key` is which of the three keys it came with, "" for an unknown one."""

    method: str
    path: str
    params: dict[str, Any]
    key: str
    idempotency_key: str | None
    at: int
    status: int = 0

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Api:
    """Answers calls on one service. `lock` is held wherever the service is read or changed."""

    def __init__(self, service: Service, lock: RLock) -> None:
        self.service = service
        self.lock = lock
        self.troubles = Troubles()
        self.log: list[Call] = []

    async def answer(self, request: Request) -> Reply:
        call = self._noted(request)
        trouble = self.troubles.befalling(request.method, request.path)
        if trouble and trouble.kind == "down":
            return Reply(cut=True)
        if trouble and trouble.kind == "429":
            return self._reply(call, Refused(429, "Request rate limit exceeded.", "rate_limit"))
        try:
            with self.lock:
                kept = self._begin(request, call)
        except Refused as refused:
            return self._reply(call, refused)
        if isinstance(kept, Reply):
            return kept
        if trouble and trouble.kind == "latency":
            await asyncio.sleep(trouble.seconds)
        with self.lock:
            return self._work(call, *kept, trouble)

    def _noted(self, request: Request) -> Call:
        key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        names = {getattr(self.service.keys, name): name for name in ("web", "worker", "operator", "tester")}
        call = Call(
            request.method,
            request.path,
            {},
            names.get(key, ""),
            request.headers.get("idempotency-key"),
            self.service.now,
        )
        self.log.append(call)
        return call

    def _begin(self, request: Request, call: Call) -> Reply | tuple[routes.Route, tuple[str, ...], dict[str, Any]]:
        """All that is checked before the work; a Reply if this key was answered before."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        name = self.service.keys.name_of(bearer)
        if request.headers.get("stripe-version") != API_VERSION:
            raise Refused(
                400, f"Invalid Stripe API version: {request.headers.get('stripe-version')}", "invalid_version"
            )
        call.params = _params(request)
        route, ids = routes.find(request.method, request.path)
        self.service.keys.permit(name, route.subject, request.method != "GET")
        params = strictness.check(route.params, call.params)
        if call.idempotency_key and call.method == "POST":
            kept = self.service.idempotency.begin(call.idempotency_key, call.path, call.params, self.service.now)
            if kept:
                call.status = kept.status
                return Reply(kept.status, kept.body, headers={**self._headers(call), "Idempotent-Replayed": "true"})
        return route, ids, params

    def _work(
        self, call: Call, route: routes.Route, ids: tuple[str, ...], params: dict[str, Any], trouble: Trouble | None
    ) -> Reply:
        kind = trouble.kind if trouble else ""
        self.service.cause = {"id": f"req_{len(self.log)}", "idempotency_key": call.idempotency_key}
        answer: Refused | dict[str, Any] = Refused(500, "An unknown error occurred.")
        if kind != "500":
            try:
                row = route.does(self.service, params, *ids)
                answer = expanded(
                    self.service,
                    {"url": call.path, **row} if row["object"] == "list" else row,
                    params.get("expand", []),
                    call.key,
                )
            except Refused as refused:
                answer = refused
        reply = self._reply(call, Refused(500, "An unknown error occurred.") if kind == "500_after" else answer)
        if call.idempotency_key and call.method == "POST":
            self.service.idempotency.end(call.idempotency_key, reply.status, reply.body)
        self.service.cause = {"id": None, "idempotency_key": None}
        reply.cut, reply.hang = kind == "cut_after", kind == "hang_after"
        return reply

    def _reply(self, call: Call, answer: Refused | dict[str, Any]) -> Reply:
        call.status, body = (answer.status, answer.body) if isinstance(answer, Refused) else (200, answer)
        headers = self._headers(call)
        if call.status >= 500:
            headers["Stripe-Should-Retry"] = "false"  # the answer under this key will not change
        return Reply(call.status, json.dumps(body).encode(), headers=headers)

    def _headers(self, call: Call) -> dict[str, str]:
        echo = {"Idempotency-Key": call.idempotency_key} if call.idempotency_key else {}
        return {"Request-Id": f"req_{len(self.log)}", "Stripe-Version": API_VERSION, **echo}


def _params(request: Request) -> dict[str, Any]:
    try:
        return forms.read(request.query if request.method in ("GET", "DELETE") else request.body.decode())
    except ValueError:
        raise Refused(400, "The request's body is not a form.") from None
