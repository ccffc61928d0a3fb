"""The desk's pages about paying as somebody sees them: every marked place filled, a file each."""

from datetime import date
from pathlib import Path

from hectograph.desk import pay_pages, plan_page
from hectograph.desk.pay_pages import PayPages
from hectograph.money import Money
from hectograph.payments.status import State, Status

LANGUAGES = ("en", "ru")
_ID = "A" * 22
_PLAN = {
    "amount": "500", "currency": "EUR", "frequency": "monthly", "state": "active", "next": "2027-01-05",
    "expires": "03/29",
}  # fmt: skip
_TRANSFER = {"reference": "HX-7K3F-9QXM", "account": "DE89370400440532013000", "name": "The Meridian Courier"}
_REASONS = {"declined": "expired", "failed": "service", "done": "cancel"}


def fill(pages: Path, into: Path) -> list[Path]:
    """Write all of them from the desk's folder `pages` into `into`/<language>/; returns the files."""
    desk = PayPages(pages, LANGUAGES)
    files = []
    for language in LANGUAGES:
        for name in pay_pages.NAMES:
            file = into / language / f"{name}.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_filled(desk, name, language))
            files.append(file)
    return files


def _filled(desk: PayPages, name: str, language: str) -> bytes:
    if name == "plan":
        return plan_page.page(desk, _told(State.PLAN, _PLAN), "TOKEN", language, date(2026, 11, 26))
    amount, how = desk.amount(Money(500, "EUR"), language), desk.how_often("monthly", language)
    made = {
        "kept": pay_pages.hidden({"token": "ctoken_1"}),
        "again": desk.again("/pay/TICKET", language),
        "manage": desk.manage("TOKEN", language) if name == "paid" else "",
        "account": desk.account(_told(State.TRANSFER, _TRANSFER), None, language),
        "monthly": " checked",
        "EUR": " selected",
    }
    places = {
        **{"amount": amount, "how": how, "minor": "500", "currency": "EUR", "gave": f" ({amount}, {how})"},
        **{"id": _ID, "ticket": "TICKET", "action": "/pay/TICKET", "calendar": "/remind/2027-02.ics"},
        **{"typed": "1" if name == "ask" else "anna@example", "why": _why(desk, name, language)},
    }
    return desk.page(name, language, made, **places)


def _why(desk: PayPages, name: str, language: str) -> str:
    if name in ("ask", "mended"):
        return desk.why_not("low", language, least=desk.amount(Money(200, "EUR"), language))
    reason = _REASONS.get(name, "")
    return desk.told(name, _told(State.DONE, {"reason": reason}), language) if reason else ""


def _told(state: State, words: dict[str, str]) -> Status:
    return Status(_ID, state, 2_000_000_000, words)
