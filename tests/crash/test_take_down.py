"""When the command says done, no file under HECTO_HOME holds the words: read as bytes, and decompressed."""

import gzip
from pathlib import Path

import brotli
import pytest

from tests.process import Home

WORDS = ("quorvexia", "blundrathic", "zimmerfolk", "ashtrovane")  # headline, body, caption, byline
STORY = """
room = Newsroom()
by = room.byline("ashtrovane", "Ashtrovane Pell")
story = room.story("Quorvexia rises", words="A blundrathic affair.", lead_caption="A zimmerfolk.", bylines=[by])
room.edit(story, standfirst="Quorvexia again, and a blundrathic end.")
other = room.story("Another story", words="It speaks of Quorvexia rises, too.")
print(story.pk, other.pk)
"""
LETTER = """
import datetime
from hectograph.letters.edition import Edition, State
from hectograph.letters.letter import Letter
from hectograph.newsroom.flows import letter_mail, letter_site
from hectograph.stories.story import Story
edition = Edition.objects.create(newsletter="weekly", slot=datetime.date(2026, 11, 27))
letter = Letter.objects.create(edition=edition, language="en", subject="Five stories")
for order, title in enumerate(("Quorvexia rises", "A quiet day")):
    letter.entries.create(order=order, story=Story.objects.get(title=title).pk, full=True)
letter_mail.approve(edition, 1, datetime.datetime.now(datetime.UTC))
Edition.objects.update(state=State.DONE, frozen_count=1, frozen_at=datetime.datetime.now(datetime.UTC))
letter_site.publish_those_out(datetime.datetime.now(datetime.UTC))
"""


def holding(folder: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Files below `folder` in which one of `words` stands, in any case, also inside their compression."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            unpack = {".br": brotli.decompress, ".gz": gzip.decompress}.get(path.suffix, bytes)
            text = (data + unpack(data)).lower()
            found += [(str(path.relative_to(folder)), word) for word in words if word.encode() in text]
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.found()
    return made


@pytest.mark.parametrize("leave", ["--reason=It was wrong.", "--nothing"])
def test_no_word_of_a_taken_down_story_is_left(home: Home, leave: str) -> None:
    story, other = home.python(STORY).split()
    home.hecto("publish")
    home.hecto("publish", "--search")
    assert {word for _, word in holding(home.folder / "var", WORDS)} == set(WORDS)
    home.python(f"Story.objects.get(pk={other}).unpublish(); Story.objects.get(pk={other}).delete()")
    done = home.hecto("take-down", story, leave)
    assert "Done." in done.stdout
    assert holding(home.folder / "var", WORDS) == []
    assert (home.site / "en/2026/11/quorvexia-rises.html").exists() == leave.startswith("--reason")


def test_mentions_in_other_stories_are_listed(home: Home) -> None:
    story, other = home.python(STORY).split()
    home.hecto("publish")
    assert f"Look at page {other}" in home.hecto("take-down", story).stdout


def test_no_letter_of_a_retired_byline_is_left(home: Home) -> None:
    home.python(STORY)
    home.hecto("publish")
    assert "Done." in home.hecto("retire", "ashtrovane").stdout
    assert holding(home.folder / "var", ("ashtrovane",)) == []
    assert b"Quorvexia rises" in (home.site / "en/2026/11/quorvexia-rises.html").read_bytes()


def test_no_word_is_left_of_a_story_that_went_out_in_a_letter(home: Home) -> None:
    story, other = home.python(STORY + "room.story('A quiet day')").split()
    home.hecto("publish")
    home.python(LETTER)
    home.hecto("publish")
    home.python(f"Story.objects.get(pk={other}).unpublish(); Story.objects.get(pk={other}).delete()")
    page = home.site / "en/letters/weekly/2026-11-27.html"
    assert b"blundrathic" in page.read_bytes()
    assert "It went out with 1 letter" in home.hecto("take-down", story, "--nothing").stdout
    assert holding(home.folder / "var", WORDS) == []
    assert b"A quiet day" in page.read_bytes()
