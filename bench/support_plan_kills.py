"""Plans whose keeper is killed (`kill -9`) between two of its steps, and goes on until nothing is due:

    python -m bench.support_plan_kills URL WEB_KEY WORKER_KEY RUNS SEED

Half of the runs are wishes (another card, amount, date, a pause, the end), half are renewals, failed ones among them,
and cards that turned protected before one. What counts as a step is said in `bench.support_kills`. Prints as JSON how
often it died, and what then was not true of service, rows, pages and mails.
"""

from __future__ import annotations

import json
import random
import secrets
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.support_kills import World, killed_at  # this sets Django up
from hectograph.newsroom.flows import books, card_checks, manage, renewals
from hectograph.newsroom.flows.books import Rail
from hectograph.newsroom.flows.till import Till
from hectograph.payments.policy import Policy
from hectograph.payments.processors.stripe.door import Door
from hectograph.payments.processors.stripe.plans import StripePlans
from hectograph.payments.processors.stripe.service import Stripe
from hectograph.readers.contact_row import Contact
from hectograph.readers.outbox_row import Outgoing
from hectograph.support import wishes
from hectograph.support.booking import held
from hectograph.support.contribution import Contribution, State
from hectograph.support.plan import Plan, Wish
from hectograph.support.telling import Telling

_CARDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("done", {"country": "FR"}),
    ("done", {"country": "FR", "challenge": True}),
    ("refused", {"country": "RU"}),
    ("refused", {"country": "FR", "then_country": "RU"}),
    ("failed", {"country": "FR", "decline": "insufficient_funds"}),
)
_RENEWALS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("active", {"country": "DE"}),
    ("ended", {"country": "DE", "renewal": "generic_decline"}),  # after two weeks of trying
    ("protected", {"country": "DE"}),  # its bank's country turns RU before it is charged
)
_STEPS = {"wish": 40, "books": 160}  # about as many as the longest has
_DUNNING = 16  # days


@dataclass
class Found:
    """What came of all runs."""

    runs: int = 0
    kills: int = 0
    wishes_done: int = 0
    renewed: int = 0
    strays: list[str] = field(default_factory=list)  # what was not true, with its run


class Keeper(World):
    """The newsroom's side of one stand-in, with its clock, and with what looks after plans."""

    def __init__(self, url: str, web: str, worker: str) -> None:
        super().__init__(url, web)
        self.late = datetime.fromtimestamp(self.control("clock")["now"], UTC) - super().now()
        door = Door(worker, live=False, api=url, stand_in=True)
        self.account, self.books_plans = Stripe(door), StripePlans(door)
        self.rail = Rail(self.account, self.account, self.books_plans)

    def begun(self, card: dict[str, Any]) -> Plan:
        """A plan that began yesterday, with a contact."""
        attempt, number = self.press("monthly", card), secrets.token_hex(16)
        kept = {"index": number, "sealed": b"-", "language": "en", "expires_at": self.now() + timedelta(days=14)}
        Contact.objects.create(number=number, purpose=Contact.Purpose.PLAN, **kept)
        attempt.contact = number
        attempt.save(update_fields=["contact"])
        self.carry()
        self.keep_books()
        return Plan.objects.get(contact=number)

    def put(self, plan: Plan, act: str, **words: str) -> str:
        status = secrets.token_urlsafe(18)
        put = wishes.end(plan, self.now(), status=status, desk=self.desk.pk) if act == wishes.CANCEL else None
        if put is None:
            wishes.put(plan, act, words, self.now(), status=status, desk=self.desk.pk)
        return status

    def grant(self) -> None:
        for pk in wishes.due(self.now(), 10):
            manage.carry(self.till(), pk)

    def keep_books(self) -> None:
        """What the cashier's loop over the books does, until there is no more."""
        rail = self.rail
        till = Till({"card": rail.processor}, {rail.name: self.books_plans}, "books", self.now, lambda: Policy(1))
        card_checks.check_cards(till, self.now())
        while books.turn([self.rail], partial(renewals.deal, till), self.now()):
            pass
        self.grant()

    def charged(self, plan: Plan) -> int:  # type: ignore[override]
        """Charges that were taken for a plan, as the service has them."""
        subscription = [row["id"] for row in self.control("rows", kind="subscriptions") if row["id"] == plan.sub_ref]
        invoices = {
            row["id"]
            for row in self.control("rows", kind="invoices")
            if row["parent"]["subscription_details"]["subscription"] in subscription
        }
        payments = {
            row["payment"]["payment_intent"]
            for row in self.control("rows", kind="invoice_payments")
            if row["invoice"] in invoices
        }
        charges = self.control("rows", kind="charges")
        return sum(row["payment_intent"] in payments and row["paid"] and row["captured"] for row in charges)


def die_over(dice: random.Random, found: Found, steps: int, work: Callable[[], None]) -> None:
    """Do `work`, killed up to three times on the way, and then to its end."""
    for _ in range(dice.randint(1, 3)):
        if not killed_at(dice.randrange(steps), work):
            return
        found.kills += 1
    work()


# --- wishes -----------------------------------------------------------------------------------------------------------


def wish(keeper: Keeper, dice: random.Random, found: Found) -> None:
    """One wish, and what service, row and page say afterwards."""
    plan = keeper.begun({"country": "DE"})
    act, expected, words = _drawn(keeper, dice, plan)
    status = keeper.put(plan, act, **words)
    before = keeper.plans.terms(plan.sub_ref)
    for _ in range(dice.randint(1, 3)):
        if not killed_at(dice.randrange(_STEPS["wish"]), keeper.grant):
            break
        found.kills += 1
        keeper.wait(minutes=4)  # its lease
    was_late = dice.random() < 0.2
    if was_late:
        keeper.wait(hours=25)
    page = _carried(keeper, status)
    plan.refresh_from_db()
    now = keeper.plans.terms(plan.sub_ref)
    allowed = {expected, "expired"} if was_late or act == "card" else {expected}
    wrong = [] if page in allowed else [f"page {page}"]
    if page != "done":
        same = ("active", "paused", "money", "next_on", "preview")
        wrong += [name for name in same if getattr(now, name) != getattr(before, name)]
    elif not _came_true(act, words, plan, now):
        wrong.append("not as wished")
    found.wishes_done += page == "done"
    _judge(keeper, plan, f"{act} {expected}", wrong, found)


def _drawn(keeper: Keeper, dice: random.Random, plan: Plan) -> tuple[str, str, dict[str, str]]:
    """An act, the page that is to follow, and its words."""
    day = (keeper.now() + timedelta(days=dice.randint(5, 20))).date().isoformat()
    plain = {"amount": {"minor": "900"}, "date": {"on": day}, "pause": {"until": day}, "cancel": {}, "link": {}}
    act = dice.choice(["card"] * 5 + [*plain])
    if act != "card":
        return act, "done", plain[act]
    expected, card = dice.choice(_CARDS)
    until = str(int(keeper.now().timestamp()) + 120)
    return act, expected, {"token": keeper.control("token", **card), "until": until, "caution": ""}


def _carried(keeper: Keeper, status: str) -> str:
    """Let it come to its end; a bank's question is answered once it is asked."""
    for _ in range(12):
        keeper.grant()
        told = Telling.objects.filter(status=status).first()
        if told and told.state == "action":
            with_secret = str(told.words["secret"])
            keeper.control("complete_challenge", intent=with_secret.partition("_secret_")[0])
        elif not Wish.objects.filter(status=status, state=Wish.State.WAITS).exists():
            return told.state if told else "nothing"
        keeper.wait(minutes=4)
    return "waits"


def _came_true(act: str, words: dict[str, str], plan: Plan, now: Any) -> bool:
    seen = {
        "amount": lambda: plan.minor == now.money.minor == 900,
        "date": lambda: plan.next_on and plan.next_on == now.next_on.date() and words["on"] == plan.next_on.isoformat(),
        "pause": lambda: now.paused and plan.state == Plan.State.PAUSED,
        "cancel": lambda: not now.active and plan.state == Plan.State.ENDED,
        "link": lambda: plan.link_epoch == 2,
        "card": lambda: now.preview.country == "FR",
    }
    return bool(seen[act]())


# --- renewals ---------------------------------------------------------------------------------------------------------


def renewal(keeper: Keeper, dice: random.Random, found: Found) -> None:
    """A plan's month passes: the draft, the charge, and where that fails two weeks of trying."""
    expected, card = dice.choice(_RENEWALS)
    plan, charged = keeper.begun(card), {"active": 2, "ended": 1, "protected": 1}[expected]
    if expected == "protected":
        subscriptions = keeper.control("rows", kind="subscriptions")
        means = next(row["default_payment_method"] for row in subscriptions if row["id"] == plan.sub_ref)
        keeper.control("flip_country", method=means, country="RU")
    ends = keeper.plans.terms(plan.sub_ref).next_on
    assert ends is not None
    keeper.wait(seconds=(ends - keeper.now()).total_seconds() + 60)  # the draft is there, for an hour
    for minutes in (0, 90, *([24 * 60] * (_DUNNING if expected == "ended" else 1))):
        keeper.wait(minutes=minutes)
        die_over(dice, found, _STEPS["books"], keeper.keep_books)
    plan.refresh_from_db()
    has = keeper.charged(plan)
    wrong = [] if has == charged else [f"charged {has} times"]
    if plan.state != ("active" if expected == "active" else "ended"):
        wrong.append(f"is {plan.state}")
    mails = _mails(plan)
    wanted = {"active": [], "ended": ["plan-failed", "plan-ended"], "protected": ["plan-protect"]}[expected]
    if expected == "protected" and set(mails) - {"plan-thanks", "plan-protect"}:
        wrong.append(f"wrote {sorted(mails)}")
    wrong += [f"no {kind}" for kind in wanted if kind != "plan-failed" and not mails[kind]]
    found.renewed += expected == "active"
    _judge(keeper, plan, f"renewal {expected}", wrong, found)


# --- both -------------------------------------------------------------------------------------------------------------


def _mails(plan: Plan) -> Counter[str]:
    return Counter(Outgoing.objects.filter(contact__number=plan.contact).values_list("kind", flat=True))


def _judge(keeper: Keeper, plan: Plan, what: str, wrong: list[str], found: Found) -> None:
    """What is true after every run; then the plan is ended, so that the next one finds none."""
    keeper.wait(hours=2)  # hints come by asking once an hour
    keeper.keep_books()
    has, paid = keeper.charged(plan), Contribution.objects.filter(plan=plan, state=State.PAID).count()
    wrong += [] if has == paid else [f"charged {has} times, written down {paid}"]
    wrong += [f"{kind} {count} times" for kind, count in _mails(plan).items() if count > 1]
    wrong += [] if held("stripe") == keeper.account.balance() else ["the books differ"]
    found.runs += 1
    found.strays += [f"run {found.runs} ({what}): {word}" for word in wrong]
    keeper.service.cancel_plan(plan.sub_ref)
    keeper.keep_books()


def main() -> None:
    url, web, worker, runs, seed = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
    keeper, dice, found = Keeper(url, web, worker), random.Random(seed), Found()
    for number in range(runs):
        (renewal if number % 2 else wish)(keeper, dice, found)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
