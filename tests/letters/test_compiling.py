"""Compiled letters: the splice is proven, the neutral form tells nothing, what can't be sent says why."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import cast

import pytest

from hectograph.errors import Problem
from hectograph.letters.compiling import _READER, Outside, compiled
from hectograph.post.splice import bind
from hectograph.press.letter_records import LetterPage
from hectograph.press.records import Paragraph
from tests.letters.conftest import IMPRINT, with_story

OUTSIDE = Outside("letter@courier.example", ("courier.example",))
SITE = "https://courier.example"


def read(letter: LetterPage, outside: Outside = OUTSIDE) -> EmailMessage:
    raw = bind(compiled(letter, IMPRINT, outside), site=SITE, links=SITE).write(_READER)
    return cast(EmailMessage, message_from_bytes(raw, policy=SMTP))


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_a_copy_holds_the_letter_and_the_way_out(letter: LetterPage) -> None:
    mail = read(letter)
    assert mail["Subject"] == "Five stories"
    assert str(mail["From"]) == "Courier <letter@courier.example>"
    for kind in ("plain", "html"):
        assert f"{SITE}/l/{_READER.leave}" in part(mail, kind)
        assert f"{SITE}/en/2026/11/a.html" in part(mail, kind)
    assert mail["List-Unsubscribe"].startswith(f"<{SITE}/l/{_READER.leave}>")


def test_a_neutral_letter_tells_a_mailbox_nothing(letter: LetterPage) -> None:
    mail = read(letter, replace(OUTSIDE, neutral=True))
    assert "Courier" not in str(mail["From"])
    assert mail["Subject"] == "Notes of 27 November 2026"


@pytest.mark.parametrize(
    "words",
    ["." + "\r\n.\r\n", "a\r\n.\r\nRCPT TO:<x@example.org>", "bare\nfeed", "x" * 5_000, "ж" * 3_000, "\u2028\x0b\x0c"],
    ids=["a lone dot", "a smuggled command", "a bare line feed", "5,000 characters", "Cyrillic", "odd breaks"],
)
def test_no_words_of_an_editor_break_out_of_the_body(words: str) -> None:
    raw = compiled(with_story(body=(Paragraph(words),), full=True), IMPRINT, OUTSIDE)
    for line in (raw.head + raw.body).split(b"\r\n"):
        assert len(line) <= 998
        assert b"\n" not in line
        assert b"\r" not in line
        assert not line.startswith(b".")


def test_a_line_break_in_a_subject_stays_one_line(letter: LetterPage) -> None:
    assert read(replace(letter, title="One\r\nBcc: x@example.org"))["Subject"] == "One Bcc: x@example.org"


def test_without_a_subject_it_says_so(letter: LetterPage) -> None:
    with pytest.raises(Problem, match="no subject"):
        compiled(replace(letter, title="  "), IMPRINT, OUTSIDE)


def test_the_same_record_gives_the_same_bytes(letter: LetterPage) -> None:
    assert compiled(letter, IMPRINT, OUTSIDE).sha256 == compiled(letter, IMPRINT, OUTSIDE).sha256


def test_another_list_of_hosts_is_another_letter(letter: LetterPage) -> None:
    more = replace(OUTSIDE, hosts=("courier.example", "mirror.example"))
    assert compiled(letter, IMPRINT, more).sha256 != compiled(letter, IMPRINT, OUTSIDE).sha256
