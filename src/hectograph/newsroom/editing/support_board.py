"""The publisher's pages of money: the board, the bookkeeper's export, a receipt looked up, a refund asked for.

Publishers and operators see them; everyone else gets a plain no. Nobody is named on them: there is no name to show.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.newsroom.editing.spoken import spoken
from hectograph.payments import forms
from hectograph.support import export, fuse, operator_action, receipt, refund
from hectograph.support.board import board
from hectograph.support.books import LedgerTxn
from hectograph.support.contribution import Contribution, State
from hectograph.support.refund import Refund
from hectograph.support.veil import amount, decimal

SEES, GIVES_BACK = "support.view_ledgertxn", "support.add_refund"
_SHEETS = {"entries": (export.ENTRIES, export.entries), "days": (export.DAYS, export.days)}
_STATES = {
    State.CREATED: gettext_noop("begun"),
    State.PROCESSING: gettext_noop("on its way"),
    State.FAILED: gettext_noop("did not come through"),
    State.PAID: gettext_noop("paid"),
    State.REFUNDED_PART: gettext_noop("given back in part"),
    State.REFUNDED: gettext_noop("given back"),
}
View = Callable[..., HttpResponseBase]


def only(right: str) -> Callable[[View], View]:
    """Let in those who have the right; all others get 403 and nothing else."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(right):
                return render(request, "newsroom/money_closed.html", status=403)
            return view(request, *args, **kwargs)

        return guarded

    return guard


@only(SEES)
@require_GET
def money(request: HttpRequest) -> HttpResponse:
    shown = {"board": board(timezone.localdate()), "months": _months(), "blown": fuse.blown(timezone.now())}
    shown["alarms"] = [{"row": row, "remedy": fuse.remedy(row.kind)} for row in fuse.open_alarms()]
    return render(request, "newsroom/money.html", shown)


@only(GIVES_BACK)
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """An alarm was seen to, for a reason that is kept."""
    number, reason = _number(request.POST.get("alarm", "")), request.POST.get("reason", "")
    try:
        fuse.settle(number, request.user.get_username(), reason, timezone.now())
    except Problem as problem:
        messages.error(request, spoken(problem))
    else:
        messages.success(request, _("It is settled. Who did it and why is kept."))
    return redirect("newsroom_money")


@only(SEES)
@require_GET
def sheet(request: HttpRequest, kind: str, year: int, month: int) -> HttpResponseBase:
    """A month of the ledger as CSV; `kind` is `entries` or `days`."""
    if kind not in _SHEETS or not 1 <= month <= 12 or not 2000 <= year <= 9998:
        return HttpResponse(_("There is no such export."), status=404, content_type="text/plain")
    names, rows = _SHEETS[kind]
    lines = _lines(names, rows(date(year, month, 1), ZoneInfo(settings.TIME_ZONE)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="ledger-{kind}-{year}-{month:02d}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@only(SEES)
@require_http_methods(["GET", "POST"])
def receipts(request: HttpRequest) -> HttpResponse:
    """Look a receipt's code up. It comes by POST: codes stand in no address and no log."""
    shown: dict[str, Any] = {"refunds": Refund.objects.select_related("contribution").order_by("-pk")[:20]}
    shown["crossed"] = [_crossed(row) for row in refund.crossed()]
    if request.method == "POST":
        try:
            code = receipt.read(request.POST.get("code", ""))
        except ValueError:
            shown["problem"] = _("This is no receipt code. It has twelve letters and digits; one may be mistyped.")
        else:
            shown |= _found(code)
            operator_action.note("receipt", request.user.get_username(), timezone.now(), words="looked up")
    answer = render(request, "newsroom/receipts.html", {**shown, "lines": [_line(row) for row in shown["refunds"]]})
    answer["Cache-Control"] = "no-store"
    return answer


@only(GIVES_BACK)
@require_POST
def give_back(request: HttpRequest) -> HttpResponse:
    """Want a contribution given back, in whole or part; the cashier does it."""
    row = Contribution.objects.filter(pk=_number(request.POST.get("contribution", ""))).first()
    try:
        if row is None:
            raise Problem("There is no such contribution.", "Look it up again.")
        try:
            minor = forms.amount(request.POST.get("amount", ""), row.currency)
        except forms.FormRefused:
            raise Problem("This is no amount.", "Write it as 12.50.") from None
        wanted = refund.ask(row.pk, minor, request.user.get_username(), timezone.now())
    except Problem as problem:
        messages.error(request, spoken(problem))
    else:
        words = {"amount": amount(Money(wanted.minor, row.currency))}
        said = _("%(amount)s will be given back. The service takes a few days to bring it to the giver.")
        messages.success(request, said % words)
    return redirect("newsroom_receipts")


def _found(code: str) -> dict[str, Any]:
    row = Contribution.objects.filter(receipt=code).first()
    if row is None:
        return {"problem": _("No contribution has this code.")}
    left = refund.left(row) if row.state in (State.PAID, State.REFUNDED_PART) else 0
    return {
        "row": row,
        "state": _(_STATES[State(row.state)]),
        "paid": amount(Money(row.minor, row.currency)),
        "given_back": amount(Money(row.refunded, row.currency)) if row.refunded else "",
        "left": decimal(left, row.currency) if left else "",
        "by_bank": refund.BY_BANK if row.processor == refund.OWN_BANK else "",
    }


def _crossed(row: Contribution) -> dict[str, Any]:
    left = refund.left(row)
    return {"row": row, "left": decimal(left, row.currency), "amount": amount(Money(left, row.currency))}


def _line(row: Refund) -> dict[str, Any]:
    return {"row": row, "amount": amount(Money(row.minor, row.contribution.currency))}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _months() -> list[date]:
    """Months that the ledger has, newest first."""
    zone = ZoneInfo(settings.TIME_ZONE)
    months = LedgerTxn.objects.datetimes("at", "month", order="DESC", tzinfo=zone)
    return [month.date() for month in months[:36]]


class _Echo:
    """A file whose lines are handed on instead of kept."""

    def write(self, line: str) -> str:
        return line


def _lines(names: tuple[str, ...], rows: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(names)  # spreadsheets know UTF-8 by the mark
    for row in rows:
        yield writer.writerow(row)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("newsroom/money/", money, name="newsroom_money"),
        path("newsroom/money/ledger/<slug:kind>/<int:year>/<int:month>/", sheet, name="newsroom_money_sheet"),
        path("newsroom/money/receipts/", receipts, name="newsroom_receipts"),
        path("newsroom/money/settle/", settle, name="newsroom_settle"),
        path("newsroom/money/refund/", give_back, name="newsroom_refund"),
    ]


class MoneyItem(MenuItem):
    """Shown to those who may see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEES)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    label, icon = gettext_lazy("Support"), "clipboard-list"
    return MoneyItem(label, reverse_lazy("newsroom_money"), name="support", icon_name=icon, order=360)
