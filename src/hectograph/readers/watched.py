"""Mail hosts that a state can read. Nobody is written there about money: a mail in such a box is evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings

from hectograph.payments.policy import WATCHED, Policy, watched

Listed = Callable[[], frozenset[str]]
Exchangers = Callable[[str], Iterable[str]]
_ASKED: dict[str, Callable[..., Iterable[str]]] = {"listed": lambda: WATCHED, "exchangers": lambda domain: ()}


def use(listed: Listed, exchangers: Exchangers) -> None:
    """Hand over who knows the hosts that the newsroom watches, and who knows the hosts that take a domain's mail."""
    _ASKED.update(listed=listed, exchangers=exchangers)


def is_watched(address: str) -> bool:
    """Whether mail to `address` comes to a watched host, by its domain or by who takes that domain's mail."""
    domain = address.rpartition("@")[2]
    hosts = frozenset(_ASKED["listed"]()) | {host.lower() for host in settings.HECTO_WATCHED_HOSTS}
    policy = Policy(0, watched=hosts)
    return watched(policy, [domain]) or watched(policy, _ASKED["exchangers"](domain))
