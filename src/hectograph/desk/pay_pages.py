"""The pages about paying, as the press rendered them, with amounts and reasons put in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hectograph.desk.tickets import Ticket
from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.payments.status import Status

NAMES = (
    *("pay-once", "pay-again", "pay-once-no-transfer", "pay-again-no-transfer"),
    *("ask", "email", "watched", "crowded", "over", "away", "gone"),
    *("under-way", "unknown", "paid", "processing", "declined", "refused", "refused-asked"),
    *("refused-caution", "refused-terms", "caution", "expired"),
    *("closed", "already", "transfer", "done", "failed", "shown", "plan", "plan-away", "kept", "asking", "mended"),
    *("card", "account"),
    *("remind-sent", "remind-address", "remind-watched", "remind-confirm", "remind-confirmed", "remind-forget"),
    "remind-forgotten",
)
_PLACE = re.compile(r"@@([A-Za-z]+)@@")
_ACCOUNT = ("reference", "amount", "account", "name", "bic")  # words of a transfer's status, in the order shown


class PayPages:
    """Pages by name and language, from `folder`/pay/<language>/<name>.html, and the words of `pay.json` beside them."""

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._pages: dict[tuple[str, str], list[str]] = {}  # text and names of places by turns
        self._words: dict[str, dict[str, Any]] = {}
        try:
            for language in languages:
                own = folder / "pay" / language
                for name in NAMES:
                    text = (own / f"{name}.html").read_text(encoding="utf-8")
                    self._pages[language, name] = _PLACE.split(text)
                self._words[language] = json.loads((own / "pay.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            what_to_do = "The newsroom makes them: `hecto desk --configure`."
            raise Problem("A page about paying is missing at the desk.", what_to_do) from error

    def language(self, wanted: str) -> str:
        return wanted if wanted in self.languages else self.languages[0]

    def page(self, name: str, language: str, made: Mapping[str, str] | None = None, /, **places: str) -> bytes:
        """The page `name`: `places` are filled with escaped text, `made` with HTML of `hidden` and its like."""
        filled = {place: html.escape(text, quote=True) for place, text in places.items()} | dict(made or {})
        parts = self._pages[self.language(language), name]
        return "".join(filled.get(part, "") if odd % 2 else part for odd, part in enumerate(parts)).encode()

    def amount(self, money: Money, language: str) -> str:
        """`$1,234.50`, as the language writes it, without empty decimals."""
        before, after, group, point = self._words[language]["money"].get(
            money.currency, ["", f" {money.currency}", "", "."]
        )
        whole, _, decimals = money.plain().partition(".")
        grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", group, whole)
        return f"{before}{grouped}{point + decimals if decimals else ''}{after}"

    def how_often(self, frequency: str, language: str) -> str:
        return str(self._words[language]["how"][frequency])

    def gave(self, ticket: Ticket | None) -> str:
        """What was given, in brackets; empty where it is not remembered."""
        if ticket is None:
            return ""
        return (
            f" ({self.amount(ticket.ask.money, ticket.language)}, {self.how_often(ticket.frequency, ticket.language)})"
        )

    def why_not(self, reason: str, language: str, **values: str) -> str:
        """What is wrong with a form, in a sentence."""
        return str(self._words[language]["ask"][reason]).format(**values)

    def told(self, page: str, status: Status, language: str) -> str:
        """Why, or what: the sentence for a status in its page `page`."""
        reasons = self._words[language]["declined"] | self._words[language].get(page, {})
        name = status.words.get("reason") or status.words.get("what") or "card"
        return str(reasons.get(name, reasons["card"]))

    def again(self, address: str, language: str, label: str = "again") -> str:
        """A link to `address`, to try once more; empty where it is not remembered."""
        if not address:
            return ""
        return f'<p><a class="go" href="{html.escape(address, quote=True)}">{self.label(label, language)}</a></p>'

    def manage(self, token: str, language: str) -> str:
        """The way to a plan's own page, for who has just begun one."""
        if not token:
            return ""
        link = f'<a href="/l/{html.escape(token, quote=True)}">{self.label("plan_title", language)}</a>'
        return f"<p>{self.label('paid_manage', language)}</p><p>{link}</p>"

    def receipt(self, code: str, language: str) -> str:
        """The code by which a single gift can be found again."""
        if not code:
            return ""
        return f"<p>{self.label('paid_receipt', language)}</p>{self.listed([('paid_code', code)], language)}"

    def label(self, name: str, language: str) -> str:
        """A short text, as HTML."""
        return html.escape(self._words[language]["labels"][name])

    def date(self, iso: str, language: str) -> str:
        """`5 January 2027`, of a date as `2027-01-05`; as it is where it is none."""
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            return iso
        return str(self._words[language]["dates"][day.month - 1]).format(day=day.day, year=day.year)

    def account(self, status: Status, ticket: Ticket | None, language: str) -> str:
        """Where a transfer goes, as a list to copy from."""
        facts = dict(status.words)
        if ticket:
            facts["amount"] = self.amount(ticket.ask.money, language)
        return self.listed([(f"transfer_{name}", facts.get(name, "")) for name in _ACCOUNT], language)

    def listed(self, rows: Iterable[tuple[str, str]], language: str) -> str:
        """A list of labels and values, without those that are empty."""
        parts = [f"<dt>{self.label(name, language)}<dd>{html.escape(value)}" for name, value in rows if value]
        return f"<dl>{''.join(parts)}</dl>"


def hidden(fields: Mapping[str, str]) -> str:
    """Fields to post once more."""
    pairs = [(html.escape(name, quote=True), html.escape(value, quote=True)) for name, value in fields.items()]
    return "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)
