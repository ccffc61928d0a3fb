"""Months and years as a subscription counts them: the 31st is the last day where there is no 31st."""

import calendar
from datetime import UTC, datetime, timedelta

LENGTHS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}


def end(start: int, interval: str, count: int, anchor: int) -> int:
    """When the period that began at `start` ends; `anchor` tells the day of the month."""
    begun = datetime.fromtimestamp(start, UTC)
    if interval in LENGTHS:
        return int((begun + LENGTHS[interval] * count).timestamp())
    months = begun.year * 12 + begun.month - 1 + count * (12 if interval == "year" else 1)
    year, month = months // 12, months % 12 + 1
    day = min(datetime.fromtimestamp(anchor, UTC).day, calendar.monthrange(year, month)[1])
    return int(begun.replace(year=year, month=month, day=day).timestamp())
