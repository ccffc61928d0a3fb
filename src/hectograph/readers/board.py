"""What staff see of readers: counts and the sign-up funnel. Never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from hectograph.readers.intake_state import Held, Tally
from hectograph.readers.newsletter import Membership, Newsletter
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Subscriber

SPAN = 30  # days
_FUNNEL = (
    ("Forms sent", ("requested", "too often", "over the hourly cap", "subscribed already")),
    ("Confirmation mails asked for", ("requested",)),
    ("Confirmed", ("confirmed",)),
    ("Left or erased", ("left", "erased")),
)


@dataclass(frozen=True)
class Step:
    """A step of the funnel; `share` is out of 100, of the widest step."""

    name: str
    count: int
    share: int


@dataclass(frozen=True)
class Board:
    active: int
    pending: int
    left: int
    languages: list[tuple[str, int]]
    days: list[tuple[date, int, int]]  # day, confirmed, left
    funnel: list[Step]
    held: int
    uncertain: int
    most_a_day: int


def board(now: datetime) -> Board:
    """Counts as of `now`; growth and funnel of the last thirty days."""
    states = dict(Subscriber.objects.values_list("state").annotate(Count("pk")))
    active = Subscriber.objects.filter(state=Subscriber.State.ACTIVE)
    tallies = _tallies(now.date() - timedelta(days=SPAN - 1))
    days = [_day(now.date() - timedelta(days=back), tallies) for back in range(SPAN - 1, -1, -1)]
    return Board(
        active=states.get("active", 0),
        pending=states.get("pending", 0),
        left=states.get("unsubscribed", 0) + states.get("erased", 0),
        languages=list(active.values_list("language").annotate(Count("pk")).order_by("language")),
        days=days,
        funnel=_funnel(tallies),
        held=Held.objects.count(),
        uncertain=Outgoing.objects.filter(state=Outgoing.State.UNCERTAIN).count(),
        most_a_day=max([1, *(max(confirmed, left) for _, confirmed, left in days)]),
    )


@dataclass(frozen=True)
class NewsletterCount:
    slug: str
    offered: bool
    active: int
    pending: int


def by_newsletter() -> list[NewsletterCount]:
    """How many readers each newsletter has. Who can't be written to is not counted."""
    rows = Membership.objects.exclude(subscriber__state__in=[Subscriber.State.UNSUBSCRIBED, Subscriber.State.ERASED])
    grouped = rows.values_list("newsletter", "state").annotate(Count("pk"))
    counts = {(slug, state): count for slug, state, count in grouped}
    return [
        NewsletterCount(
            one.slug, one.offered, counts.get((one.slug, "active"), 0), counts.get((one.slug, "pending"), 0)
        )
        for one in Newsletter.objects.all()
    ]


def _tallies(since: date) -> dict[tuple[date, str], int]:
    rows = Tally.objects.filter(day__gte=since).values_list("day", "what", "count")
    return {(day, what): count for day, what, count in rows}


def _day(day: date, tallies: dict[tuple[date, str], int]) -> tuple[date, int, int]:
    left = tallies.get((day, "left"), 0) + tallies.get((day, "erased"), 0)
    return day, tallies.get((day, "confirmed"), 0), left


def _funnel(tallies: dict[tuple[date, str], int]) -> list[Step]:
    sums = [(name, sum(count for (_, what), count in tallies.items() if what in counted)) for name, counted in _FUNNEL]
    widest = max([1, *(count for _, count in sums)])
    return [Step(name, count, round(100 * count / widest)) for name, count in sums]
