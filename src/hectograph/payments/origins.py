"""Where a processor lives: the only addresses that a pay page loads from and that the newsroom speaks to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from hectograph.errors import Problem

_OWN_MACHINE = frozenset(("127.0.0.1", "::1", "localhost"))


@dataclass(frozen=True, slots=True)
class Origins:
    """Each as a browser writes an origin. `script` serves the processor's script, `api` answers it and the newsroom,
    `frames` are what the script puts its fields and a bank's challenge in."""

    script: str
    api: str
    frames: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        return (self.script, self.api, *self.frames)


STRIPE = Origins(
    "https://js.stripe.com", "https://api.stripe.com", ("https://js.stripe.com", "https://hooks.stripe.com")
)


def check(wanted: Origins, own: Origins = STRIPE, *, stand_in: bool = False) -> Origins:
    """`wanted`, where each is the processor's `own`. A `stand_in` for demo and tests may live on this machine, and
    nowhere else. All other is a Problem: whoever serves the script sees the cards."""
    for origin in wanted.all():
        if origin in own.all() or (stand_in and _on_this_machine(origin)):
            continue
        raise Problem(
            f"“{origin}” is no address of the payment processor.",
            f"Only {', '.join(dict.fromkeys(own.all()))} may be used for payments. Take the other out of the settings.",
        )
    return wanted


def _on_this_machine(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.hostname in _OWN_MACHINE and not parts.username
