"""The pages about paying, as the press rendered them, with amounts and reasons put in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hectograph.desk.tickets import Ticket
from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.payments.status import Status

NAMES = (
    *("pay-once", "pay-again", "ask", "email", "crowded", "over", "away", "gone"),
    *("under-way", "unknown", "paid", "processing", "declined", "refused", "caution", "expired", "closed"),
    *("already", "transfer", "done", "failed", "shown"),
)
_PLACE = re.compile(r"@@([A-Za-z]+)@@")
_ACCOUNT = ("reference", "amount", "account", "name", "bic")  # words of a transfer's status, in the order shown


class PayPages:
    """Pages by name and language, from `folder`/<language>/<name>.html, and the words of `pay.json` beside them."""

    def __init__(self, folder: Path, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._pages: dict[tuple[str, str], list[str]] = {}  # text and names of places by turns
        self._words: dict[str, dict[str, Any]] = {}
        try:
            for language in languages:
                for name in NAMES:
                    text = (folder / language / f"{name}.html").read_text(encoding="utf-8")
                    self._pages[language, name] = _PLACE.split(text)
                self._words[language] = json.loads((folder / language / "pay.json").read_text(encoding="utf-8"))
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

    def declined(self, reason: str, language: str) -> str:
        reasons = self._words[language]["declined"]
        return str(reasons.get(reason, reasons["card"]))

    def again(self, ticket_text: str, language: str) -> str:
        """A link to the pay page once more; empty where the ticket is not remembered."""
        if not ticket_text:
            return ""
        words = html.escape(self._words[language]["labels"]["again"])
        return f'<p><a class="go" href="/pay/{html.escape(ticket_text, quote=True)}">{words}</a></p>'

    def account(self, status: Status, ticket: Ticket | None, language: str) -> str:
        """Where a transfer goes, as a list to copy from."""
        labels = self._words[language]["labels"]
        facts = dict(status.words)
        if ticket:
            facts["amount"] = self.amount(ticket.ask.money, language)
        rows = [(labels[f"transfer_{name}"], facts[name]) for name in _ACCOUNT if facts.get(name)]
        return f"<dl>{''.join(f'<dt>{html.escape(label)}<dd>{html.escape(value)}' for label, value in rows)}</dl>"


def hidden(fields: Mapping[str, str]) -> str:
    """Fields to post once more."""
    pairs = [(html.escape(name, quote=True), html.escape(value, quote=True)) for name, value in fields.items()]
    return "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)
