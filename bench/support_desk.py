"""Figures of the desk about support: webhooks through the real server on one core, and the pay page's own bytes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import socket
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.desk import Machine

_SECRET = "whsec_" + "b" * 32
_CONNECTIONS, _EVENTS = 24, 4_000
_SUPPORT = {
    "HECTO_SUPPORT_METHODS": "card,sepa",
    "HECTO_STRIPE_PUBLISHABLE": "pk_test_bench",
    "HECTO_STRIPE_STAND_IN": "http://127.0.0.1:1",
}


def figures() -> dict[str, Any]:
    """`webhooks_per_s`, `webhook_p99_ms`, `pay_page_own_bytes` (the larger of two languages)."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= _SUPPORT
        keys = Path(folder) / "keys/processors/stripe"
        keys.mkdir(parents=True, mode=0o700)
        (keys / "webhook").touch(mode=0o600)
        (keys / "webhook").write_text(_SECRET)
        machine = Machine(Path(folder))
        desk = machine.start_desk()
        try:
            seconds, waits = asyncio.run(_webhooks(machine.desk_port))
            size = max(_page_bytes(machine.desk_port, language) for language in ("en", "ru"))
        finally:
            desk.terminate()
            desk.wait()
    return {
        "webhooks_per_s": round(_EVENTS / seconds),
        "webhook_p99_ms": round(statistics.quantiles(waits, n=100)[98] * 1000, 1),
        "pay_page_own_bytes": size,
    }


def _hook(number: int) -> bytes:
    event = {
        "object": "event", "id": f"evt_{number}", "type": "charge.succeeded", "created": int(time.time()),
        "livemode": False, "api_version": "2026-10-28.endive", "data": {"object": {"id": f"ch_{number}", "x": "y" * 2500}},
    }  # fmt: skip
    body, seconds = json.dumps(event).encode(), str(int(time.time()))
    mac = hmac.new(_SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    lines = ["POST /webhooks/stripe HTTP/1.1", "Host: desk", f"Stripe-Signature: t={seconds},v1={mac}"]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


async def _webhooks(port: int) -> tuple[float, list[float]]:
    """Seconds in all, and of each; every one answered with 200."""
    numbers, waits = iter(range(_EVENTS)), list[float]()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            wire = _hook(number)
            begun = time.perf_counter()
            writer.write(wire)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            waits.append(time.perf_counter() - begun)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(_CONNECTIONS)))
    return time.perf_counter() - begun, waits


def _page_bytes(port: int, language: str) -> int:
    """Of our own, until the card fields can be used: the pay page loads nothing else of ours."""
    form = {"frequency": "monthly", "monthly": "5", "currency": "USD", "language": language}
    where = _asked(port, "POST /support", urlencode(form).encode()).partition(b"location: ")[2].split(b"\r\n")[0]
    return len(_asked(port, f"GET {where.decode()}").partition(b"\r\n\r\n")[2])


def _asked(port: int, what: str, body: bytes = b"") -> bytes:
    lines = [f"{what} HTTP/1.1", "Host: desk", "Connection: close", f"Content-Length: {len(body)}"]
    with socket.create_connection(("127.0.0.1", port)) as door:
        door.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        return b"".join(iter(lambda: door.recv(65_536), b""))


if __name__ == "__main__":
    print(json.dumps(figures()))
