"""Stripe's stand-in over HTTP, and our side of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hectograph.money import Money
from hectograph.payments.forms import Frequency
from hectograph.payments.port import Order, Payment, Started
from hectograph.payments.processors.stripe.door import Door
from hectograph.payments.processors.stripe.plans import StripePlans
from hectograph.payments.processors.stripe.service import Stripe
from tests.peers.stripe.stand_in import StripeStandIn


@dataclass
class Ours:
    """Our side: the three keys' doors, and what stands behind the port."""

    peer: StripeStandIn

    def __post_init__(self) -> None:
        self.web, self.worker = Stripe(self.door("web")), Stripe(self.door("worker"))
        self.operator, self.plans = Stripe(self.door("operator")), StripePlans(self.door("web"))
        self.worker_plans = StripePlans(self.door("worker"))

    def door(self, key: str) -> Door:
        return Door(getattr(self.peer.keys, key), live=False, api=self.peer.url, stand_in=True)

    def begun(self, minor: int = 500, currency: str = "EUR", key: str = "a1", **card: object) -> tuple[Started, str]:
        """A payment that is started, and a token to confirm it with."""
        return self.web.start(Order(key, Frequency.ONCE, Money(minor, currency))), self.peer.token(**card)

    def paid(self, minor: int = 500, currency: str = "EUR", key: str = "a1", **card: object) -> Payment:
        """A gift that went all the way."""
        started, token = self.begun(minor, currency, key, **card)
        return self.web.capture(self.web.confirm(started, token).ref)

    def plan(self, minor: int = 500, frequency: Frequency = Frequency.MONTHLY, key: str = "b1", **card: object) -> str:
        """A plan whose first payment went through."""
        self.web.prepare()
        started = self.web.start(Order(key, frequency, Money(minor, "EUR")))
        self.web.confirm(started, self.peer.token(**card))
        return started.plan


@pytest.fixture
def ours() -> Iterator[Ours]:
    with StripeStandIn() as peer:
        yield Ours(peer)
