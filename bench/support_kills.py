"""A process that pays, in a child that is killed (`kill -9`) between two of its steps, and again until it is over:

    python -m bench.support_kills URL WEB_KEY RUNS SEED

A step is a statement to the database or a call to the service; the child dies before or after one of them, drawn by the
seed. Then the payment goes on, at once or a day later. Prints what was charged beside what the pages said, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import django
from django.db import connections
from django.utils import timezone

django.setup()

from django.db.backends.utils import CursorWrapper  # noqa: E402 (rows load after django.setup)

from hectograph.newsroom.flows import give  # noqa: E402 (rows load after django.setup)
from hectograph.newsroom.flows.till import Till  # noqa: E402 (rows load after django.setup)
from hectograph.payments.policy import Policy  # noqa: E402 (rows load after django.setup)
from hectograph.payments.processors.stripe.door import Door  # noqa: E402 (rows load after django.setup)
from hectograph.payments.processors.stripe.plans import StripePlans  # noqa: E402 (rows load after django.setup)
from hectograph.payments.processors.stripe.service import Stripe  # noqa: E402 (rows load after django.setup)
from hectograph.payments.status import CERTAINLY_UNPAID, State  # noqa: E402 (rows load after django.setup)
from hectograph.readers.desk_row import DeskRow  # noqa: E402 (rows load after django.setup)
from hectograph.support import attempt as attempts  # noqa: E402 (rows load after django.setup)
from hectograph.support.attempt import Attempt  # noqa: E402 (rows load after django.setup)
from hectograph.support.contribution import Contribution  # noqa: E402 (rows load after django.setup)
from hectograph.support.intent import KEPT, Intent  # noqa: E402 (rows load after django.setup)
from hectograph.support.telling import Telling  # noqa: E402 (rows load after django.setup)

_STEPS = 70  # about as many as the longest payment has
_CARDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("once", {"country": "DE"}),
    ("monthly", {"country": "DE"}),
    ("annual", {"country": "FR"}),
    ("once", {"country": "DE", "decline": "insufficient_funds"}),
    ("once", {"country": "DE", "then_country": "RU"}),
    ("once", {"country": "RU"}),
)


@dataclass
class Found:
    """What came of all runs."""

    runs: int = 0
    kills: int = 0
    paid: int = 0
    double_charges: int = 0
    untrue_pages: int = 0
    strays: list[str] = field(default_factory=list)  # what was wrong, with the seed of its run


class World:
    """The newsroom's side of one stand-in."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.late = url, timedelta()
        door = Door(key, live=False, api=url, stand_in=True)
        self.service, self.plans = Stripe(door), StripePlans(door)
        self.service.prepare()
        self.desk = DeskRow.objects.create(address="https://desk.example", public="00" * 32)

    def now(self) -> datetime:
        return timezone.now() + self.late

    def control(self, act: str, **words: Any) -> Any:
        request = Request(f"{self.url}/_control/{act}", json.dumps(words).encode(), method="POST")
        with urlopen(request) as answer:
            return json.loads(answer.read())

    def wait(self, **how_long: float) -> None:
        self.late += timedelta(**how_long)
        self.control("clock", seconds=int(timedelta(**how_long).total_seconds()))

    def till(self) -> Till:
        ways, plans = {"card": self.service}, {self.service.name: self.plans}
        return Till(ways, plans, secrets.token_hex(8), self.now, lambda: Policy(1))

    def press(self, frequency: str, card: dict[str, Any]) -> Attempt:
        now = self.now()
        terms = {"frequency": frequency, "minor": 500, "currency": "EUR", "language": "en"}
        intent = Intent.objects.create(uuid=uuid4(), made_at=now, expires_at=now + KEPT, **terms)
        times = {"until": now + timedelta(seconds=120), "look_at": now, "made_at": now}
        told = {"status": secrets.token_urlsafe(18), "desk": self.desk, "method": "card"}
        return Attempt.objects.create(intent=intent, token=self.control("token", **card), **told, **times)

    def carry(self) -> None:
        for pk in attempts.due(self.now(), 10):
            give.carry(self.till(), pk)

    def charged(self, intent: str) -> int:
        """Charges that were taken for an intent, as the service has them."""
        payments = {
            row["id"]
            for row in self.control("rows", kind="payment_intents")
            if str(row.get("metadata", {}).get("intent", "")).startswith(intent)
        }
        plans = {
            row["latest_invoice"]
            for row in self.control("rows", kind="subscriptions")
            if str(row.get("metadata", {}).get("intent", "")).startswith(intent)
        }
        payments |= {
            row["payment"]["payment_intent"]
            for row in self.control("rows", kind="invoice_payments")
            if row["invoice"] in plans
        }
        charges = self.control("rows", kind="charges")
        return sum(row["payment_intent"] in payments and row["paid"] and row["captured"] for row in charges)


def killed_at(step: int, work: Callable[[], None]) -> bool:
    """Do `work` in a child that dies at its step of that number. Says whether it died before its end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        _count_down(step)
        work()
        connections.close_all()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if status:
        raise SystemExit("a payment ended in an error")
    return False


def _count_down(left: int) -> None:
    """From here on each statement and each call counts twice: before it and after it."""
    steps = [left]

    def tick() -> None:
        steps[0] -= 1
        if steps[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(act: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*words: Any, **more: Any) -> Any:
            tick()
            try:
                return act(*words, **more)
            finally:
                tick()

        return inner

    CursorWrapper.execute = counted(CursorWrapper.execute)  # type: ignore[method-assign]
    Door._ask = counted(Door._ask)  # type: ignore[method-assign]


def run(world: World, dice: random.Random, found: Found) -> None:
    """One payment, killed up to three times."""
    frequency, card = dice.choice(_CARDS)
    attempt, said = world.press(frequency, card), list[str]()
    for _ in range(dice.randint(1, 3)):
        died = killed_at(dice.randrange(_STEPS), world.carry)
        found.kills += died
        said.append(_page(attempt))
        if not died:
            break
        attempts.free("")
    if dice.random() < 0.3:
        world.wait(hours=25)
    for _ in range(20):
        world.carry()
        if not Attempt.objects.filter(pk=attempt.pk).exclude(step="over").exists():
            break
        world.wait(seconds=11)
    said.append(_page(attempt))
    _judge(world, attempt, said, found)


def _page(attempt: Attempt) -> str:
    row = Telling.objects.filter(status=attempt.status).first()
    return row.state if row else "under-way"


def _judge(world: World, attempt: Attempt, said: list[str], found: Found) -> None:
    charged = world.charged(str(attempt.intent.uuid))
    kept = Contribution.objects.filter(uuid=attempt.intent.uuid).count()
    certain = {state.value for state in CERTAINLY_UNPAID}
    is_true = said[-1] == State.PAID.value if charged else said[-1] in certain
    is_true = is_true and not (charged and certain & set(said)) and kept == min(charged, 1)
    found.runs += 1
    found.paid += charged > 0
    found.double_charges += max(charged - 1, 0)
    found.untrue_pages += not is_true
    if charged > 1 or not is_true:
        found.strays.append(f"run {found.runs}: said {said}, charged {charged}, kept {kept}")


def main() -> None:
    url, key, runs, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    world, dice, found = World(url, key), random.Random(seed), Found()
    for _ in range(runs):
        run(world, dice, found)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
