"""The press's own words in one language: texts, plurals, dates, times and amounts.

A language is one TOML file in `locale/`. Plural forms go by CLDR category (one, few, many, other).
"""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_month_names
from babel.numbers import format_currency, format_decimal

from hectograph.money import Money

_FALLBACK = "en"
_LETTER_THEN_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)")  # `PLN8`: letters need the space that a sign does without
_DATES = {"en": "en_GB"}  # the day before the month, and a clock of 24 hours: readers are in many countries


@cache
def _catalogue(language: str) -> dict[str, Any]:
    file = files("hectograph.press") / "locale" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def spoken() -> list[str]:
    """The languages that the press has words for."""
    folder = files("hectograph.press") / "locale"
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


class Vocabulary:
    """Words of `language`, with clock times in `zone` (IANA name). A missing word is the English one."""

    def __init__(self, language: str, zone: str) -> None:
        self.language, self.zone = language, ZoneInfo(zone)
        self.locale = Locale.parse(language)
        self.dates = Locale.parse(_DATES.get(language, language))
        own = _catalogue(language) if language in spoken() else {}
        self._words = {**_catalogue(_FALLBACK), **own}
        self.direction = self.locale.text_direction
        self._clocks = str(self.dates)
        self.day = lru_cache(4096)(self._day)
        self.plural = lru_cache(1024)(self._plural)

    def text(self, name: str, **values: object) -> str:
        word: str = self._words[name]
        return word.format(**values) if values else word

    def texts(self, name: str) -> dict[str, str]:
        """The texts of a table, by name."""
        table: dict[str, str] = self._words[name]
        return table

    def _plural(self, name: str, count: int) -> str:
        """The form of `name` that goes with `count`, the number in it."""
        forms: dict[str, str] = self._words[name]
        return forms.get(self.locale.plural_form(count), forms["other"]).format(count=count)

    def _day(self, ordinal: int) -> str:
        return format_date(datetime.fromordinal(ordinal), "long", self.dates)

    def date(self, at: datetime) -> str:
        """`24 November 2026`, as the newsroom's calendar has it."""
        return self.day(at.astimezone(self.zone).toordinal())

    def time(self, at: datetime) -> str:
        """The date with the time and its zone: `24 November 2026, 10:30 EET`."""
        local = at.astimezone(self.zone)
        return f"{self.day(local.toordinal())}, {_clock(local.hour, local.minute, self._clocks)} {_zone_name(local)}"

    @property
    def own_name(self) -> str:
        """What the language calls itself: `Русский`."""
        name = self.locale.get_display_name(self.language) or self.language
        return name[:1].upper() + name[1:]

    def plain_amount(self, minor: int, currency: str) -> str:
        """An amount as a form sends it: `2.50`."""
        return Money(minor, currency).plain()

    def month(self, year: int, month: int) -> str:
        """`November 2026`, standing alone."""
        name = get_month_names("wide", "stand-alone", self.locale)[month]
        return f"{name[:1].upper()}{name[1:]} {year}"

    def amount(self, minor: int, currency: str) -> str:
        """`$5`, `2,50 €`: without empty decimals."""
        money = Money(minor, currency)
        value = Decimal(money.plain())
        pattern = None if value != int(value) else self.locale.currency_formats["standard"].pattern.replace("0.00", "0")
        shown = format_currency(value, currency, pattern, self.locale, currency_digits=value != int(value))
        return _LETTER_THEN_DIGIT.sub("\N{NO-BREAK SPACE}", shown)

    def number(self, minor: int, currency: str) -> str:
        """An amount without its currency: `5`, `2,50`."""
        plain = Money(minor, currency).plain()
        return format_decimal(Decimal(plain), "#,##0.00" if "." in plain else "#,##0", self.locale)


@lru_cache(4096)
def _clock(hour: int, minute: int, language: str) -> str:
    moment = datetime(2000, 1, 1, hour, minute)  # noqa: DTZ001 (a clock reading, no moment)
    return format_time(moment, "short", locale=language)


def _zone_name(local: datetime) -> str:
    """`EET`, or `UTC+04:00` where the zone has no letters of its own."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local.strftime('%z')[:3]}:{local.strftime('%z')[3:5]}"
