"""A payment service of a few lines, for tests of what we do with what a service says."""

from collections.abc import Iterator
from datetime import datetime

from hectograph.payments.hooks import Hint
from hectograph.payments.port import Movement, PlanTerms, Unreachable


class Service:
    """Holds movements in memory. `down` answers nothing; `balance` is what it really holds, unless told otherwise."""

    name = "peer"

    def __init__(self, *movements: Movement) -> None:
        self.money = list(movements)
        self.happened: list[Hint] = []
        self.plans: list[PlanTerms] = []
        self.off = 0  # minor units by which its balance lies
        self.down = False
        self.lists: list[datetime] = []
        self.between: list[Movement] = []  # moves while the balance is asked for

    def list_money(self, since: datetime) -> Iterator[Movement]:
        self._answer()
        self.lists.append(since)
        yield from [movement for movement in self.money if movement.created >= since]

    def balance(self) -> dict[str, int]:
        self._answer()
        self.money += self.between
        self.between = []
        sums: dict[str, int] = {}
        for movement in self.money:
            sums[movement.currency] = sums.get(movement.currency, 0) + movement.net
        return {currency: minor + self.off for currency, minor in sums.items()}

    def hints(self, since: datetime) -> Iterator[Hint]:
        self._answer()
        yield from [hint for hint in self.happened if hint.created >= since.timestamp()]

    def active_plans(self) -> Iterator[PlanTerms]:
        self._answer()
        yield from self.plans

    def _answer(self) -> None:
        if self.down:
            raise Unreachable("It is down.")
