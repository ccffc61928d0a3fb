"""The stand-in, ready to be used in a test: a server in a thread of its own, and all acts as methods."""

import asyncio
import json
import random
import threading
from typing import Any

from stripe import StripeClient

from tests.peers.stripe import (
    account,
    acts,
    browser,
    control,
    disputes,
    methods,
    payouts,
    refunds,
    tokens,
    webhooks,
    wire,
)
from tests.peers.stripe.api import Api, Call
from tests.peers.stripe.chaos import Chaos, Parcel, forged
from tests.peers.stripe.clock import Clock
from tests.peers.stripe.keys import Keys
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row
from tests.peers.stripe.trouble import Trouble


class StripeStandIn:
    """See the package's docstring for how to use it. A service that was kept in a file may be given as `service`."""

    def __init__(
        self,
        *,
        seed: int = 1,
        secret_seed: str = "stand-in",
        settles: tuple[str, ...] = ("eur",),
        start: int | None = None,
        running: bool = False,
        port: int = 0,
        service: Service | None = None,
    ) -> None:
        self.service = service or Service(
            Clock(start, running=running), Keys.drawn_from(secret_seed), seed=seed, settles=settles
        )
        self.lock = threading.RLock()
        self.api = Api(self.service, self.lock)
        self.script_calls: list[str] = []
        self._port = port
        self.webhooks = webhooks.Deliverer(self.service, self.lock)
        self._draw = random.Random(seed)
        self._ready = threading.Event()

    def __enter__(self) -> "StripeStandIn":
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.webhooks.stop()
        self._loop.call_soon_threadsafe(self._until.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._until = asyncio.get_running_loop(), asyncio.Event()
        await wire.serve(self._answer, self._port, self._opened, self._until)

    def _opened(self, port: int) -> None:
        self._port = port
        self._ready.set()

    async def _answer(self, request: wire.Request) -> wire.Reply:
        if request.path.startswith("/v1/"):
            return await self.api.answer(request)
        if request.path.startswith("/_control/"):
            return control.answer(self, request)
        if request.path.startswith("/v3/"):
            return await self._answer_browser(request)
        return wire.Reply(404, b"{}")

    async def _answer_browser(self, request: wire.Request) -> wire.Reply:
        self.script_calls.append(f"{request.method} {request.path}" + (f"?{request.query}" if request.query else ""))
        trouble = self.api.troubles.befalling(request.method, request.path)
        if trouble and trouble.kind == "down":
            return wire.Reply(cut=True)
        if trouble and trouble.kind == "latency":
            await asyncio.sleep(trouble.seconds)
        with self.lock:
            return browser.answer(self.service, request)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def script_url(self) -> str:
        return f"{self.url}/v3/"

    @property
    def keys(self) -> Keys:
        return self.service.keys

    @property
    def publishable(self) -> str:
        return self.keys.publishable

    @property
    def webhook_secret(self) -> str:
        return self.keys.webhook_secret

    @property
    def account(self) -> str:
        return self.keys.account

    @property
    def clock(self) -> "LockedClock":
        return LockedClock(self)

    @property
    def requests(self) -> list[Call]:
        return self.api.log

    def calls(self, method: str = "") -> list[str]:
        return [str(call) for call in self.api.log if method in ("", call.method)]

    def client(self, key: str = "web", **options: Any) -> StripeClient:
        """The real SDK, pointed here."""
        return StripeClient(
            getattr(self.keys, key), base_addresses={"api": self.url}, **{"max_network_retries": 0, **options}
        )

    def rows(self, kind: str) -> list[Row]:
        """All objects of a kind ("payment_intent" or "payment_intents"), oldest first."""
        return self.service.table(kind.removesuffix("s") if kind not in self.service.tables else kind).all()

    def row(self, name: str) -> Row:
        return self.service.find(name)

    def trouble(self, kind: str, times: int | None = 1, **where: Any) -> None:
        self.api.troubles.add(Trouble(kind, times, **where))

    def mend(self) -> None:
        self.api.troubles.told.clear()

    def token(self, number: str | None = None, iban: str | None = None, **card: Any) -> str:
        """A confirmation token, as the browser's script makes it; its id."""
        with self.lock:
            return str(tokens.make(self.service, tokens.drawn(number, iban, **card))["id"])

    def pay(self, amount: int, currency: str = "eur", metadata: Row | None = None, **card: Any) -> Row:
        """A payment from nothing to its end, without HTTP. Its state tells what became of it."""
        with self.lock:
            return acts.pay(self.service, amount, currency, tokens.drawn(**card), metadata)

    def random_acts(self, count: int, seed: int | None = None) -> None:
        """So many random acts of the world; the same seed on the same service does the same."""
        draw = self._draw if seed is None else random.Random(seed)
        with self.lock:
            for _ in range(count):
                acts.random_act(self.service, draw)

    def complete_challenge(self, intent: str) -> None:
        with self.lock:
            browser.subject_of(intent).complete_challenge(self.service, self.service.find(intent))

    def fail_challenge(self, intent: str) -> None:
        with self.lock:
            browser.subject_of(intent).fail_challenge(self.service, self.service.find(intent))

    def flip_country(self, method: str, country: str | None) -> Row:
        with self.lock:
            return methods.flip_country(self.service, method, country)

    def dispute(self, charge: str, amount: int | None = None, *, inquiry: bool = False) -> Row:
        with self.lock:
            row = self.service.find(charge)
            return disputes.inquire(self.service, row) if inquiry else disputes.open_one(self.service, row, amount)

    def win(self, dispute: str) -> None:
        with self.lock:
            disputes.win(self.service, self.service.find(dispute))

    def lose(self, dispute: str) -> None:
        with self.lock:
            disputes.lose(self.service, self.service.find(dispute))

    def warn(self, charge: str) -> Row:
        with self.lock:
            return disputes.warn(self.service, self.service.find(charge))

    def refund(self, charge: str, amount: int | None = None) -> Row:
        """A refund from the dashboard."""
        with self.lock:
            return refunds.create(self.service, {"charge": charge, **({"amount": amount} if amount else {})})

    def fail_refund(self, refund: str) -> None:
        with self.lock:
            refunds.fail(self.service, refund)

    def payout(self, currency: str = "eur", amount: int | None = None) -> Row | None:
        with self.lock:
            return payouts.make(self.service, currency, amount)

    def payouts_every_day(self) -> None:
        with self.lock:
            payouts.every_day(self.service)

    def fail_payout(self, payout: str) -> None:
        with self.lock:
            payouts.fail(self.service, payout)

    def fee(self, amount: int, currency: str = "eur") -> Row:
        with self.lock:
            return payouts.charge_fee(self.service, amount, currency)

    def unknown_money(self, amount: int, currency: str = "eur", kind: str = "quantum_fee") -> Row:
        with self.lock:
            return payouts.unknown(self.service, amount, currency, kind)

    def drift(self, name: str, value: object) -> None:
        with self.lock:
            account.drift(self.service, name, value)

    @property
    def chaos(self) -> Chaos:
        return self.webhooks.chaos

    def deliver_to(self, target: str | webhooks.Target, *, by_itself: bool = False) -> None:
        self.webhooks.deliver_to(target, by_itself=by_itself)

    def deliver(self) -> list[int]:
        return self.webhooks.deliver()

    def signed(self, event: str, seconds: int = 0) -> Parcel:
        """One event as it would be delivered now, or `seconds` from now."""
        body = webhooks.body_of(self.service.find(event))
        return body, self._sign(body, seconds)

    def forge(self, kind: str, event: str | None = None) -> Parcel:
        """A forged delivery of the last event, or of the one named."""
        row = self.service.find(event or next(reversed(self.service.table("event").rows)))
        return forged(kind, json.loads(webhooks.body_of(row)), self._sign, self._sign_wrongly)

    def _sign(self, body: bytes, seconds: int) -> dict[str, str]:
        return webhooks.signed(body, self.webhook_secret, int(self.webhooks.signs_at()) + seconds)

    def _sign_wrongly(self, body: bytes, seconds: int) -> dict[str, str]:
        return webhooks.signed(body, "whsec_wrong", int(self.webhooks.signs_at()) + seconds)


class LockedClock:
    """The service's clock, moved while no call is at work."""

    def __init__(self, peer: StripeStandIn) -> None:
        self._peer = peer

    @property
    def now(self) -> int:
        return self._peer.service.now

    def advance(self, seconds: int = 0, *, days: float = 0, hours: float = 0) -> None:
        with self._peer.lock:
            self._peer.service.clock.advance(seconds, days=days, hours=hours)
