"""Paying at the desk: the form is read, the pay page shown, what its script made is sealed and handed on at once.

POST /support       the form of a story page → the pay page's address, or what is wrong with the form
GET  /pay/TICKET    the pay page
POST /pay/TICKET    a token of the processor's script, or "by transfer" → /status/ID

Who has no address to give but must (a plan), whose newsroom is away, who comes too often: each is told so, and that
nothing was charged. Nothing of a payment touches a disk here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hectograph.desk import forms, tickets, work
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Reply, as_json, see
from hectograph.desk.limits import Gate
from hectograph.desk.live import Live, LiveFull
from hectograph.desk.own_marks import OwnMarks
from hectograph.desk.pay_pages import PayPages, hidden
from hectograph.desk.sealed_words import sealed
from hectograph.desk.support_table import SupportTable
from hectograph.desk.tickets import Ticket
from hectograph.money import Money
from hectograph.payments import forms as support_forms
from hectograph.payments.forms import FormRefused, Frequency

WITHIN = 120  # seconds in which the newsroom has to have a payment; later it is not made
_TOKEN = re.compile(r"[A-Za-z0-9_]{4,120}")
_POSTED = ("token", "method", "email")  # what a second press sends again
_ASK_ADDRESS = ("email", "watched")  # pages with a field for another one
Form = Mapping[str, str]


@dataclass(frozen=True)
class Press:
    """One press of a button on a pay page."""

    ticket: Ticket
    text: str  # of the ticket
    form: Form
    client: str
    is_script: bool

    @property
    def method(self) -> str:
        return self.form.get("method", "card")

    @property
    def kept(self) -> dict[str, str]:
        return {name: self.form[name] for name in _POSTED if self.form.get(name)}


class Paying:
    def __init__(
        self,
        configuration: Configuration,
        table: SupportTable,
        pages: PayPages,
        live: Live,
        clock: Callable[[], float],
    ) -> None:
        self._key, self.table, self.live, self._clock = configuration.intake[0], table, live, clock
        self.pages = pages
        self._marks, self._configuration = OwnMarks(configuration.own), configuration
        self.gate = Gate(table.per_client, table.in_all)
        self._tickets, self._ease = Gate(table.per_ticket, 0), Gate(0, table.at_ease)

    # --- the form -------------------------------------------------------------------------------------------------

    def support(self, form: Form) -> Reply:
        """Read the form of a story page."""
        language = self.pages.language(form.get("language", ""))
        if not self.table.methods:  # plans are here still, and can be ended
            return 503, self.pages.page("closed", language), []
        try:
            ask = support_forms.read(form, self.table.offer)
        except FormRefused as refused:
            return 422, self._ask_again(form, refused.reason, language), []
        return see(f"/pay/{tickets.issue(self._marks, ask, language, form.get('appeal', ''), self._clock())}")

    def _ask_again(self, form: Form, reason: str, language: str) -> bytes:
        offer, currency = self.table.offer, form.get("currency", "")
        if currency not in offer.least:
            currency = next(iter(offer.least))
        frequency = form.get("frequency", "")
        bounds = {"least": Money(offer.least[currency], currency), "most": Money(offer.most[currency], currency)}
        shown = {name: self.pages.amount(money, language) for name, money in bounds.items()}
        typed = (form.get("own", "").strip() or form.get(frequency, ""))[: 2 * support_forms.LONGEST_TYPED]
        chosen = {frequency: " checked"} if frequency in set(Frequency) else {}
        kept = {"language": language, "appeal": form.get("appeal", "")[:60]}
        made = {"kept": hidden(kept), currency: " selected", **chosen}
        return self.pages.page("ask", language, made, why=self.pages.why_not(reason, language, **shown), typed=typed)

    # --- the pay page ---------------------------------------------------------------------------------------------

    def show(self, text: str) -> Reply:
        """The pay page of a ticket."""
        ticket = tickets.read(self._marks, text)
        if ticket is None or self._clock() > ticket.until:
            return self._page(404, "over", ticket)
        language, money = ticket.language, ticket.ask.money
        name = "pay-once" if ticket.frequency == Frequency.ONCE else "pay-again"
        name += "" if money.currency in self.table.transfer else "-no-transfer"
        places = {"minor": str(money.minor), "currency": money.currency, "action": f"/pay/{text}"}
        places |= {"amount": self.pages.amount(money, language)}
        places |= {"how": self.pages.how_often(ticket.frequency, language)}
        return 200, self.pages.page(name, language, **places), []

    def pay(self, text: str, form: Form, client: str, *, is_script: bool, is_whole: bool) -> Reply:
        """A press of a pay page's button."""
        ticket = tickets.read(self._marks, text)
        if ticket is None or self._clock() > ticket.until:
            return as_json(410, error="over") if is_script else self._page(404, "over", ticket)
        press = Press(ticket, text, form, client, is_script)
        if refused := self._refused(press, is_whole=is_whole):
            return refused
        return self._post(press)

    def _refused(self, press: Press, *, is_whole: bool) -> Reply | None:
        """Why nothing is made of this press; None where something is."""
        if not is_whole or press.method not in self.table.methods or not self._has_token(press):
            return self._not_taken(press, 422, "wrong", "over")
        if press.method == "transfer" and press.ticket.currency not in self.table.transfer:
            return self._not_taken(press, 422, "wrong", "closed")
        if press.ticket.frequency != Frequency.ONCE and press.method != "transfer" and not _address(press):
            return self._not_taken(press, 422, "email_wrong", "email")
        if press.ticket.frequency != Frequency.ONCE and self._configuration.is_unmailed(_address(press)):
            return self._not_taken(press, 422, "watched", "watched")
        if not self.live.is_newsroom_here:
            return self._not_taken(press, 503, "away", "away")
        if self._tickets.turn(press.ticket.intent) is None or self.gate.turn(press.client) is None:
            return self._not_taken(press, 429, "crowded", "crowded")
        return self._task(press)

    def _has_token(self, press: Press) -> bool:
        return press.method == "transfer" or bool(_TOKEN.fullmatch(press.form.get("token", "")))

    def _task(self, press: Press) -> Reply | None:
        """Over the number that comes in on a good day each card has to be worked for."""
        if self._ease.turn("") is not None or press.method == "transfer":
            return None
        purpose, now = press.form.get("token", ""), self._clock()
        if work.is_solved(self._marks, purpose, press.form.get("work", ""), press.form.get("tried", ""), now):
            return None
        if not press.is_script:
            return self._not_taken(press, 429, "crowded", "crowded")
        return as_json(429, work=work.question(self._marks, purpose, now), bits=work.BITS)

    def _post(self, press: Press) -> Reply:
        ticket, status_id = press.ticket, self.live.new_id()
        words = {
            "kind": "give",
            "id": status_id,
            "intent": ticket.intent,
            "frequency": ticket.frequency,
            "minor": ticket.minor,
            "currency": ticket.currency,
            "language": ticket.language,
            "appeal": ticket.appeal,
            "method": press.method,
            "token": press.form.get("token", ""),
            "email": _address(press) if ticket.frequency != Frequency.ONCE else "",
            "caution": press.form.get("caution") == "yes",
            "until": int(self._clock()) + WITHIN,
        }
        about = {"ticket": press.text, **press.kept}
        try:
            self.live.post(status_id, sealed(self._key, words), WITHIN, about)
        except LiveFull:
            return self._not_taken(press, 503, "crowded", "crowded")
        address = f"/status/{status_id}?{ticket.language}"
        return as_json(200, id=status_id, status=address) if press.is_script else see(address)

    def _not_taken(self, press: Press, status: int, word: str, page: str) -> Reply:
        """Nothing was charged; for the script as a word, else as a page from which the same can be sent again."""
        if press.is_script:
            return as_json(status, error=word)
        return self._page(status, page, press.ticket, press.text, press.kept)

    def _page(self, status: int, name: str, ticket: Ticket | None, text: str = "", kept: Form = {}) -> Reply:  # noqa: B006 (read only)
        language = self.pages.language(ticket.language if ticket else "")
        again = {field: value for field, value in kept.items() if field != "email" or name not in _ASK_ADDRESS}
        made = {"kept": hidden(again), "again": self.pages.again(f"/pay/{text}" if text else "", language)}
        places = {"ticket": text, "action": f"/pay/{text}", "typed": kept.get("email", "")}
        return status, self.pages.page(name, language, made, **places), []


def _address(press: Press) -> str:
    """The address for a plan's link; empty where none that mail can be sent to was given."""
    return forms.address(press.form.get("email", "")[: forms.LONGEST_TYPED]) or ""
