"""What the cashier works with: the ways of paying behind their port, the country policy, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from hectograph.payments.policy import Policy
from hectograph.payments.port import Plans, Processor, Rejected
from hectograph.support import policy_row

CARD, SEPA, TRANSFER = "card", "sepa", "transfer"
METHODS = (CARD, SEPA, TRANSFER)  # as a desk's form says them
ASKED, READ, BAD = "asked", "read", "bad"  # of a token: it came; its means were read; no good came of them
SERVICES_WORD = {CARD: "card", SEPA: "sepa_debit"}  # a method as services (`port.Preview`) call it


@dataclass(frozen=True)
class Till:
    """`ways` are services by the method that a form names, `plans` what charges again, by the service's name. `worker`
    names this thread's leases. `is_open` says whether a method may be used just now, `seen` hears how it goes."""

    ways: Mapping[str, Processor]
    plans: Mapping[str, Plans] = field(default_factory=dict)
    worker: str = "cashier"
    now: Callable[[], datetime] = timezone.now
    policy: Callable[[], Policy | None] = policy_row.current
    is_open: Callable[[str], bool] = field(default=lambda method: True)
    seen: Callable[[str, str], None] = field(default=lambda method, what: None)

    def way(self, method: str) -> Processor | None:
        """The service that takes `method`, if it is open now."""
        return self.ways.get(method) if self.is_open(method) else None

    def named(self, name: str) -> Processor:
        """The service that rows know as `name`; a Rejected where this newsroom has it no more."""
        for way in self.ways.values():
            if way.name == name:
                return way
        raise Rejected("That payment service is set up no more.", "Put its keys back: what it has open waits.")

    def plans_of(self, name: str) -> Plans:
        """What charges again at the service `name`; a Rejected where this newsroom has it no more."""
        if name in self.plans:
            return self.plans[name]
        raise Rejected("That payment service is set up no more.", "Put its keys back: its plans wait.")
