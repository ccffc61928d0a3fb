"""The page of a plan, opened by its mailed link: it shows what the newsroom says, and passes wishes on.

GET  /l/TOKEN        ask the newsroom, and look at /status/ID for its answer; changes nothing
GET  /l/TOKEN?card   the card fields for another card; with ?account those of a debit, for another account
POST /l/TOKEN        a wish: amount, date, pause, go-on, link, card, account; or cancel, which is kept on disk until the
                     newsroom has it, so that nobody pays on because a machine was off
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Reply, as_json, see
from hectograph.desk.limits import Gate
from hectograph.desk.live import Live, LiveFull
from hectograph.desk.pay_pages import PayPages
from hectograph.desk.sealed_words import sealed, vouched
from hectograph.desk.spool import Spool
from hectograph.desk.store import SpoolFull
from hectograph.desk.support_table import SupportTable
from hectograph.money import Money
from hectograph.payments import forms as support_forms
from hectograph.payments.forms import DEBIT_CURRENCY, MEANS, FormRefused
from hectograph.sealing.capability import Capability

WITHIN = 120  # seconds in which the newsroom has to have a wish
LATEST = 60  # days ahead for the next payment
WEEKS = ("4", "8", "12")  # of a pause
_SIMPLE = ("go-on", "link")
_TOKEN = re.compile(r"[A-Za-z0-9_]{4,120}")
Form = Mapping[str, str]


class WishRefused(ValueError):
    """A wish that can't be read; its words are a sentence for the page."""


class Managing:
    def __init__(
        self,
        configuration: Configuration,
        table: SupportTable,
        pages: PayPages,
        spool: Spool,
        live: Live,
        clock: Callable[[], float],
    ) -> None:
        self._configuration, self._table, self.pages = configuration, table, pages
        self._spool, self._live, self._clock = spool, live, clock
        self._gate = Gate(configuration.limits.per_link, 0)

    # --- looking --------------------------------------------------------------------------------------------------

    def show(self, link: Capability, token: str, wanted: str = "") -> Reply:
        """The plan's page, or the fields of the means of payment that is `wanted`."""
        language, action = self.pages.language(link.language), f"/l/{token}"
        if MEANS.get(wanted) in self._table.methods:
            currency = DEBIT_CURRENCY if wanted == "account" else next(iter(self._table.offer.least))
            return 200, self.pages.page(wanted, language, action=action, currency=currency), []
        if not self._live.is_newsroom_here:
            return 200, self.pages.page("plan-away", language, action=action), []
        return self._posted({"kind": "look"}, link, token, is_script=False)

    # --- wishes ---------------------------------------------------------------------------------------------------

    async def wish(self, link: Capability, token: str, form: Form, *, is_script: bool) -> Reply:
        """A press of a button. A mail program's one press without words ends the plan."""
        act = form.get("act", "")
        if act in ("", "cancel"):
            return await self._cancel(link, token)
        language = self.pages.language(link.language)
        if not self._live.is_newsroom_here:
            if is_script:
                return as_json(503, error="away")
            return 503, self.pages.page("plan-away", language, action=f"/l/{token}"), []
        try:
            words = self._words(act, form, language)
        except WishRefused as refused:
            if is_script:
                return as_json(422, error="wrong")
            return 422, self.pages.page("mended", language, why=str(refused), action=f"/l/{token}"), []
        return self._posted({"kind": "manage", "act": act, **words}, link, token, is_script=is_script, form=form)

    def _words(self, act: str, form: Form, language: str) -> dict[str, Any]:
        """What a wish needs to come true, as the newsroom reads it."""
        if act in _SIMPLE:
            return {}
        if act == "amount":
            return {"minor": self._minor(form, language)}
        if act == "date":
            return {"on": self._day(form, language)}
        if act == "pause" and form.get("weeks") in WEEKS:
            return {"pause_until": (self._today() + timedelta(weeks=int(form["weeks"]))).isoformat()}
        if act in MEANS and _TOKEN.fullmatch(form.get("token", "")):
            return {"token": form["token"], "caution": form.get("caution") == "yes"}
        raise WishRefused(self.pages.why_not("amount", language))

    def _minor(self, form: Form, language: str) -> int:
        offer, currency = self._table.offer, form.get("currency", "")
        try:
            asked = {"frequency": "monthly", "own": form.get("own", ""), "currency": currency}
            return support_forms.read(asked, offer).money.minor
        except FormRefused as refused:
            known = currency if currency in offer.least else next(iter(offer.least))
            bounds = {"least": Money(offer.least[known], known), "most": Money(offer.most[known], known)}
            shown = {name: self.pages.amount(money, language) for name, money in bounds.items()}
            raise WishRefused(self.pages.why_not(refused.reason, language, **shown)) from None

    def _day(self, form: Form, language: str) -> str:
        try:
            day = datetime.strptime(form.get("on", ""), "%Y-%m-%d").date()  # noqa: DTZ007 (a day)
        except ValueError:
            day = self._today()
        if not self._today() < day <= self._today() + timedelta(days=LATEST):
            raise WishRefused(self.pages.label("day_wrong", language))
        return day.isoformat()

    def _today(self) -> Any:
        return datetime.fromtimestamp(self._clock(), UTC).date()

    # --- handing on -----------------------------------------------------------------------------------------------

    def _posted(
        self, words: dict[str, Any], link: Capability, token: str, *, is_script: bool, form: Form | None = None
    ) -> Reply:
        language, status_id = self.pages.language(link.language), self._live.new_id()
        said = {**words, **_named(link), "id": status_id, "until": int(self._clock()) + WITHIN}
        kept = {name: form[name] for name in ("token", "act") if form and form.get(name)}
        address = f"/status/{status_id}?{language}"
        try:
            if self._gate.turn(token) is None:
                raise LiveFull
            about = {"link": token, **kept}
            self._live.post(status_id, sealed(self._configuration.intake[0], said), WITHIN, about)
        except LiveFull:
            if is_script:
                return as_json(429, error="crowded")
            return 429, self.pages.page("crowded", language, action=f"/l/{token}"), []
        return as_json(200, id=status_id, status=address) if is_script else see(address)

    async def _cancel(self, link: Capability, token: str) -> Reply:
        own, language, status_id = self._configuration, self.pages.language(link.language), self._live.new_id()
        words = {"kind": "manage", "act": "cancel", **_named(link), "id": status_id}
        try:
            if self._gate.turn(token) is None:
                raise SpoolFull
            await self._spool.keep(vouched(own.intake[0], own.own, words))
        except SpoolFull:
            return 503, self.pages.page("crowded", language, action=f"/l/{token}"), [(b"retry-after", b"60")]
        if not self._live.is_newsroom_here:
            return 200, self.pages.page("kept", language), []
        self._live.expect(status_id, {"link": token})
        return see(f"/status/{status_id}?{language}")


def _named(link: Capability) -> dict[str, Any]:
    """Which plan, and by which of its links."""
    return {"number": link.number.hex(), "epoch": link.words[1] if len(link.words) > 1 else "0"}
