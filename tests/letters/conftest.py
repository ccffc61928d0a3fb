"""A letter to try things on."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hectograph.letters.mail_html import Imprint
from hectograph.press import records
from hectograph.press.letter_records import LetterHeading, LetterPage, LetterPick
from hectograph.press.records import Paragraph, Photo, Rendition

AT = datetime(2026, 11, 27, 10, tzinfo=UTC)
PHOTO = Photo(1, "A bridge in fog", "", "", crops=tuple(Rendition(f"media/{w}.jpg", w, w, "jpeg") for w in (640, 1280)))
STORY = records.Story(
    id=7,
    language="en",
    path="en/2026/11/a.html",
    headline="Who paid for the bridge",
    standfirst="Four thousand invoices.",
    published=AT,
    modified=AT,
    section=records.Section(1, "City", "en/city.html"),
    body=(Paragraph('It <b>began</b> with <a href="/en/2026/11/b.html">a letter</a>.'),),
    lead=PHOTO,
    bylines=(records.Byline(1, "Ada Finch"),),
)
IMPRINT = Imprint("Courier", "Notice.", "Footer.", "en/pages/how.html", "Europe/Riga")
LETTER = LetterPage(
    newsletter="weekly",
    name="The Friday letter",
    language="en",
    path="en/letters/weekly/2026-11-27.html",
    title="Five stories",
    published=AT,
    preheader="What the invoices say",
    introduction=("Dear <em>readers</em>.",),
    entries=(LetterHeading("City"), LetterPick(STORY, ("A <strong>note</strong>.",))),
    archive="en/letters/weekly.html",
)


@pytest.fixture
def letter() -> LetterPage:
    return LETTER


def with_story(**changes: Any) -> LetterPage:
    """The letter with its one story changed."""
    pick = {name: changes.pop(name) for name in ("full", "picture", "note") if name in changes}
    return replace(LETTER, entries=(LetterPick(replace(STORY, **changes), **pick),))
