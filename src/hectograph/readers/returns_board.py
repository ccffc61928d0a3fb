"""What staff and operators see of mail that came back: numbers by reason and by edition. No address, and nobody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from hectograph.readers.bounce_row import Bounce, Standing
from hectograph.readers.intake_state import Tally
from hectograph.readers.subscriber import Subscriber

SPAN = timedelta(days=30)
COMPLAINTS_LIMIT = 0.1  # per cent of what was sent; large mailbox providers begin to refuse above it
_EDITIONS_SHOWN = 12


@dataclass(frozen=True)
class Reason:
    """`kind` is hard, soft, ours or complaint."""

    reason: str
    kind: str
    count: int


@dataclass(frozen=True)
class EditionReturns:
    """What came back of one edition."""

    edition: int
    hard: int
    soft: int
    ours: int
    complaints: int


@dataclass(frozen=True)
class Returns:
    """`nameless` are mails that no copy of ours could be told of: forged, or stripped on the way."""

    reasons: list[Reason]
    editions: list[EditionReturns]
    disabled: list[tuple[str, int]]
    probes: int
    complaints: int
    restored: int
    nameless: int
    automatic: int

    @property
    def disabled_now(self) -> int:
        return sum(count for _, count in self.disabled)


def returns(now: datetime) -> Returns:
    """What came back within the last thirty days, and how many addresses are disabled now."""
    recent = Bounce.objects.filter(at__gt=now - SPAN)
    by_reason = recent.exclude(kind=Bounce.Kind.COMPLAINT).values_list("reason", "kind").annotate(many=Count("pk"))
    tallies = Tally.objects.filter(day__gt=(now - SPAN).date()).values_list("what", "count")
    disabled = Standing.objects.filter(subscriber__disabled_at__isnull=False)
    return Returns(
        reasons=[Reason(*row) for row in by_reason.order_by("-many", "reason")],
        editions=editions(now),
        disabled=list(disabled.values_list("reason").annotate(many=Count("pk")).order_by("-many", "reason")),
        probes=_sum(tallies, "probe"),
        complaints=recent.filter(kind=Bounce.Kind.COMPLAINT).count(),
        restored=_sum(tallies, "address restored"),
        nameless=_sum(tallies, "bounce without a name"),
        automatic=_sum(tallies, "returned auto-reply", "returned challenge", "returned delay"),
    )


def _sum(tallies: object, *names: str) -> int:
    return sum(count for what, count in tallies if what in names)  # type: ignore[attr-defined]


def editions(now: datetime) -> list[EditionReturns]:
    """The latest editions of which something came back, newest first."""
    rows = Bounce.objects.filter(edition__gt=0, at__gt=now - 6 * SPAN)
    latest = rows.order_by("-edition").values_list("edition", flat=True).distinct()[:_EDITIONS_SHOWN]
    return [of_edition(number) for number in latest]


def of_edition(edition: int) -> EditionReturns:
    """What came back of one edition, for its report."""
    kinds = dict(Bounce.objects.filter(edition=edition).values_list("kind").annotate(many=Count("pk")))
    return EditionReturns(
        edition=edition,
        hard=kinds.get("hard", 0),
        soft=kinds.get("soft", 0),
        ours=kinds.get("ours", 0),
        complaints=kinds.get("complaint", 0),
    )


def reasons_of(edition: int) -> dict[str, int]:
    """How many copies of one edition came back, by reason."""
    rows = Bounce.objects.filter(edition=edition).exclude(kind=Bounce.Kind.COMPLAINT)
    return dict(rows.values_list("reason").annotate(many=Count("pk")).order_by("reason"))


def complaint_share(complaints: int, accepted: int) -> float:
    """Complaints in per cent of the copies that a relay accepted."""
    return 100 * complaints / accepted if accepted else 0.0


def as_row(found: Returns) -> dict[str, object]:
    """For JSON."""
    return {**asdict(found), "disabled": dict(found.disabled), "disabled_now": found.disabled_now}


def disabled_now() -> int:
    return Subscriber.objects.filter(disabled_at__isnull=False).count()
