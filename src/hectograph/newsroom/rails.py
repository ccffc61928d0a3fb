"""The cashier's ways of paying, as settings and keys have them. A way whose keys or checks are missing stays closed.

Keys lie in HECTO_KEYS/processors/stripe, a file each (mode 0600): `web` for the gate, `worker` for books and plans,
`operator` for refunds alone. Only restricted ones are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from django.conf import settings

from hectograph.newsroom import transfers
from hectograph.newsroom.flows import doors
from hectograph.newsroom.flows.books import Rail
from hectograph.newsroom.payment_keys import read_key
from hectograph.payments import origins
from hectograph.payments.port import Plans, Processor
from hectograph.payments.processors.stripe import drift
from hectograph.payments.processors.stripe.door import Door
from hectograph.payments.processors.stripe.plans import StripePlans
from hectograph.payments.processors.stripe.service import Stripe
from hectograph.support import sandbox_check

_CARD_METHODS = {"card": "card", "sepa": "sepa_debit"}  # ours, as the service calls them


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
    wanted = [method for method in settings.HECTO_SUPPORT_METHODS if method in _CARD_METHODS]
    keys = {name: read_key(name) for name in ("web", "worker", "operator")}
    by_bank = transfers.ways()
    if not wanted or not keys["web"]:
        return Rails(by_bank, closed={"card": "No keys of a payment service are here."} if wanted else {})
    keyed = {name: _door(key) for name, key in keys.items() if key}
    allowed = [_CARD_METHODS[method] for method in wanted]
    web, worker = Stripe(keyed["web"], methods=allowed), Stripe(keyed.get("worker", keyed["web"]))
    worker_plans = StripePlans(keyed.get("worker", keyed["web"]))
    refunds = {web.name: Stripe(keyed["operator"])} if "operator" in keyed else {}
    why_not = "" if settings.HECTO_STRIPE_STAND_IN or checking else sandbox_check.missing()
    return Rails(
        ways={**by_bank, **dict.fromkeys(wanted, web)},
        plans={web.name: StripePlans(keyed["web"], allowed)},
        books=(Rail(worker, worker, worker_plans),),
        refunds=refunds,
        closed=dict.fromkeys(wanted, why_not) if why_not else {},
        unprepared=(web,),
        looks=() if settings.HECTO_STRIPE_STAND_IN else (partial(drift.found, keyed["web"]),),
    )


def _door(key: str) -> Door:
    """A stand-in takes test keys alone, and no production newsroom takes a stand-in."""
    if stand_in := settings.HECTO_STRIPE_STAND_IN.rstrip("/"):
        return Door(key, live=False, api=stand_in, stand_in=not settings.PRODUCTION)
    return Door(key, live=settings.PRODUCTION, api=origins.STRIPE.api)
