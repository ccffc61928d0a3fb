"""Once an hour: did somebody open a back door in a payment service's dashboard? Each that stands open is an alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.conf import settings

from hectograph.errors import Problem
from hectograph.payments.port import Forbidden, Rejected, ServiceProblem
from hectograph.readers.desk_row import DeskRow
from hectograph.support import fuse

_LONGEST = 120  # letters of what an alarm is about
Look = Callable[[frozenset[str]], Sequence[Problem]]  # of the addresses at which our desks take a service's webhooks


def watch(looks: Iterable[Look], now: datetime) -> None:
    """Ask each service how it is set up. One that does not answer is asked again in an hour; one that does not let our
    key look is an alarm, too: nobody knows what is open there."""
    public = [settings.HECTO_LINKS, *DeskRow.objects.values_list("address", flat=True)]
    ours = frozenset(f"{address.rstrip('/')}/webhooks/stripe" for address in public)
    for look in looks:
        try:
            found = look(ours)
        except (Rejected, Forbidden) as problem:
            fuse.alarm("a door that can't be looked at", problem.message, now)
        except ServiceProblem:
            continue
        else:
            for open_door in found:
                fuse.alarm("a door stands open", open_door.message[:_LONGEST], now)
