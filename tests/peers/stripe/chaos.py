"""How deliveries go wrong: twice, never, in any order, three days late; and forgeries that must be refused."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.peers.stripe.clock import DAY

T = TypeVar("T")
Parcel = tuple[bytes, dict[str, str]]
Sign = Callable[[bytes, int], dict[str, str]]  # body, seconds from now


@dataclass
class Chaos:
    """Shares between 0 and 1 of the deliveries. What is dropped never comes; what is delayed comes three days later."""

    duplicate: float = 0.0
    drop: float = 0.0
    delay: float = 0.0
    shuffle: bool = False
    draw: random.Random = field(default_factory=lambda: random.Random(1))

    def fates(self) -> list[int]:
        """When one event is sent, in seconds from now: once as a rule."""
        if self.draw.random() < self.drop:
            return []
        wait = 3 * DAY if self.draw.random() < self.delay else 0
        return [wait, 0] if self.draw.random() < self.duplicate else [wait]

    def ordered(self, due: list[T]) -> list[T]:
        if self.shuffle:
            self.draw.shuffle(due)
        return due


def forged(kind: str, event: dict[str, Any], sign: Sign, sign_wrongly: Sign) -> Parcel:
    """A delivery of this kind of forgery, made from a true event's envelope."""
    body = json.dumps(event).encode()
    return FORGERIES[kind](event, body, sign, sign_wrongly)


def _altered(**changes: Any) -> Callable[..., Parcel]:
    """Signed as it should be, but not ours: another mode, account or version."""

    def make(event: dict[str, Any], body: bytes, sign: Sign, sign_wrongly: Sign) -> Parcel:
        other = json.dumps({**event, **changes}).encode()
        return other, sign(other, 0)

    return make


def _old_scheme(event: dict[str, Any], body: bytes, sign: Sign, sign_wrongly: Sign) -> Parcel:
    headers = sign(body, 0)
    return body, {**headers, "Stripe-Signature": headers["Stripe-Signature"].replace("v1=", "v0=")}


def _without_header(event: dict[str, Any], body: bytes, sign: Sign, sign_wrongly: Sign) -> Parcel:
    return body, {key: value for key, value in sign(body, 0).items() if key != "Stripe-Signature"}


def _not_utf8(event: dict[str, Any], body: bytes, sign: Sign, sign_wrongly: Sign) -> Parcel:
    return b"\xff\xfe" + body, sign(body, 0)


FORGERIES: dict[str, Callable[..., Parcel]] = {
    "wrong_secret": lambda event, body, sign, wrongly: (body, wrongly(body, 0)),
    "no_header": _without_header,
    "old_scheme": _old_scheme,
    "too_old": lambda event, body, sign, wrongly: (body, sign(body, -301)),
    "from_the_future": lambda event, body, sign, wrongly: (body, sign(body, 3600)),
    "truncated": lambda event, body, sign, wrongly: (body[:-7], sign(body, 0)),
    "one_byte_more": lambda event, body, sign, wrongly: (body + b" ", sign(body, 0)),
    "written_anew": lambda event, body, sign, wrongly: (json.dumps(event, indent=1).encode(), sign(body, 0)),
    "not_utf8": _not_utf8,
    "ten_megabytes": lambda event, body, sign, wrongly: (body + b" " * 10_000_000, sign(body + b" " * 10_000_000, 0)),
    "not_json": lambda event, body, sign, wrongly: (b"{", sign(b"{", 0)),
    "live_mode": _altered(livemode=True),
    "other_account": _altered(account="acct_somebody_else"),
    "other_version": _altered(api_version="2017-08-15"),
}
