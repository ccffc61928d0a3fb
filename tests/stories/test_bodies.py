"""Rich text as the press wants it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hectograph.stories import bodies

NOTHING = bodies.Found({}, {}, {}, {})
_PIECES = ["<p>", "</p>", "<P class='x'>", "</P>", "<pre>", "<b>", "</b>", "<", ">", "/p>", "words ", "\n", "</p"]
_SLOW = re.compile(r"<p\b[^>]*>(.*?)</p>", re.S | re.I)


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join))
@example("<p>one</p><p>two</p>")
def test_paragraphs_end_at_the_next_end_tag_whatever_stands_between(html: str) -> None:
    assert bodies._PARAGRAPH.findall(html) == _SLOW.findall(html)


@pytest.mark.parametrize(
    "html",
    [
        "one <script>alert(1)</script>",
        '<b ONCLICK = "x()">one</b>',
        '<b style="x">one</b>',
        '<a href="JavaScript:x()">one</a>',
        '<a href="data:text/html,x">one</a>',
        '<a/onclick="x()" href="/a">one</a>',
        '<a href="javascript&#58;x()">one</a>',
        '<a href="java&#115;cript&colon;x()">one</a>',
        "<img src=x>one",
    ],
)
def test_what_no_editor_can_have_typed_does_not_come_through(html: str) -> None:
    text = bodies.rich(html, NOTHING)
    assert "one" in text
    assert not re.search(r"<script|onclick|style|script\s*:|data:|<img|&#|&colon", text, re.I)


@pytest.mark.parametrize("html", ["5 < 6 and on = off", "It&#x27;s on", "He said: yes", "<b>one</b> <i>two</i>"])
def test_what_an_editor_types_stays(html: str) -> None:
    assert re.sub("&lt;", "<", bodies.rich(html, NOTHING)) == html
