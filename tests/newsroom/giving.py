"""A newsroom that takes gifts, as tests act on it: presses of the pay button, a clock, and what each page says."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hectograph.newsroom.flows import give
from hectograph.newsroom.flows.till import Till
from hectograph.payments.policy import Policy
from hectograph.payments.port import Plans, Processor
from hectograph.readers.desk_row import DeskRow
from hectograph.support import attempt as attempts
from hectograph.support.attempt import Attempt
from hectograph.support.intent import KEPT, Intent
from hectograph.support.telling import Telling
from tests.newsroom.bank import Bank

START = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@dataclass
class Giving:
    """`press` is what an opened envelope does; `work` is the cashier's, until nothing is due."""

    bank: Bank = field(default_factory=Bank)
    clock: Clock = field(default_factory=Clock)
    policy: Policy | None = field(default_factory=lambda: Policy(1))

    def till(self, worker: str = "cashier", bank: Processor | None = None, plans: Plans | None = None) -> Till:
        bank = bank or self.bank
        return Till(
            {"card": bank, "sepa": bank}, {bank.name: plans or self.bank}, worker, self.clock, lambda: self.policy
        )

    def press(
        self,
        token: str = "tok_DE",
        intent: UUID | None = None,
        *,
        frequency: str = "once",
        minor: int = 500,
        caution: bool = False,
        contact: str = "",
        method: str = "card",
    ) -> Attempt:
        desk, _ = DeskRow.objects.get_or_create(address="https://desk.example", defaults={"public": "00" * 32})
        terms = {"frequency": frequency, "minor": minor, "currency": "EUR", "language": "en"}
        kept = {"made_at": self.clock(), "expires_at": self.clock() + KEPT}
        row, _ = Intent.objects.get_or_create(uuid=intent or uuid4(), defaults={**terms, **kept})
        return Attempt.objects.create(
            intent=row,
            status=secrets.token_urlsafe(18),
            desk=desk,
            token=token,
            method=method,
            caution=caution,
            contact=contact,
            until=self.clock() + timedelta(seconds=120),
            look_at=self.clock(),
            made_at=self.clock(),
        )

    def work(self, till: Till | None = None) -> None:
        """Carry what is due, once each round, until nothing is."""
        for _ in range(50):
            due = attempts.due(self.clock(), 100)
            if not due:
                return
            for pk in due:
                give.carry(till or self.till(), pk)

    def page(self, attempt: Attempt) -> str:
        """What the page of `attempt` says."""
        row = Telling.objects.filter(status=attempt.status).first()
        return row.state if row else "nothing"

    def words(self, attempt: Attempt) -> dict[str, str]:
        return dict(Telling.objects.get(status=attempt.status).words)
