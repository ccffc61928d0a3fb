"""Plans that one side charges and the other believes ended: found every night, told to a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hectograph.payments.port import PlanTerms
from hectograph.support.plan import LIVE, Plan

NAMED = 50
_SETTLING = timedelta(days=2)


def apart(rail: str, active: Iterable[PlanTerms], now: datetime) -> tuple[list[str], list[str]]:
    """The service's references of plans that it may charge though none lives here, and of plans that live here though
    it charges none; at most `NAMED` of each. What was begun in the last two days may still be on its way."""
    there = {terms.ref for terms in active}
    rows = Plan.objects.filter(processor=rail, state__in=LIVE).values_list("sub_ref", "started_on")
    here = dict(rows.iterator(chunk_size=5_000))
    settled = (now - _SETTLING).date()
    only_here = [ref for ref, started_on in here.items() if ref not in there and started_on <= settled]
    return sorted(there - here.keys())[:NAMED], sorted(only_here)[:NAMED]
