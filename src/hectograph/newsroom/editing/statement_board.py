"""A bank's statement, given to the newsroom in the admin: looked at first, booked on the second press.

The file is read in memory and forgotten. Between the two presses the lines of ours wait in the page itself, signed:
reference, amount, day and hash, and nobody's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail import hooks

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.newsroom import transfers
from hectograph.newsroom.editing.spoken import spoken
from hectograph.newsroom.editing.support_board import GIVES_BACK, only
from hectograph.newsroom.flows import statements
from hectograph.newsroom.flows.statements import Match
from hectograph.payments.processors.transfer import reference
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.payments.processors.transfer.lines import LARGEST, Line
from hectograph.support import operator_action
from hectograph.support.veil import amount

_SALT, _GOOD_FOR = "hectograph statement", 3_600  # seconds
_LONGEST = 2_000_000  # letters of what waits in the page
_SHOWN = 200  # lines


@only(GIVES_BACK)
@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest) -> HttpResponse:
    """The form; and what a statement holds, before anything is booked."""
    shown: dict[str, Any] = {}
    if request.method == "POST":
        try:
            shown = _looked_at(request)
        except Problem as problem:
            shown = {"problem": spoken(problem)}
    answer = render(request, "newsroom/statement.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


@only(GIVES_BACK)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Book what was looked at."""
    try:
        taken = statements.enter(transfers.account(), _waiting(request.POST.get("lines", "")), timezone.now())
    except Problem as problem:
        messages.error(request, spoken(problem))
        return redirect("newsroom_statement")
    words = f"{taken.new} new, {taken.unknown} under unknown references"
    operator_action.note("statement", request.user.get_username(), timezone.now(), words=words)
    booked = _("Booked: %(new)s new, %(unknown)s under unknown references.") % vars(taken)
    messages.success(request, f"{booked} {_('Delete the file now; both banks have both names.')}")
    return redirect("newsroom_money")


def _looked_at(request: HttpRequest) -> dict[str, Any]:
    file = request.FILES.get("file")
    if file is None or not file.size:
        raise Problem("There is no file, or it is empty.", "Choose the statement that the bank exported.")
    if file.size > LARGEST:
        raise Problem("It is too large.", "Export it in parts, a month at a time.")
    count, found = statements.look(transfers.account(), file.read(), _layout(request.POST))
    fresh = [match for match in found if not match.is_booked]
    waiting = signing.dumps([_row(match.line) for match in fresh], salt=_SALT, compress=True)
    if len(waiting) > _LONGEST:
        raise Problem("It has too many gifts for one page.", "Export it in parts, or use hecto support statement.")
    return {
        "count": count,
        "ours": len(found),
        "booked": len(found) - len(fresh),
        "fresh": len(fresh),
        "unknown": sum(not match.is_known for match in fresh),
        "lines": [_shown(match) for match in fresh[:_SHOWN]],
        "more": max(0, len(fresh) - _SHOWN),
        "sums": _sums(fresh),
        "waiting": waiting if fresh else "",
    }


def _layout(form: Mapping[str, str]) -> Layout:
    """Names of columns, where the bank's are not known."""
    word = {name: str(form.get(name, ""))[:80].strip() for name in ("date", "amount", "text", "side", "dates")}
    decimals = str(form.get("decimals", ""))
    texts = (word["text"],) if word["text"] else ()
    return Layout(
        word["date"],
        word["amount"],
        texts,
        "",
        word["side"],
        str(form.get("separator", ""))[:1],
        decimals if decimals in (".", ",") else "",
        word["dates"],
    )


def _row(line: Line) -> list[str | int]:
    return [line.reference, line.money.minor, line.money.currency, line.on.isoformat(), line.hash, line.is_numbered]


def _waiting(signed: str) -> list[Line]:
    """The lines that were looked at; a Problem where somebody changed them, or too long ago."""
    try:
        rows = signing.loads(signed, salt=_SALT, max_age=_GOOD_FOR)
    except signing.BadSignature:
        raise Problem("That was too long ago.", "Give the statement once more.") from None
    return [Line(ref, Money(minor, code), date.fromisoformat(on), *mark) for ref, minor, code, on, *mark in rows]


def _shown(match: Match) -> dict[str, Any]:
    line = match.line
    quoted = reference.shown(line.reference)
    return {"day": line.on, "amount": amount(line.money), "reference": quoted, "is_known": match.is_known}


def _sums(found: Sequence[Match]) -> list[str]:
    sums: dict[str, int] = {}
    for match in found:
        sums[match.line.money.currency] = sums.get(match.line.money.currency, 0) + match.line.money.minor
    return [amount(Money(minor, code)) for code, minor in sorted(sums.items())]


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("newsroom/money/statement/", statement, name="newsroom_statement"),
        path("newsroom/money/statement/enter/", enter, name="newsroom_statement_enter"),
    ]
