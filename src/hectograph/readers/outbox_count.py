"""How many small mails a relay was handed, ever: who carries letters to the same relay makes room for them."""

from __future__ import annotations

from django.db.models import Sum

from hectograph.readers.intake_state import Tally

_HANDED = ("mail accepted", "mail rejected", "mail uncertain")


def handed() -> int:
    """A count that only grows."""
    return Tally.objects.filter(what__in=_HANDED).aggregate(all=Sum("count"))["all"] or 0
