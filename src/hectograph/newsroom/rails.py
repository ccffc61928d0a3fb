"""The cashier's ways of paying, as settings and keys have them. A way whose keys or checks are missing stays closed.

What is offered decides which attempts are taken, and no more: a rail whose keys are here is looked after, whether its
ways are offered or not. Plans go on charging there.

Keys lie in HECTO_KEYS/processors/stripe, a file each (mode 0600): `web` for the gate, `worker` for books and plans,
`operator` for refunds alone. Only restricted ones are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from django.conf import settings

from hectograph.newsroom import transfers
from hectograph.newsroom.flows import doors
from hectograph.newsroom.flows.books import Rail
from hectograph.newsroom.flows.till import SERVICES_WORD
from hectograph.newsroom.payment_keys import read_key
from hectograph.payments import origins
from hectograph.payments.port import Plans, Processor
from hectograph.payments.processors.stripe import drift, parameters
from hectograph.payments.processors.stripe.door import Door
from hectograph.payments.processors.stripe.plans import StripePlans
from hectograph.payments.processors.stripe.service import Stripe
from hectograph.support import sandbox_check

_NO_KEYS = "No keys of a payment service are here."
_NOT_OFFERED = "It is not among HECTO_SUPPORT_METHODS."


class Prepared(Protocol):
    """A service that must be set up once."""

    def prepare(self) -> None: ...


@dataclass(frozen=True)
class Rails:
    """`ways` by the method of a form and `plans` by the service's name, for the gate; `books` for what the service does
    by itself; `refunds` by its name, where the operator's key is here. `closed` says why a way is not open. `looks`
    say what somebody opened in a service's own settings."""

    ways: Mapping[str, Processor] = field(default_factory=dict)
    plans: Mapping[str, Plans] = field(default_factory=dict)
    books: tuple[Rail, ...] = ()
    refunds: Mapping[str, Processor] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)
    unprepared: tuple[Prepared, ...] = ()
    looks: tuple[doors.Look, ...] = ()


def open_rails(*, checking: bool = False) -> Rails:
    """Everything that is set up; with `checking` open before the checks are recorded,
    so that they can be made. A Problem where a key is of the wrong kind or an address is not the processor's."""
    keys = {name: read_key(name) for name in ("web", "worker", "operator")}
    wanted = [method for method in settings.HECTO_SUPPORT_METHODS if method in SERVICES_WORD]
    by_bank, keyed = transfers.ways(), {name: _door(key) for name, key in keys.items() if key}
    door = keyed.get("web", keyed.get("worker"))
    if door is None:
        return Rails(by_bank, closed=dict.fromkeys(wanted, _NO_KEYS))
    allowed = [SERVICES_WORD[method] for method in wanted] or parameters.METHODS
    web, worker = Stripe(door, methods=allowed), keyed.get("worker", door)
    return Rails(
        ways={**by_bank, **dict.fromkeys(SERVICES_WORD, web)},
        plans={web.name: StripePlans(door, allowed)},
        books=(Rail(Stripe(worker), Stripe(worker), StripePlans(worker)),),
        refunds={web.name: Stripe(keyed["operator"])} if "operator" in keyed else {},
        closed=_closed(wanted, has_key="web" in keyed, checking=checking),
        unprepared=(web,) if wanted else (),
        looks=_looks(keyed),
    )


def _looks(keyed: Mapping[str, Door]) -> tuple[doors.Look, ...]:
    """The gate's key alone may read how the service is set up."""
    if settings.HECTO_STRIPE_STAND_IN or "web" not in keyed:
        return ()
    return (partial(drift.found, keyed["web"]),)


def _closed(wanted: Sequence[str], *, has_key: bool, checking: bool) -> dict[str, str]:
    """Why each method is not open; what is open is not in it."""
    why_not = "" if settings.HECTO_STRIPE_STAND_IN or checking else sandbox_check.missing()
    if not has_key:
        why_not = _NO_KEYS
    whys = {method: why_not if method in wanted else _NOT_OFFERED for method in SERVICES_WORD}
    return {method: why for method, why in whys.items() if why}


def _door(key: str) -> Door:
    """A stand-in takes test keys alone, and no production newsroom takes a stand-in."""
    if stand_in := settings.HECTO_STRIPE_STAND_IN.rstrip("/"):
        return Door(key, live=False, api=stand_in, stand_in=not settings.PRODUCTION)
    return Door(key, live=settings.PRODUCTION, api=origins.STRIPE.api)
