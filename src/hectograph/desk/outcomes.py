"""What became of a payment, as a page or a word for the page's script.

GET  /status/ID     what can truly be said now; a whole page, or JSON where the script asks
POST /status/ID     the bank's challenge was answered: the newsroom looks again
"""

from __future__ import annotations

from collections.abc import Callable

from hectograph.desk import tickets
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Reply, as_json, see
from hectograph.desk.live import Live, LiveFull
from hectograph.desk.own_marks import OwnMarks
from hectograph.desk.pay_pages import PayPages, hidden
from hectograph.desk.sealed_words import sealed
from hectograph.payments.status import State, Status

WITHIN = 120  # seconds
_KEPT = ("token", "method", "email")  # sent again where the page asks once more


class Outcomes:
    def __init__(self, configuration: Configuration, pages: PayPages, live: Live, clock: Callable[[], float]) -> None:
        self._key, self.pages, self.live, self._clock = configuration.intake[0], pages, live, clock
        self._marks = OwnMarks(configuration.own)

    def status(self, status_id: str, spoken: str, *, is_script: bool) -> Reply:
        """What can be said of `status_id`, in the language `spoken`."""
        found = self.live.look(status_id)
        if is_script:
            return as_json(200, state=found.state.value if found else "gone", **_secret(found))
        language = self.pages.language(spoken)
        if found is None:
            return 404, self.pages.page("gone", language), []
        self.live.shown(status_id)
        name = "under-way" if found.state is State.ACTION else found.state.value
        return 200, self._page(name, found, language), []

    def _page(self, name: str, found: Status, language: str) -> bytes:
        about = self.live.about(found.id)
        ticket = tickets.read(self._marks, about.get("ticket", ""))
        made = {
            "kept": hidden({field: about[field] for field in _KEPT if field in about}),
            "again": self.pages.again(about.get("ticket", ""), language),
            "account": self.pages.account(found, ticket, language),
        }
        why = self.pages.declined(found.words.get("reason", ""), language)
        places = {"id": found.id, "why": why, "gave": self.pages.gave(ticket), "ticket": about.get("ticket", "")}
        return self.pages.page(name, language, made, **places)

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


def _secret(found: Status | None) -> dict[str, str]:
    return {"secret": found.words.get("secret", "")} if found and found.state is State.ACTION else {}
