"""Webhooks of a payment service: whether one is the service's, ours and of now, and the hint in it. Holds no key that
moves money: the desk checks with these lines alone.

The scheme is Stripe's: the header reads `t=SECONDS,v1=HEX[,v1=HEX…]`, each HEX an HMAC-SHA-256 over `SECONDS.BODY`.
While a secret is changed, two of them hold. The body is parsed only after its signature held, and is then forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from hectograph.errors import Problem

LARGEST = 256 * 1024  # bytes of a body
OLDEST, AHEAD = 300, 60  # seconds that a timestamp may lie behind and before our clock
_LONGEST_HEADER = 4_000  # characters
_SECONDS = re.compile(r"[0-9]{1,12}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_TYPE = re.compile(r"[a-z0-9_.]{1,100}")


class HookRefused(ValueError):
    """Not a webhook that we take. It says nothing of why: whoever sent it learns nothing, and no log holds its body."""

    def __init__(self) -> None:
        super().__init__("not a webhook of ours")


@dataclass(frozen=True, slots=True)
class Hint:
    """A webhook, once its signature held: something happened to `object`. What, is asked for anew. `object` is empty
    where what happened has no id (a balance)."""

    event: str
    type: str
    object: str
    created: int  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a webhook must match. `secrets` all hold: the old and the new one while they change. `live` is whether real
    money moves. `account` is ours, where the service names it in an event; an event of another is refused."""

    secrets: tuple[str, ...]
    live: bool
    api_version: str
    account: str = ""

    def __post_init__(self) -> None:
        if not self.secrets or any(len(secret) < 16 for secret in self.secrets):
            raise Problem(
                "No webhook can be checked: the signing secret is missing or too short.",
                "Copy the signing secret (whsec_…) of the webhook endpoint from the processor's dashboard.",
            )


def verify(endpoint: Endpoint, body: bytes, header: str, now: float) -> Hint:
    """The hint in `body`, as it came over the wire; HookRefused where it is not the service's, not ours or not of
    `now` (seconds since 1970)."""
    if len(body) > LARGEST or len(header) > _LONGEST_HEADER:
        raise HookRefused
    seconds, signatures = _parts(header)
    if not now - OLDEST <= int(seconds) <= now + AHEAD:
        raise HookRefused
    if not _signed(endpoint.secrets, seconds.encode() + b"." + body, signatures):
        raise HookRefused
    return _hint(endpoint, _parsed(body))


def _parts(header: str) -> tuple[str, list[str]]:
    """The timestamp and every v1 signature; other schemes (v0 is the service's test scheme) are passed over."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    if len(times) != 1 or not _SECONDS.fullmatch(times[0]):
        raise HookRefused
    return times[0], [value for name, _, value in pairs if name == "v1"]


def _signed(secrets: tuple[str, ...], message: bytes, signatures: list[str]) -> bool:
    """Whether one secret made one of the signatures. All are compared, whatever came of those before."""
    held = False
    for secret in secrets:
        expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode()
        for signature in signatures:
            held |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return held


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise HookRefused from None
    if not isinstance(event, dict) or event.get("object") != "event":
        raise HookRefused
    return event


def _hint(endpoint: Endpoint, event: dict[str, Any]) -> Hint:
    if event.get("livemode") is not endpoint.live or event.get("api_version") != endpoint.api_version:
        raise HookRefused
    if (event.get("account") or endpoint.account) != endpoint.account:
        raise HookRefused
    return hint(event)


def hint(event: dict[str, Any]) -> Hint:
    """The four values that are kept of an event, as the service writes it in JSON; HookRefused where they are amiss."""
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        raise HookRefused
    number, kind, ref, created = event.get("id"), event.get("type"), thing.get("id", ""), event.get("created")
    if not (isinstance(number, str) and _ID.fullmatch(number) and isinstance(kind, str) and _TYPE.fullmatch(kind)):
        raise HookRefused
    if not isinstance(ref, str) or (ref and not _ID.fullmatch(ref)):
        raise HookRefused
    if not isinstance(created, int) or isinstance(created, bool) or not 0 <= created < 10**11:
        raise HookRefused
    return Hint(number, kind, ref, created)
