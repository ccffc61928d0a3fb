"""Copies spliced for one reader say what a slow composer says, and nothing in them can pass for a command."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.post import quoted, splice
from hectograph.post.compiled import MARKS, WIDTH, Compiled, Slot
from hectograph.post.lettering import Words, compile_letter
from hectograph.post.message import MessageProblem, Sender
from hectograph.post.splice import SpliceProblem, Values

SITE, LINKS = "https://courier.example", "https://links.example"
HOSTS = ("courier.example", "links.example", "mirror.example")
SENDER = Sender("Курьер", "letter@courier.example")
READER = Values(
    to="anna@example.org",
    date="Fri, 27 Nov 2026 06:00:00 +0000",
    message_id="<e.1.abc.def@courier.example>",
    leave="L" * 50 + "F" * 68,
    leave_mail="leave+abc.def@courier.example",
)


def letter(text: str = "Hello", html: str = "<p>Hello</p>", subject: str = "Friday") -> Compiled:
    foot = f"\n{Slot.LINKS.mark}/l/{Slot.LEAVE.mark} {Slot.SITE.mark}/a {Slot.LINKS.mark}/p/{Slot.LEAVE.mark}"
    words = Words("en", subject, text + foot, html + foot, "weekly.courier.example")
    return compile_letter(words, SENDER, HOSTS)


def copy(made: Compiled, reader: Values = READER) -> bytes:
    splice.prove(made, reader, site=SITE, links=LINKS)
    return splice.bind(made, site=SITE, links=LINKS).write(reader)


tokens = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=16, max_size=200)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400), tokens)
def test_any_words_and_any_token_come_back_as_they_went_in(text: str, html: str, leave: str) -> None:
    text, html = (word.replace("\r\n", "\n").replace("\r", "\n") for word in (text, html))
    copied = copy(letter(text, html), READER._replace(leave=leave))
    read = message_from_bytes(copied, policy=policy.SMTP)
    plain = [part.get_payload(decode=True) for part in read.walk() if not part.is_multipart()]
    expected = f"{LINKS}/l/{leave} {SITE}/a {LINKS}/p/{leave}"
    assert [data.decode().replace("\r\n", "\n") for data in plain] == [f"{text}\n{expected}", f"{html}\n{expected}"]


@given(st.text(max_size=300))
def test_no_line_is_long_or_begins_with_a_dot(text: str) -> None:
    for line in quoted.encode(text + Slot.LEAVE.mark + text).split(b"\r\n"):
        assert len(line) <= 76
        assert line[:1] != b"."
        assert b"\n" not in line


@pytest.mark.parametrize(
    "text", ["a\r\n.\r\nMAIL FROM:<x@y.z>\r\n", "a\n.\nb", "a\r.\rb", "." * 200, "x" * 5000, "From me"]
)
def test_what_could_smuggle_a_command_is_encoded(text: str) -> None:
    body = copy(letter(text)).partition(b"\r\n\r\n")[2]
    assert b"\r\n." not in body
    assert b"\nFrom " not in body
    assert max(map(len, body.split(b"\r\n"))) <= 76


def test_no_slot_is_ever_cut() -> None:
    for shift in range(80):
        made = letter("x" * shift)
        assert len(MARKS.findall(made.body.decode())) == 10
        assert b"hectoslot" not in copy(made)
    assert {len(slot.mark) for slot in Slot} == {WIDTH}


def test_a_slot_cut_by_a_soft_break_is_refused() -> None:
    made = letter()
    mark = Slot.LEAVE.mark.encode()
    cut = replace(made, body=made.body.replace(mark, mark[:20] + b"=\r\n" + mark[20:], 1))
    with pytest.raises(SpliceProblem):
        splice.prove(cut, READER, site=SITE, links=LINKS)


def test_a_line_that_begins_with_a_dot_is_refused() -> None:
    made = letter()
    with pytest.raises(SpliceProblem):
        splice.prove(replace(made, body=b".\r\n" + made.body), READER, site=SITE, links=LINKS)


def test_links_stand_on_approved_hosts_alone() -> None:
    made = letter()
    splice.bind(made, site="https://mirror.example", links=LINKS)
    for wrong in ("https://elsewhere.example", "http://mirror.example", "https://mirror.example/x", "mirror.example"):
        with pytest.raises(SpliceProblem):
            splice.bind(made, site=wrong, links=LINKS)


def test_the_hash_holds_every_byte_and_the_list_of_hosts() -> None:
    made = letter()
    changed = [
        replace(made, body=made.body + b" "),
        replace(made, head=made.head + b" "),
        replace(made, subject="Other"),
        replace(made, link_hosts=(*made.link_hosts, "more.example")),
    ]
    assert len({made.sha256, *(other.sha256 for other in changed)}) == 5
    assert letter().sha256 == made.sha256


def test_the_headers_of_bulk_mail_stand_unfolded_and_https_comes_first() -> None:
    head = copy(letter()).partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert f"List-Unsubscribe: <{LINKS}/l/{READER.leave}>, <mailto:{READER.leave_mail}>" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert {"List-Id: <weekly.courier.example>", "Precedence: bulk", f"Message-ID: {READER.message_id}"} <= set(head)


@pytest.mark.parametrize("subject", ["Friday\r\nBcc: all@example.org", "Пятница\nX: y", "x" * 900])
def test_a_subject_stays_within_its_header(subject: str) -> None:
    read = message_from_bytes(copy(letter(subject=subject)), policy=policy.SMTP)
    assert read["Subject"] == " ".join(subject.split())
    assert read["Bcc"] is None


def test_a_letter_without_a_way_out_is_refused() -> None:
    words = Words("en", "Friday", "no link", "<p>none</p>", "weekly.courier.example")
    with pytest.raises(MessageProblem):
        compile_letter(words, SENDER, HOSTS)
