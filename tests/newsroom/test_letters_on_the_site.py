"""Letters on the site: web version, archive, feed, newest; a take-down reaches them; a wrong link can be mended."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import feedparser
import pytest

from hectograph.letters import approval
from hectograph.letters.edition import CompiledLetter, Edition, State
from hectograph.letters.letter import Entry, Letter
from hectograph.newsroom.flows import letter_mail, letter_removal, letter_site
from hectograph.newsroom.flows.take_down import take_down
from tests.newsroom.cast import body
from tests.newsroom.test_publish import full as full_build
from tests.newsroom.test_publish import tree, work

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)


def sent(stories: list[Any], language: str = "en", slot: date = date(2026, 11, 27), **words: str) -> Letter:
    """A letter of `stories` that went out and came to the site."""
    edition, _ = Edition.objects.get_or_create(newsletter="weekly", slot=slot)
    text = {"subject": "Five stories", "preheader": "A look inside", "introduction": "Dear readers.", **words}
    letter = Letter.objects.create(edition=edition, language=language, **text)
    for order, story in enumerate(stories):
        Entry.objects.create(letter=letter, order=order, story=story.pk, note="The editors *say*.")
    Edition.objects.filter(pk=edition.pk).update(state=State.DONE, frozen_count=1, frozen_at=NOW)
    letter_site.publish_those_out(NOW)
    work()
    return letter


def test_a_letter_that_went_out_stands_on_the_site(newsroom: Any, site_root: Path) -> None:
    sent([newsroom.story("The river rose")])
    page = (site_root / "en/letters/weekly/2026-11-27.html").read_text()
    assert "The editors <em>say</em>." in page
    assert 'href="../../../en/2026/11/the-river-rose.html"' in page
    assert "Five stories" in (site_root / "en/letters/weekly.html").read_text()
    assert "Five stories" in (site_root / "en/letters/weekly/2026.html").read_text()
    assert "en/letters/weekly/2026-11-27.html" in (site_root / "sitemaps/en/pages.xml").read_text()


def test_the_newest_letter_is_what_preview_shows(newsroom: Any, site_root: Path) -> None:
    story = newsroom.story("The river rose")
    work()
    assert "letters/weekly" not in (site_root / "en/2026/11/the-river-rose.html").read_text()
    sent([story], slot=date(2026, 11, 20))
    sent([story], subject="Newer")
    newest = (site_root / "en/letters/weekly/newest.html").read_bytes()
    assert newest == (site_root / "en/letters/weekly/2026-11-27.html").read_bytes()


def test_a_draft_is_nowhere(newsroom: Any, site_root: Path) -> None:
    edition = Edition.objects.create(newsletter="weekly", slot=date(2026, 11, 27))
    Letter.objects.create(edition=edition, language="en", subject="Not yet")
    letter_site.publish_those_out(NOW)
    work()
    assert not (site_root / "en/letters").exists()


def test_the_feed_holds_whole_letters(newsroom: Any, site_root: Path) -> None:
    sent([newsroom.story("The river rose")])
    for name in ("feed.xml", "atom.xml"):
        feed = feedparser.parse((site_root / "en/letters/weekly" / name).read_bytes())
        assert not feed.bozo
        assert "The river rose" in feed.entries[0].content[0].value


def test_the_other_language_is_its_twin(newsroom: Any, site_root: Path) -> None:
    sent([newsroom.story("The river rose")])
    sent([newsroom.story("Река поднялась", language="ru")], language="ru")
    assert 'hreflang="ru"' in (site_root / "en/letters/weekly/2026-11-27.html").read_text()


def test_a_changed_story_changes_the_letters_that_name_it(newsroom: Any, site_root: Path) -> None:
    story = newsroom.story("The river rose")
    sent([story])
    newsroom.edit(story, title="The river rose twice")
    work()
    assert "The river rose twice" in (site_root / "en/letters/weekly/2026-11-27.html").read_text()


def approved_and_sent(*stories: Any, full: bool = False) -> Letter:
    """A letter that was approved as an editor does it, and has not gone out yet."""
    edition = Edition.objects.create(newsletter="weekly", slot=date(2026, 11, 27), zone="UTC")
    letter = Letter.objects.create(edition=edition, language="en", subject="Five stories", introduction="Dear readers.")
    for order, story in enumerate(stories):
        Entry.objects.create(letter=letter, order=order, story=story.pk, full=full)
    work()
    assert letter_mail.approve(edition, 1, NOW) == 0
    return letter


def goes_out(letter: Letter) -> str:
    """What its mail says."""
    Edition.objects.filter(pk=letter.edition_id).update(state=State.DONE, frozen_count=1, frozen_at=NOW)
    letter_site.publish_those_out(NOW)
    work()
    return html_of(letter.edition.compiled.get())


def html_of(row: CompiledLetter) -> str:
    mail = message_from_bytes(bytes(row.head) + bytes(row.body), policy=policy.default)
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_a_story_edited_after_the_approval_stands_in_mail_and_web_version_as_it_was_approved(
    newsroom: Any, site_root: Path, tmp_path: Path
) -> None:
    story = newsroom.story("The river rose", standfirst="By a hand.", words="The lower quay was closed.")
    letter = approved_and_sent(story, full=True)
    newsroom.edit(story, title="The river fell", standfirst="By a foot.", body=body("The quay is open."))
    mail = goes_out(letter)
    page = (site_root / "en/letters/weekly/2026-11-27.html").read_text()
    for words in ("The river rose", "By a hand.", "The lower quay was closed."):
        assert words in mail
        assert words in page
    assert "The river fell" not in page
    assert "The river fell" in (site_root / "en/2026/11/the-river-rose.html").read_text()
    newsroom.edit(story, title="The river fell again")
    work()
    assert "The river fell" not in (site_root / "en/letters/weekly/2026-11-27.html").read_text()
    whole = full_build(tmp_path / "whole")
    assert whole["en/letters/weekly/2026-11-27.html"] == tree(site_root)["en/letters/weekly/2026-11-27.html"]


def test_an_approval_that_is_given_anew_is_for_the_story_as_it_is_then(newsroom: Any, site_root: Path) -> None:
    story = newsroom.story("The river rose")
    letter = approved_and_sent(story)
    newsroom.edit(story, title="The river fell")
    approval.withdraw(letter.edition)
    letter_mail.approve(letter.edition, 1, NOW)
    assert "The river fell" in goes_out(letter)
    assert "The river fell" in (site_root / "en/letters/weekly/2026-11-27.html").read_text()


def test_while_it_is_written_the_letter_shows_the_story_as_it_is(newsroom: Any) -> None:
    story = newsroom.story("The river rose")
    letter = approved_and_sent(story)
    approval.withdraw(letter.edition)
    newsroom.edit(story, title="The river fell")
    letter.refresh_from_db()
    assert "The river fell" in letter_mail.preview(Letter.objects.get(pk=letter.pk), "web")


def test_a_take_down_reaches_what_was_approved_before_an_edit(newsroom: Any, site_root: Path) -> None:
    goes, stays = newsroom.story("Quorvexia rises"), newsroom.story("Stays")
    letter = approved_and_sent(goes, stays)
    newsroom.edit(goes, title="Nothing rises")
    goes_out(letter)
    assert "Quorvexia" in (site_root / "en/letters/weekly/2026-11-27.html").read_text()
    take_down(goes.pk)
    work()
    plain = {path: data for path, data in tree(site_root).items() if not path.endswith((".br", ".gz"))}
    assert [path for path, data in plain.items() if path.startswith("en/letters") and b"Quorvexia" in data] == []


def test_with_letters_both_builds_agree_to_the_byte(newsroom: Any, site_root: Path, tmp_path: Path) -> None:
    first, second = newsroom.story("One"), newsroom.story("Two")
    sent([first], slot=date(2025, 12, 26))
    sent([first, second])
    newsroom.edit(second, title="Two again")
    letter_site.mend("en/wrong.html", "en/2026/11/one.html")
    work()
    incremental, whole = tree(site_root), full_build(tmp_path / "whole")
    assert sorted(incremental) == sorted(whole)
    assert [path for path in whole if incremental[path] != whole[path]] == []


def test_a_take_down_reaches_web_version_archive_feed_and_kept_bytes(newsroom: Any, site_root: Path) -> None:
    goes, stays = newsroom.story("Quorvexia rises"), newsroom.story("Stays")
    letter = sent([goes, stays])
    CompiledLetter.objects.create(edition=letter.edition, language="en", subject="x", head=b"", body=b"Quorvexia")
    gone = take_down(goes.pk)
    work()
    assert gone.letters == [letter.edition_id]
    assert not CompiledLetter.objects.exists()
    plain = {path: data for path, data in tree(site_root).items() if not path.endswith((".br", ".gz"))}
    assert [path for path, data in plain.items() if path.startswith("en/letters") and b"Quorvexia" in data] == []
    assert "Stays" in (site_root / "en/letters/weekly/2026-11-27.html").read_text()


@pytest.mark.parametrize(
    ("before", "after"), [(State.APPROVED, State.DRAFT), (State.SENDING, State.CANCELLED), (State.DONE, State.DONE)]
)
def test_a_take_down_stops_a_letter_that_holds_the_story(newsroom: Any, before: State, after: State) -> None:
    story = newsroom.story("Goes")
    edition = Edition.objects.create(newsletter="weekly", slot=date(2026, 11, 27))
    Entry.objects.create(letter=Letter.objects.create(edition=edition, language="en"), order=0, story=story.pk)
    compiled = CompiledLetter.objects.create(edition=edition, language="en", subject="x", head=b"", body=b"")
    approval.approve(edition, 1, NOW, needed=1)
    assert compiled.pk
    Edition.objects.filter(pk=edition.pk).update(state=before)
    take_down(story.pk)
    edition.refresh_from_db()
    assert edition.state == after
    assert not edition.compiled.exists()


def test_letters_that_speak_of_it_in_their_own_words_are_named(newsroom: Any) -> None:
    letter = sent([newsroom.story("One")], introduction="Read about Quorvexia.")
    assert letter_removal.mentions("quorvexia") == [letter.edition]


@pytest.mark.parametrize("target", ["en/2026/11/one.html", "https://elsewhere.example/a"])
def test_a_wrong_link_of_a_sent_letter_is_mended_on_our_own_site(newsroom: Any, site_root: Path, target: str) -> None:
    newsroom.story("One")
    letter_site.mend("en/2026/11/oen.html", target)
    work()
    page = (site_root / "en/2026/11/oen.html").read_text()
    assert target in page
    assert "refresh" in page
