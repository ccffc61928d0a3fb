"""A storm over the books: random acts at the stand-in, told of twice, late, never and in any order; then one sweep.

Everything on our side is real: the webhooks' check, the inbox, the adapter over HTTP, the ledger's rows, the sweep.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hectograph.newsroom.flows.books import Rail, swept, turn
from hectograph.payments.hooks import Endpoint, Hint, HookRefused
from hectograph.payments.processors.stripe.door import API_VERSION, Door
from hectograph.payments.processors.stripe.service import Stripe
from hectograph.support import inbox
from hectograph.support.booking import held
from hectograph.support.inbox import InboxEvent
from hectograph.support.sweep import differing, sweep
from hectograph.support.sweep_row import SweepRun
from tests.peers.stripe.stand_in import StripeStandIn

START = 1_790_000_000
SETTLES = ("eur", "usd", "gbp")


@dataclass
class Storm:
    """One stand-in and our side of it. Each has a rail of its own name, so that many may share a database."""

    peer: StripeStandIn
    name: str

    def __post_init__(self) -> None:
        door = Door(self.peer.keys.worker, live=False, api=self.peer.url, stand_in=True)
        self.service = Stripe(door, Endpoint((self.peer.webhook_secret,), live=False, api_version=API_VERSION))
        self.service.name = self.name
        self.rail = Rail(self.service, self.service)
        self.came: list[Hint] = []
        self.fetch: Callable[[], None] = lambda: None  # what lies at a desk, where the webhooks go to one
        self.peer.deliver_to(self.take)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.peer.clock.now, UTC)

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """A webhook comes in; its HTTP status."""
        try:
            hint = self.service.verify_webhook(body, headers["Stripe-Signature"], self.peer.webhooks.signs_at())
        except HookRefused:
            return 400
        self.came.append(hint)
        return 200

    def ask_anew(self, rail: str, hint: Hint) -> None:
        """What the newsroom does with a hint besides booking: it asks for the payment."""
        self.service.get(hint.object)

    def turn(self, *, asking: bool = True) -> None:
        """All that the newsroom does with what came. Not `asking`, it books alone, and lost hints stay lost."""
        self.fetch()
        inbox.take(self.name, self.came, self.now)
        self.came.clear()
        rail = self.rail if asking else Rail(self.service)
        while turn([rail], self.ask_anew if asking else lambda rail, hint: None, self.now):
            pass

    def rage(self, acts: int, seed: int, *, at_once: int = 50, asking: bool = True, lost: float = 0.1) -> None:
        chaos = self.peer.chaos
        chaos.duplicate, chaos.drop, chaos.delay, chaos.shuffle = 0.3, lost, 0.05, True
        for number in range(0, acts, at_once):
            self.peer.random_acts(at_once, seed=seed * 1_000_003 + number)
            self.peer.deliver()
            self.turn(asking=asking)

    def abate(self) -> SweepRun:
        """Four days later, when the last late hint has come: the sweep."""
        self.peer.clock.advance(days=4)
        self.peer.deliver()
        self.turn(asking=False)
        return sweep(swept(self.rail), self.now + timedelta(days=1))

    def apart(self) -> dict[str, int]:
        """Our books less the balance, where they differ."""
        return differing(held(self.name), self.service.balance())

    def waiting(self) -> int:
        return InboxEvent.objects.filter(rail=self.name, state=InboxEvent.State.WAITS).count()


@contextmanager
def storm(seed: int, name: str = "stripe") -> Iterator[Storm]:
    with StripeStandIn(seed=seed, settles=SETTLES, start=START) as peer:
        yield Storm(peer, name)
