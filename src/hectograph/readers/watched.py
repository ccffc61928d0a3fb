"""Mail hosts that a state can read. Nobody is written there about money: a mail in such a box is evidence."""

from __future__ import annotations

from django.conf import settings

from hectograph.payments.policy import WATCHED, Policy, watched


def is_watched(address: str) -> bool:
    """Whether `address` stands on a watched host: of the published list, or of HECTO_WATCHED_HOSTS."""
    hosts = WATCHED | {host.lower() for host in settings.HECTO_WATCHED_HOSTS}
    return watched(Policy(0, watched=hosts), [address.rpartition("@")[2]])
