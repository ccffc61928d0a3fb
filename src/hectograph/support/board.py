"""What the publisher sees of money: sums by day, frequency, currency and appeal; plans and how they end. Never who."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models import Sum as Total
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hectograph.money import Money
from hectograph.support.contribution import Contribution, State
from hectograph.support.plan import LIVE, Plan
from hectograph.support.sweep_row import SweepRun
from hectograph.support.veil import FEWEST, Sum, fewer, veiled

SPAN = 30  # days
QUARTERS = 5
_KEPT = (State.PAID, State.REFUNDED_PART)
_NAMES = {"once": gettext_noop("Once"), "monthly": gettext_noop("Monthly"), "annual": gettext_noop("Annual")}


@dataclass(frozen=True)
class Bar:
    """A day in the chart; `part` is None where the day is not to be seen. Places are of a drawing 300 wide, the line of
    nothing at 103 and the highest day 100 high."""

    day: date
    part: Sum | None
    height: int
    x: int

    @property
    def y(self) -> int:
        return 103 - self.height


@dataclass(frozen=True)
class Chart:
    currency: str
    total: Sum
    bars: list[Bar]

    @property
    def can_be_drawn(self) -> bool:
        """Whether any day has a height that may be seen."""
        return any(bar.height for bar in self.bars)


@dataclass(frozen=True)
class Table:
    """Rows of a breakdown: a name, and a sum (or None) for each of `currencies`."""

    currencies: list[str]
    rows: list[tuple[str, list[Sum | None]]]


@dataclass(frozen=True)
class Recurring:
    """Plans that live now, what they bring in a month, and how many of those that lived a month ago ended since."""

    currency: str
    plans: int
    monthly: Sum
    churn: str  # per cent, or words


@dataclass(frozen=True)
class Quarter:
    """For a grant's report: what came in, from how many, how large on average, how much of it by plans."""

    name: str
    total: Sum
    average: str
    by_plans: str


@dataclass(frozen=True)
class Board:
    charts: list[Chart]
    frequencies: Table
    appeals: Table
    recurring: list[Recurring]
    quarters: list[Quarter]
    failed: str
    disputed: str
    sweeps: list[SweepRun]

    @property
    def empty(self) -> bool:
        return not (self.charts or self.recurring or self.quarters)


def board(today: date) -> Board:
    """Sums of the last thirty days, `today` included; recurring giving as it is now; the last quarters."""
    since = today - timedelta(days=SPAN - 1)
    lately = Contribution.objects.filter(day__gte=since, day__lte=today)
    kept = lately.filter(state__in=_KEPT)
    return Board(
        charts=_charts(_by("day", kept), since),
        frequencies=_table(_by("frequency", kept), {key: _(name) for key, name in _NAMES.items()}, _("Other")),
        appeals=_table(_by("appeal", kept), {"": _("The standing message")}, ""),
        recurring=_recurring(today),
        quarters=_quarters(today),
        failed=_few(lately.filter(state=State.FAILED).count()),
        disputed=_few(lately.filter(disputed=True).count()),
        sweeps=_last_sweeps(),
    )


def _by(field: str, rows: QuerySet[Contribution]) -> dict[str, dict[object, Sum]]:
    """Sums by currency, then by the field. What was given back in part counts with what is left of it."""
    found: dict[str, dict[object, Sum]] = defaultdict(dict)
    sums = rows.values_list("currency", field).annotate(count=Count("pk"), left=Total(F("minor") - F("refunded")))
    for currency, key, count, minor in sums.order_by("currency", field):
        found[currency][key] = Sum(count, Money(minor, currency))
    return found


def _charts(by_day: dict[str, dict[object, Sum]], since: date) -> list[Chart]:
    charts = []
    for currency, days in by_day.items():
        all_days = {since + timedelta(days=back): Sum(0, Money(0, currency)) for back in range(SPAN)}
        parts = veiled({**all_days, **days})
        highest = max((part.money.minor for part in parts.values() if part), default=0) or 1
        bars = [_bar(day, parts[day], highest, place) for place, day in enumerate(all_days)]
        charts.append(Chart(currency, _total(days.values(), currency), bars))
    return sorted(charts, key=lambda chart: -chart.total.count)


def _bar(day: date, part: Sum | None, highest: int, place: int) -> Bar:
    return Bar(day, part, part.money.minor * 100 // highest if part else 0, place * 10)


def _table(by_key: dict[str, dict[object, Sum]], names: dict[str, str], other: str) -> Table:
    currencies = sorted(by_key)
    order = list(names)
    found = {str(key) for parts in by_key.values() for key in parts}
    keys = sorted(found, key=lambda key: (order.index(key) if key in names else len(order), key))
    columns = [veiled({key: by_key[code].get(key, Sum(0, Money(0, code))) for key in keys}) for code in currencies]
    return Table(currencies, [(names.get(key, other or key), [column[key] for column in columns]) for key in keys])


def _total(parts: Iterable[Sum], currency: str) -> Sum:
    whole = list(parts)
    return Sum(sum(part.count for part in whole), Money(sum(part.money.minor for part in whole), currency))


def _recurring(today: date) -> list[Recurring]:
    """An annual plan counts with a twelfth, rounded down."""
    live = Plan.objects.filter(state__in=LIVE).exclude(state=Plan.State.PAUSED)
    found = []
    for currency in live.order_by("currency").values_list("currency", flat=True).distinct():
        sums = dict(live.filter(currency=currency).values_list("frequency").annotate(Total("minor")))
        plans = live.filter(currency=currency).count()
        minor = sums.get("monthly", 0) + sums.get("annual", 0) // 12
        found.append(Recurring(currency, plans, Sum(plans, Money(minor, currency)), _churn(currency, today)))
    return found


def _churn(currency: str, today: date) -> str:
    month_ago = today - timedelta(days=SPAN)
    then = Plan.objects.filter(currency=currency, started_on__lt=month_ago)
    then = then.filter(Q(ended_on=None) | Q(ended_on__gte=month_ago))
    lived, ended = then.count(), then.exclude(ended_on=None).count()
    if lived < FEWEST:
        return _("fewer than %(few)s plans lived a month ago") % {"few": FEWEST}
    return f"{ended * 100 / lived:.1f} %"


def _quarters(today: date) -> list[Quarter]:
    """The running quarter and those before it, newest first."""
    found: list[Quarter] = []
    start = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    end = today + timedelta(days=1)
    for _back in range(QUARTERS):
        found += _of_quarter(start, end)
        start, end = _quarter_before(start), start
    return found


def _of_quarter(start: date, end: date) -> list[Quarter]:
    kept = Contribution.objects.filter(state__in=_KEPT, day__gte=start, day__lt=end)
    name, rows = _("%(year)s, Q%(quarter)s") % {"year": start.year, "quarter": (start.month + 2) // 3}, []
    for currency, parts in _by("frequency", kept).items():
        once = _total((part for frequency, part in parts.items() if frequency == "once"), currency)
        plans = _total((part for frequency, part in parts.items() if frequency != "once"), currency)
        total = _total((once, plans), currency)
        mean = "–" if total.hidden else Sum(total.count, Money(total.money.minor // total.count, currency)).words
        can_tell = total.count and None not in veiled({"once": once, "plans": plans}).values()
        share = f"{plans.count * 100 // total.count} %" if can_tell else "–"
        rows.append(Quarter(name, total, mean, share))
    return rows


def _quarter_before(start: date) -> date:
    before = start - timedelta(days=1)
    return date(before.year, (before.month - 1) // 3 * 3 + 1, 1)


def _few(count: int) -> str:
    return fewer() if 0 < count < FEWEST else str(count)


def _last_sweeps() -> list[SweepRun]:
    rails = SweepRun.objects.order_by("rail").values_list("rail", flat=True).distinct()
    return [SweepRun.objects.filter(rail=rail).latest("at") for rail in rails]
