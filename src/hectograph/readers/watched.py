"""Mail hosts that a state can read. Nobody is written there about money: a mail in such a box is evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings

from hectograph.payments.policy import WATCHED, Policy, watched
from hectograph.post.message import is_plain

Listed = Callable[[], frozenset[str]]
Exchangers = Callable[[str], Iterable[str]]
_ASKED: dict[str, Callable[..., Iterable[str]]] = {
    "listed": lambda: WATCHED,
    "known": lambda domain: (),
    "exchangers": lambda domain: (),
}


def use(listed: Listed, known: Exchangers, exchangers: Exchangers) -> None:
    """Hand over who knows the hosts that the newsroom watches; who remembers the hosts that take a domain's mail, and
    who finds them out, which may take seconds."""
    _ASKED.update(listed=listed, known=known, exchangers=exchangers)


def is_watched(address: str) -> bool:
    """Whether mail to `address` comes to a watched host, by its domain or by who is known to take that domain's mail.
    Asks nobody, so that it may stand in a transaction: `find_out` goes before."""
    domain, policy = _domain(address), _policy()
    return watched(policy, [domain]) or watched(policy, _ASKED["known"](domain))


def find_out(addresses: Iterable[str]) -> None:
    """Learn who takes the mail of these addresses' domains, where they are not watched anyhow. It may take seconds: no
    transaction may be open, for a stranger's slow resolver would hold its locks."""
    policy = _policy()
    for domain in sorted({_domain(address) for address in addresses if is_plain(address.strip())}):
        if not watched(policy, [domain]):
            _ASKED["exchangers"](domain)


def _domain(address: str) -> str:
    return address.strip().rpartition("@")[2].lower()


def _policy() -> Policy:
    return Policy(0, watched=frozenset(_ASKED["listed"]()) | {host.lower() for host in settings.HECTO_WATCHED_HOSTS})
