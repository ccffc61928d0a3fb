"""What became of a payment, as a page or a word for the page's script.

GET  /status/ID     what can truly be said now; a whole page, or JSON where the script asks
POST /status/ID     the bank's challenge was answered: the newsroom looks again
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from hectograph.desk import plan_page, tickets
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Reply, as_json, see
from hectograph.desk.live import Live, LiveFull
from hectograph.desk.own_marks import OwnMarks
from hectograph.desk.pay_pages import PayPages, hidden
from hectograph.desk.sealed_words import sealed
from hectograph.payments.forms import MEANS
from hectograph.payments.status import NotAsAgreed, State, Status

WITHIN = 120  # seconds
_OVER = ("cancel", "link", "ended")  # wishes and reasons after which the same link does nothing more
_REFUSED: dict[str, str] = {
    NotAsAgreed.CAUTION: "refused-caution",
    NotAsAgreed.TERMS: "refused-terms",
}  # else by the country
_KEPT = ("token", "method", "email", "act")  # sent again where the page asks once more


class Outcomes:
    """`has_debits`: whether a plan's page may offer another account."""

    def __init__(
        self, configuration: Configuration, pages: PayPages, live: Live, clock: Callable[[], float], *, has_debits: bool
    ) -> None:
        self._key, self.pages, self.live, self._clock = configuration.intake[0], pages, live, clock
        self._has_debits = has_debits
        self._marks = OwnMarks(configuration.own)

    def status(self, status_id: str, spoken: str, *, is_script: bool, is_seen: bool = True) -> Reply:
        """What can be said of `status_id`, in the language `spoken`. Only what is seen counts as shown."""
        found = self.live.look(status_id)
        if is_script:
            return as_json(200, state=found.state.value if found else "gone", **_secret(found))
        language = self.pages.language(spoken)
        if found is None:
            return 404, self.pages.page("gone", language), []
        if is_seen:
            self.live.shown(status_id)
        about = self.live.about(status_id)
        if found.state is State.PLAN:
            today = datetime.fromtimestamp(self._clock(), UTC).date()
            link = about.get("link", "")
            return 200, plan_page.page(self.pages, found, link, language, today, has_debits=self._has_debits), []
        return 200, self._page(found, about, language), []

    def _page(self, found: Status, about: dict[str, str], language: str) -> bytes:
        ticket = tickets.read(self._marks, about.get("ticket", ""))
        action, again = _addresses(about)
        made = {
            "kept": hidden({field: about[field] for field in _KEPT if field in about}),
            "again": self._way_on(found, action, again, language),
            "on": "" if found.words.get("what") == "cancel" else " hidden",
            "manage": self.pages.manage(found.words.get("manage", ""), language),
            "receipt": self.pages.receipt(found.words.get("receipt", ""), language),
            "account": self.pages.account(found, ticket, language),
        }
        name = _name(found, about)
        why = self.pages.told(name, found, language)
        return self.pages.page(name, language, made, id=found.id, why=why, gave=self.pages.gave(ticket), action=action)

    def _way_on(self, found: Status, action: str, again: str, language: str) -> str:
        """Back to the plan once a wish came true, or to try once more, where either can be."""
        if found.words.get("reason", found.words.get("what")) in _OVER:
            return ""
        if found.state is State.DONE:
            return self.pages.again(action, language, "plan_title")
        return self.pages.again(again, language)

    def answered(self, status_id: str, spoken: str) -> Reply:
        """The bank's challenge is over."""
        found = self.live.look(status_id)
        if found and found.state is State.ACTION:
            words = {"kind": "give-after", "id": status_id, "until": int(self._clock()) + WITHIN}
            try:
                self.live.post(self.live.new_id(), sealed(self._key, words), WITHIN)
            except LiveFull:  # the newsroom looks by itself, too, only later
                return as_json(503, error="crowded")
        return see(f"/status/{status_id}?{self.pages.language(spoken)}")


def _name(found: Status, about: dict[str, str]) -> str:
    """The page for a state: while something is asked, a plan's wish has another one than a payment."""
    if found.state in (State.UNDER_WAY, State.ACTION):
        return "asking" if "link" in about else "under-way"
    if found.state is State.REFUSED and (asked := found.words.get("asked")):
        return _REFUSED.get(asked, "refused-asked")
    return found.state.value


def _addresses(about: dict[str, str]) -> tuple[str, str]:
    """Where the same is sent once more, and where it can be begun anew; empty where it is not remembered."""
    if link := about.get("link"):
        act = about.get("act", "")
        return f"/l/{link}", f"/l/{link}?{act}" if act in MEANS else f"/l/{link}"
    address = f"/pay/{about['ticket']}" if "ticket" in about else ""
    return address, address


def _secret(found: Status | None) -> dict[str, str]:
    return {"secret": found.words.get("secret", "")} if found and found.state is State.ACTION else {}
