"""The page of a plan, filled with what the newsroom says of it (`payments.status`, PLAN)."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date, timedelta

from hectograph.desk.pay_pages import PayPages
from hectograph.money import Money
from hectograph.payments.forms import DEBIT_CURRENCY
from hectograph.payments.status import Status

LATEST = 60  # days ahead for the next payment
_OVER = ("ending", "ended")


def page(pages: PayPages, status: Status, link: str, language: str, today: date, *, has_debits: bool = False) -> bytes:
    """The page for who opened `link`. What is unknown is left out; another account is offered where `has_debits`."""
    words, action = status.words, f"/l/{link}"
    is_over = words.get("state") in _OVER or not link
    made = {"facts": _facts(pages, words, language), "open": " hidden" if is_over else "", "paused": "", "account": ""}
    if words.get("paused_until") and not is_over:
        made["paused"] = _go_on(pages, action, language)
    if has_debits and words.get("currency") == DEBIT_CURRENCY:
        made["account"] = _account(pages, action, language)
    first, last = today + timedelta(days=1), today + timedelta(days=LATEST)
    places = {"action": action, "currency": words.get("currency", "")}
    return pages.page("plan", language, made, first=first.isoformat(), last=last.isoformat(), **places)


def _facts(pages: PayPages, words: Mapping[str, str], language: str) -> str:
    rows = [("plan_amount", _amount(pages, words, language))]
    rows += [(f"plan_{name}", pages.date(words.get(word, ""), language)) for name, word in _DATES if word in words]
    rows.append(("plan_expires", words.get("expires", "")))
    state = words.get("state")
    over = f"<p><b>{pages.label(f'plan_{state}', language)}</b></p>" if state in _OVER else ""
    return over + pages.listed(rows, language)


_DATES = (("next", "next"), ("paused", "paused_until"))


def _amount(pages: PayPages, words: Mapping[str, str], language: str) -> str:
    try:
        money = Money(int(words["amount"]), words["currency"])
        return f"{pages.amount(money, language)} {pages.how_often(words['frequency'], language)}"
    except (KeyError, ValueError):
        return ""


def _go_on(pages: PayPages, action: str, language: str) -> str:
    """A button that ends a pause."""
    return (
        f'<form method="post" action="{html.escape(action, quote=True)}"><p>'
        f'<button name="act" value="go-on">{pages.label("plan_go-on", language)}</button></p></form>'
    )


def _account(pages: PayPages, action: str, language: str) -> str:
    """The way to the fields of another account."""
    return f'<p><a href="{html.escape(action, quote=True)}?account">{pages.label("plan_account", language)}</a></p>'
