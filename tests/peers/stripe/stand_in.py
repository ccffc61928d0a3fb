"""The stand-in, ready to be used in a test: a server in a thread of its own, and all acts as methods."""

import asyncio
import threading
from typing import Any

from stripe import StripeClient

from tests.peers.stripe import account, control, disputes, methods, payments, payouts, refunds, tokens, wire
from tests.peers.stripe.api import Api, Call
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
        self._port = port
        self._ready = threading.Event()

    def __enter__(self) -> "StripeStandIn":
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
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
        return wire.Reply(404, b"{}")

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
            intent = payments.make(self.service, amount, currency, metadata=metadata or {})
            self.service.emit("payment_intent.created", intent)
            drawn = tokens.drawn(**card)
            intent["payment_method"] = methods.make(self.service, drawn, None)["id"]
            payments.attempt(self.service, intent, drawn)
            return intent

    def complete_challenge(self, intent: str) -> None:
        with self.lock:
            payments.complete_challenge(self.service, self.service.find(intent))

    def fail_challenge(self, intent: str) -> None:
        with self.lock:
            payments.fail_challenge(self.service, self.service.find(intent))

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
