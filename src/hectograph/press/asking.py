"""When a page asks for support, and by which message: the rules, the files that tell browsers, the reasons in words.

Readers' browsers decide by themselves (`ask.js`, from `campaign.json`). `why_not` is the same decision, for editors; a
test holds both against one table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from hectograph.press.records import Site
from hectograph.press.schema import iso
from hectograph.press.support_records import Appeal, Place
from hectograph.press.words import Vocabulary

_WORDS = {
    "no": "ask_no",
    "remind": "remind",
    "how": "ask_how",
    "month": "remind_month",
    "file": "ask_file",
    "mail": "ask_mail",
    "made": "ask_made",
    "goal": "ask_goal",
    "raised": "ask_raised",
    "support": "support",
}


@dataclass(frozen=True, slots=True)
class View:
    """What a reader has before them: a page, at a time, on a device. `section` is a path, empty where there is none;
    `is_quiet`: "not before" a day that is still to come."""

    path: str
    language: str
    now: datetime
    section: str = ""
    is_sensitive: bool = False
    is_quiet: bool = False


def why_not(appeal: Appeal, view: View, place: Place) -> str:
    """Why `appeal` is not shown at `place` of what is viewed, as a sentence for editors; empty where it is shown."""
    names_pages = bool(appeal.sections or appeal.stories)
    reasons = (
        (view.is_sensitive, "Not shown: sensitive story."),
        (place not in appeal.places, "Not shown: this appeal has no such place."),
        (view.now < appeal.starts, "Not shown: it has not begun."),
        (view.now >= appeal.ends, "Not shown: it has ended."),
        (view.language not in appeal.texts, "Not shown: it has no words in this language."),
        (
            names_pages and view.section not in appeal.sections and view.path not in appeal.stories,
            "Not shown: other section or story.",
        ),
        (view.is_quiet and place is not Place.PAGE, "Not shown: “not before” on this device."),
    )
    return next((words for holds, words in reasons if holds), "")


def script(site: Site, *, store: str = "localStorage", credentials: str = "omit") -> bytes:
    """`ask.js` with the words of every language. `store` is where a browser keeps its one day; `credentials` is how it
    asks for `campaign.json`."""
    words = {one.language: _words(site, one.language) for one in site.languages}
    text = (files("hectograph.press") / "assets" / "ask.js").read_text(encoding="utf-8")
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("//") and line.strip())
    text = text.replace("@@store@@", store).replace("@@credentials@@", credentials)
    return text.replace("@@words@@", _plain(words)).encode()


def _words(site: Site, language: str) -> dict[str, str]:
    vocabulary = Vocabulary(language, site.time_zone)
    said = {name: vocabulary.text(word) for name, word in _WORDS.items()}
    return said | {"title": site.words(language).giving.reminder_title or vocabulary.text("reminder_title")}


def campaigns(appeals: Sequence[Appeal]) -> bytes:
    """`campaign.json`: the appeals that browsers lay over the standing message, the first that is meant for a page."""
    return _plain({"appeals": [_row(appeal) for appeal in appeals]}).encode()


def _row(appeal: Appeal) -> dict[str, Any]:
    row: dict[str, Any] = {
        "slug": appeal.slug,
        "from": iso(appeal.starts),
        "to": iso(appeal.ends),
        "places": [place.value for place in appeal.places],
        "sections": list(appeal.sections),
        "stories": list(appeal.stories),
        "words": {language: {"title": text.title, "text": list(text.text)} for language, text in appeal.texts.items()},
        "amounts": {
            offer.currency: {name: list(minors) for name, minors in offer.by_frequency() if minors}
            for offer in appeal.offers
        },
        "frequency": appeal.frequency,
        "choice": appeal.choice,
    }
    if appeal.goal:
        row["goal"] = _goal(appeal)
    return row


def _goal(appeal: Appeal) -> dict[str, Any]:
    found: dict[str, Any] = {"minor": appeal.goal, "currency": appeal.currency}
    if appeal.raised is not None:
        found |= {"raised": appeal.raised, "percent": appeal.raised * 100 // appeal.goal}
    return found


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
