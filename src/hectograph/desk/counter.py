"""What people send is looked over, sealed and kept; each of them gets a page that says what became of it.

Whoever is not taken now gets what they sent back in the page, ready to be sent once more: nothing is typed twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hectograph.desk import forms
from hectograph.desk.answers import Answers
from hectograph.desk.configuration import Configuration
from hectograph.desk.exchange import Reply
from hectograph.desk.limits import Gate
from hectograph.desk.spool import Spool
from hectograph.desk.store import SpoolFull
from hectograph.sealing import envelope
from hectograph.sealing.capability import Capability, Purpose
from hectograph.sealing.envelope import EnvelopeProblem
from hectograph.sealing.seal import seal

Form = Mapping[str, str]
_SIGN_UP = ("sealed", "address", "language", "letter", "text", "anyway", "after")  # the sign-up form's fields
_WORDS = ("letter",)  # of them, what is no part of an address
_CHOICES = ("language", "pause", "act")  # what the preference page may ask for
_LONGEST_CHOICE = 47  # letter- and a newsletter's slug
_TRAP = "website"  # hidden from people, and named so that no browser fills it in by itself
_DONE = {Purpose.CONFIRM: "confirmed", Purpose.LEAVE: "left", Purpose.PREFER: "saved"}
_FAREWELL = {"leave": "left", "erase": "erased"}
_RETRY = [(b"retry-after", b"60")]


class Counter:
    def __init__(self, configuration: Configuration, answers: Answers, spool: Spool) -> None:
        own, limits = configuration, configuration.limits
        self.configuration, self.answers, self.spool = own, answers, spool
        self.gate = Gate(limits.per_client, limits.in_all, line=limits.line, patience=limits.patience)
        self._links = Gate(limits.per_link, 0)  # one link, pressed without end, must not fill the spool
        self._intake = {envelope.key_id(key) for key in own.intake}

    def page(self, status: int, name: str, language: str, kept: Form = {}, **places: str) -> Reply:  # noqa: B006 (read only)
        return status, self.answers.page(name, language, kept, language=language, **places), []

    def _busy(self, status: int, language: str, action: str, kept: Form) -> Reply:
        return status, self.answers.page("busy", language, kept, action=action), _RETRY

    # --- signing up -----------------------------------------------------------------------------------------------

    async def sign_up(self, form: Form, client: str) -> Reply:
        language = self.answers.language(form.get("language", ""))
        if form.get(_TRAP) or _too_fast(form, self.configuration.limits.least_seconds):
            return self.page(200, "sent", language)  # a machine learns nothing from the answer
        if not await self.gate.lets_in(client):
            return self._busy(429, language, "sign-up", _some(form, _SIGN_UP))
        if "sealed" in form:
            return await self._take_sealed(form, language)
        return await self._take_plain(form, language)

    async def _take_sealed(self, form: Form, language: str) -> Reply:
        sealed = forms.envelope(form["sealed"])
        try:
            known = sealed is not None and envelope.read_key_id(sealed, envelope.VERSION) in self._intake
        except EnvelopeProblem:
            known = False
        if sealed is None or not known:  # under a key that is no longer in use: ask again, under the current one
            return self.page(409, "again", language, _some(form, _WORDS))
        return await self._keep_sign_up(sealed, form, language)

    async def _take_plain(self, form: Form, language: str) -> Reply:
        kept, typed = _some(form, _WORDS), (form.get("mended") or form.get("address", ""))[: forms.LONGEST_TYPED]
        address = forms.address(typed)
        if address is None:
            name = "foreign" if forms.is_foreign(typed) else "address"
            return self.page(422, name, language, kept, address=typed)
        if (meant := forms.suggestion(address)) and form.get("anyway") not in ("1", "2"):
            return self.page(200, "meant", language, kept, address=address, suggested=meant)
        if address.rpartition("@")[2] in self.configuration.watched_hosts:
            if self.configuration.refuse_watched:
                return self.page(200, "refused", language, kept)
            if form.get("anyway") != "2":
                return self.page(200, "watched", language, kept, address=address)
        words = {"kind": "sign-up", "address": address, "language": language}
        words |= {"letter": form.get("letter", "")[:400], "text": form.get("text", "")[:40]}
        return await self._keep_sign_up(self._sealed(words), form, language)

    async def _keep_sign_up(self, sealed: bytes, form: Form, language: str) -> Reply:
        if not await self._keeps(sealed):
            return self._busy(503, language, "sign-up", _some(form, _SIGN_UP))
        return self.page(200, "sent", language)

    # --- mailed links ---------------------------------------------------------------------------------------------

    async def wish(self, link: Capability, token: str, form: Form) -> Reply:
        """Take the wish of a reader who pressed the button on the page of `link`."""
        kept = {name: value[:20] for name, value in form.items() if _is_choice(name) and value}
        chosen = kept if link.purpose is Purpose.PREFER else {}
        words = {"kind": "wish", "purpose": int(link.purpose), "number": link.number.hex(), "chosen": chosen}
        words["letters"] = list(link.words[1:])  # the newsletters that the link is about; none: all
        if not await self._links.lets_in(token) or not await self._keeps(self._sealed(words)):
            door = "p" if link.purpose is Purpose.PREFER else "l"
            return self._busy(503, link.language, f"{door}/{token}", kept)
        return self._received(link.purpose, chosen, link.language)

    def as_if(self, link: Capability | None, form: Form, spoken: str) -> Reply:
        """The answer to a link that is not ours or is too old: that of one that is. Who asks learns nothing."""
        if link is None:
            return self.page(200, "left", spoken)
        return self._received(link.purpose, form if link.purpose is Purpose.PREFER else {}, link.language)

    def _received(self, purpose: Purpose, chosen: Form, language: str) -> Reply:
        name = _FAREWELL.get(chosen.get("act", ""), _DONE.get(purpose, "left"))
        return self.page(200, name, chosen.get("language", language))

    # --- keeping --------------------------------------------------------------------------------------------------

    def _sealed(self, words: dict[str, Any]) -> bytes:
        return seal(self.configuration.intake[0], json.dumps(words, ensure_ascii=False).encode())

    async def _keeps(self, sealed: bytes) -> bool:
        try:
            await self.spool.keep(sealed)
        except SpoolFull:
            return False
        return True


def _some(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    return {name: form[name] for name in names if form.get(name)}


def _is_choice(name: str) -> bool:
    return name in _CHOICES or (name.startswith("letter-") and len(name) <= _LONGEST_CHOICE)


def _too_fast(form: Form, least: float) -> bool:
    """`after` is the seconds that a browser with JavaScript counted; without it nothing is held against anyone."""
    try:
        return float(form.get("after", "inf")) < least
    except ValueError:
        return True
