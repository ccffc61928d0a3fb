"""The form with which readers support the newsroom: what its template is given, and the styles that it alone needs.

Without a script, styles show the amounts of the chosen frequency and currency alone; a browser that can't do that
shows all of them, each under its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from hectograph.press.paths import support_path
from hectograph.press.records import Support
from hectograph.press.support_records import Offered
from hectograph.press.words import Vocabulary


@dataclass(frozen=True, slots=True)
class Choice:
    """Amounts of one frequency. `name` is the field's; `amounts` are (as sent, as shown). Where `currencies` are many,
    the same numbers are offered in each."""

    frequency: str
    currencies: tuple[str, ...]
    name: str
    amounts: tuple[tuple[str, str], ...]


MONTHS_AHEAD = 6
# Drawn on 9 by 6: a card, the sign of the euro, a bank.
_ICONS = {
    "card": "M0 0h9v6H0zm0 2h9",
    "sepa": "M7 1a3 3 0 1 0 0 4M1 2h4M1 4h4",
    "transfer": "M0 2h9L5 0zm1 0v3m3-3v3m3-3v3M0 6h9",
}


def values(support: Support, words: Vocabulary) -> dict[str, Any]:
    """What `support.html` is given beside the words."""
    return {
        "several": len(support.offers) > 1,
        "choices": choices(support, words),
        "apart": not is_alike(support),
        "minimum": minimum(support, words),
        "icons": _ICONS,
        "support_page": support_path(words.language),
    }


def choices(support: Support, words: Vocabulary) -> list[Choice]:
    """All amounts offered. Fields that hold the first currency's are named by the frequency alone."""
    found = []
    for frequency, minors in support.offers[0].by_frequency():
        alike = [offer for offer in support.offers if dict(offer.by_frequency())[frequency] == minors]
        found.append(_choice(frequency, alike, frequency, words))
        others = [offer for offer in support.offers if offer not in alike]
        found += [_choice(frequency, [offer], f"{frequency}-{offer.currency}", words) for offer in others]
    return found


def _choice(frequency: str, offers: list[Offered], name: str, words: Vocabulary) -> Choice:
    minors, currency = dict(offers[0].by_frequency())[frequency], offers[0].currency
    show = words.amount if len(offers) == 1 else words.number
    amounts = tuple((words.plain_amount(minor, currency), show(minor, currency)) for minor in minors)
    return Choice(frequency, tuple(offer.currency for offer in offers), name, amounts)


def is_alike(support: Support) -> bool:
    """Whether the same numbers are offered in every currency."""
    return len({(offer.once, offer.monthly, offer.annual) for offer in support.offers}) == 1


def minimum(support: Support, words: Vocabulary) -> str:
    """The least that is taken, in each currency: `$2 / 2 €`."""
    return " / ".join(words.amount(offer.minimum, offer.currency) for offer in support.offers)


def currency_styles(support: Support) -> Markup:
    """Hides the amounts of the currencies that are not chosen; empty where all are offered in the same numbers."""
    if is_alike(support):
        return Markup()
    rules = (f"form:has([value={o.currency}]:checked) .a:not(.{o.currency})" for o in support.offers)
    return Markup(",".join(rules) + "{display:none}")  # noqa: S704 (currency codes are three capital letters)


def months(words: Vocabulary, now: datetime) -> list[tuple[str, str]]:
    """The months that a reminder can be asked for, as sent (`2027-01`) and as shown: the six that follow `now`."""
    first = now.year * 12 + now.month  # the next month, counted from the year 0
    numbers = (divmod(first + ahead, 12) for ahead in range(MONTHS_AHEAD))
    return [(f"{year}-{month + 1:02d}", words.month(year, month + 1)) for year, month in numbers]
