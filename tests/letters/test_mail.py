"""The letter as mail: whole without pictures, asking nobody for anything, in both scripts, in plain text too."""

import re
import socket
from dataclasses import replace
from typing import Any

import html5lib
import pytest

from hectograph.letters import findings, mail_html
from hectograph.letters.mail_html import LEAVE, SITE, CompileProblem, html
from hectograph.letters.mail_text import text
from hectograph.post.compiled import Slot
from hectograph.press.letter_records import LetterHeading, LetterPage
from hectograph.press.records import Paragraph
from tests.letters.conftest import IMPRINT, LETTER, STORY, with_story


def words_of(page: str) -> str:
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    return " ".join("".join(body.itertext()).split())


def test_everything_is_said_without_pictures(letter: LetterPage) -> None:
    shown = words_of(re.sub(r"<img[^>]*>", "", html(letter, IMPRINT)))
    for words in ("Five stories", "Dear readers.", "City", "Who paid for the bridge", "Four thousand", "A note."):
        assert words in shown


def test_links_stand_on_marks_and_nowhere_else(letter: LetterPage) -> None:
    page = html(with_story(full=True), IMPRINT)
    targets = set(re.findall(r'(?:href|src)="([^"]*)"', page))
    assert {target.partition("/")[0] for target in targets} == {SITE, Slot.LINKS.mark}


def test_no_picture_is_smaller_than_it_looks(letter: LetterPage) -> None:
    """A pixel that counts openings would be one; ours are all of the site and the same for everyone."""
    images = re.findall(r"<img[^>]*>", html(letter, IMPRINT))
    assert [re.search(r'src="([^"]*)"', image)[1] for image in images] == [f"{SITE}/media/640.jpg"]  # type: ignore[index]
    assert all('alt="A bridge in fog"' in image for image in images)


def test_compiling_opens_no_socket(letter: LetterPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack 24. Neither in Python nor below it: the loaders are off, and what would be loaded is refused."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    page = html(letter, IMPRINT)
    assert "fonts.googleapis.com" not in page
    assert not re.search(r"<link|@import|<script", page)


@pytest.mark.parametrize(
    "planted",
    [
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<style>@import url("https://fonts.example/a.css");</style>',
        '<img src="file:///etc/passwd">',
        "<script>x</script>",
        '<a href="data:text/html,x">x</a>',
        '<p style="background:url(https://count.example/p)">x</p>',
    ],
)
def test_what_would_load_from_elsewhere_is_refused(planted: str) -> None:
    bad = with_story(body=(Paragraph(planted),), full=True)
    with pytest.raises(CompileProblem):
        html(bad, IMPRINT)


def test_a_broken_template_is_said_in_words(letter: LetterPage, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CompileProblem, match="template is broken"):
        mail_html._tables("<mjml><mj-body></mjml>")


def test_the_dark_scheme_is_part_of_the_mail(letter: LetterPage) -> None:
    page = html(letter, IMPRINT)
    assert "prefers-color-scheme:dark" in page.replace(" ", "")
    assert '<meta name="color-scheme" content="light dark">' in page


def test_russian_is_whole(letter: LetterPage) -> None:
    russian = replace(letter, language="ru", title="Пять историй", introduction=("Дорогие читатели.",))
    shown = words_of(html(russian, IMPRINT))
    assert "27 ноября 2026" in shown
    assert "Отписаться" in shown
    assert "Leave" not in shown


def test_right_to_left_runs_from_the_right(letter: LetterPage) -> None:
    page = html(replace(letter, language="ar"), IMPRINT)
    assert 'dir="rtl"' in page
    assert 'align="right"' in page


def test_the_plain_text_is_a_mail_in_itself() -> None:
    plain = text(with_story(full=True, note=("A note.",)), IMPRINT)
    for words in ("Five stories", "* Who paid for the bridge", "A note.", "By Ada Finch", f"{SITE}/en/2026/11/a.html"):
        assert words in plain
    assert f"It began with a letter ({SITE}/en/2026/11/b.html)." in plain
    assert not re.search(r"<\w", plain)
    assert plain.count(LEAVE) == 1


def test_words_that_look_like_html_stay_words() -> None:
    page = html(with_story(headline="<script>alert(1)</script> & co"), IMPRINT)
    assert "&lt;script&gt;" in page
    assert "<script>alert(1)</script> & co" in text(with_story(headline="<script>alert(1)</script> & co"), IMPRINT)


def test_an_alert_has_its_own_form(letter: LetterPage) -> None:
    page = words_of(html(replace(letter, alert=True), IMPRINT))
    assert "Alert" in page
    assert "City" not in page  # no sections


# --- what editors are told ----------------------------------------------------------------------------------------


def told(**changes: Any) -> list[str]:
    values: dict[str, Any] = {
        "subject": "Five stories",
        "preheader": "What they say",
        "stories": (7,),
        "texts": (),
        "alert": False,
        "is_ours": lambda path: path == "en/a.html",
        **changes,
    }
    return [
        f"{'! ' if finding.stops else ''}{finding.what}" for finding in findings.of_words(findings.Written(**values))
    ]


def test_a_sound_letter_is_left_alone() -> None:
    assert told(texts=("See [this](/en/a.html) and https://x.example/.",)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject": " "}, "! There is no subject."),
        ({"subject": "x" * 61}, "The subject has 61 characters"),
        ({"preheader": ""}, "There is no preheader."),
        ({"stories": ()}, "! There is no story in it."),
        ({"texts": ("[x](/en/gone.html)",)}, "! “/en/gone.html” leads nowhere"),
        ({"texts": ("[x](htp://a)",)}, "! “htp://a” is no address"),
        ({"texts": ("http://a.example",)}, "“http://a.example” is not https"),
        ({"alert": True, "stories": ()}, "! The alert says nothing yet."),
    ],
)
def test_what_is_amiss_is_said_while_it_is_written(changes: dict[str, Any], words: str) -> None:
    assert any(line.startswith(words) for line in told(**changes))


def test_an_unpublished_story_stops_the_letter(letter: LetterPage) -> None:
    found = findings.of_stories(letter, [(7, "There"), (8, "Not yet")])
    assert [(finding.stops, finding.what) for finding in found] == [(True, "“Not yet” is not published.")]


def test_a_picture_without_words_is_named() -> None:
    mute = with_story(lead=replace(STORY.lead, alt=" "))  # type: ignore[type-var]
    assert "alternative text" in findings.of_stories(mute, [(7, "")])[0].what


def test_too_many_pictures_are_counted(letter: LetterPage) -> None:
    many = replace(letter, entries=LETTER.entries[1:] * 9)
    assert findings.of_stories(many, [(7, "")])[0].what.startswith("9 pictures")


def test_the_clip_is_measured_on_the_html() -> None:
    long = with_story(body=(Paragraph("word " * 22_000),), full=True)
    assert "Gmail cuts it off" in findings.of_size(html(long, IMPRINT))[0].what
    assert findings.of_size(html(LETTER, IMPRINT)) == []


def test_a_section_without_a_story_is_named(letter: LetterPage) -> None:
    empty = replace(letter, entries=(LetterHeading("Culture"), *letter.entries))
    assert [finding.what for finding in findings.headings_without_stories(empty)] == ["Nothing stands under “Culture”."]


def test_an_empty_letter_has_no_empty_section(letter: LetterPage) -> None:
    assert findings.headings_without_stories(replace(letter, entries=())) == []
