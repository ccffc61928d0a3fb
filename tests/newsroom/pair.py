"""A newsroom before the stand-in over HTTP: Stripe's library and our adapter between them are the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hectograph.newsroom.flows import manage
from hectograph.newsroom.flows.till import Till
from hectograph.support import wishes
from hectograph.support.plan import Plan
from tests.newsroom.giving import Clock, Giving
from tests.payments.conftest import Ours
from tests.peers.stripe.stand_in import StripeStandIn


@dataclass
class Pair(Giving):
    """A newsroom before the stand-in; its clock is the stand-in's."""

    ours: Ours = field(default=None)  # type: ignore[assignment]

    def till(self, worker: str = "cashier", bank: object = None, plans: object = None) -> Till:
        ways = dict.fromkeys(("card", "sepa"), self.ours.web)
        return Till(ways, {"stripe": self.ours.plans}, worker, self.clock, lambda: self.policy)

    def pass_time(self, **how_long: float) -> None:
        self.clock.wait(**how_long)
        peer = self.ours.peer
        peer.clock.advance(seconds=int(self.clock().timestamp()) - int(peer.clock.now))

    def called(self) -> list[str]:
        """Calls since the product was made, without ids."""
        return [call for call in self.ours.peer.calls() if "/products" not in call]

    def charged(self) -> int:
        return sum(row["paid"] and row["captured"] for row in self.ours.peer.rows("charges"))

    def wish(self, plan: Plan, act: str, **words: str) -> None:
        wishes.put(plan, act, words, self.clock(), status="m" * 22, desk=self.press().desk_id)
        for pk in wishes.due(self.clock(), 10):
            manage.carry(self.till(), pk)
        plan.refresh_from_db()


@contextmanager
def open_pair() -> Iterator[Pair]:
    """A stand-in that knows our product, and a newsroom whose clock is its."""
    with StripeStandIn() as peer:
        ours = Ours(peer)
        ours.web.prepare()
        yield Pair(clock=Clock(datetime.fromtimestamp(peer.clock.now, UTC)), ours=ours)


def worker(pair: Pair) -> Till:
    return Till(
        {"stripe": pair.ours.worker}, {"stripe": pair.ours.worker_plans}, "books", pair.clock, lambda: pair.policy
    )
