"""Who may give by which means: a decision over data that the newsroom publishes, taken before a payment exists.

It fails closed. Allowed is a means on the short list of those whose country is known before money moves, from a country
that the service names in exactly the two letters of ISO 3166-1 and that is not blocked. All else is refused: what has
no country, one in small letters, one that no list knows, a means that shows its country only later (Link, PayPal).

A card's country is that of its bank, not of its holder: the notice above the amount says what no policy can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from hectograph.errors import Problem
from hectograph.payments.countries import COUNTRIES, EEA, SEPA
from hectograph.payments.hosts import lies_below
from hectograph.payments.port import Preview

_KNOWABLE: Mapping[str, frozenset[str]] = MappingProxyType(
    {"card": COUNTRIES, "sepa_debit": SEPA, "us_bank_account": frozenset(("US",))}
)
_WALLETS = frozenset(("", "apple_pay", "google_pay"))  # each hands on the card with its country
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")

_CAUTION = "AE AM AZ GE KG KZ MD RS TJ TM TR UZ"
_WATCHED = """
ru su xn--p1ai by xn--90ais
mail.ru bk.ru inbox.ru list.ru internet.ru vk.com vk.ru
yandex.ru yandex.com yandex.net yandex.by yandex.kz yandex.ua yandex.uz yandex.eu yandex.fr yandex.az yandex.co.il
yandex.com.am yandex.com.ge yandex.com.tr yandex.ee yandex.kg yandex.lt yandex.lv yandex.md yandex.pl yandex.st
yandex.tj yandex.tm ya.ru
rambler.ru lenta.ru autorambler.ru myrambler.ru rambler.ua ro.ru
tut.by mail.by
"""

BLOCKED = frozenset(("RU", "BY"))
CAUTION = frozenset(_CAUTION.split())
WATCHED = frozenset(_WATCHED.split())


class Ruling(StrEnum):
    ALLOW = "allow"
    CAUTION = "caution"  # asked once more, with what it can bring; the answer is not kept
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is `method`, `unknown` (no country that a list knows), `blocked` or `caution`; empty where allowed.
    It never names the country: it may stand in a counter."""

    ruling: Ruling
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the newsroom's rules. `blocked` and `caution` hold country codes, `watched` the mail hosts that a
    state can read (each with all below it; a whole top-level domain may stand there)."""

    version: int
    blocked: frozenset[str] = BLOCKED
    caution: frozenset[str] = CAUTION
    watched: frozenset[str] = WATCHED

    def __post_init__(self) -> None:
        unknown = sorted((self.blocked | self.caution) - COUNTRIES)
        if unknown:
            raise Problem(
                f"These are no countries: {', '.join(unknown)}.",
                "Write each as its two capital letters in ISO 3166, such as RU or BY.",
            )
        protected = sorted(self.blocked & EEA)
        if protected:
            raise Problem(
                f"Payers from the European Economic Area can't be refused by country: {', '.join(protected)}.",
                "EU Regulation 2018/302 on geo-blocking forbids it. On the caution list they are asked once more.",
            )
        amiss = sorted(host for host in self.watched if not _HOST.fullmatch(host))
        if amiss:
            raise Problem(
                f"These are no mail hosts: {', '.join(amiss)}.", "Write the part after the @ alone, in small letters."
            )


def decide(policy: Policy, preview: Preview) -> Verdict:
    """Whether what `preview` shows may pay. Pure: the same of both is the same verdict, always."""
    if preview.method not in _KNOWABLE or preview.wallet not in _WALLETS:
        return Verdict(Ruling.REFUSE, "method")
    country = preview.country
    if preview.method == "us_bank_account" and not country:
        country = "US"  # by its nature; the service names none
    if country not in _KNOWABLE[preview.method]:
        return Verdict(Ruling.REFUSE, "blocked" if country in policy.blocked else "unknown")
    if country in policy.blocked:
        return Verdict(Ruling.REFUSE, "blocked")
    if country in policy.caution:
        return Verdict(Ruling.CAUTION, "caution")
    return Verdict(Ruling.ALLOW)


def watched(policy: Policy, hosts: Iterable[str]) -> bool:
    """Whether a state can read mail at any of `hosts`: the part after an address's @, and its mail exchangers. What is
    no host at all counts as watched."""
    return any(_is_watched(policy.watched, host) for host in hosts)


def _is_watched(listed: frozenset[str], host: str) -> bool:
    try:
        plain = host.strip().rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return True
    if not _HOST.fullmatch(plain):
        return True
    return lies_below(plain, listed)
