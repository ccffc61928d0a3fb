"""What editors type: marks become HTML, everything else stays text."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.letters import marks


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("One\n\nTwo", ("One", "Two")),
        ("a **strong** word", ("a <strong>strong</strong> word",)),
        ("an *even* word", ("an <em>even</em> word",)),
        ("[here](/en/a.html)", ('<a href="/en/a.html">here</a>',)),
        ("see https://x.example/a_(b).", ('see <a href="https://x.example/a_(b)">https://x.example/a_(b)</a>.',)),
        ("[bad](javascript:alert(1))", ("bad",)),
        ("1 < 2 & 3", ("1 &lt; 2 &amp; 3",)),
        ("first\nsecond", ("first<br>second",)),
    ],
)
def test_marks(typed: str, shown: tuple[str, ...]) -> None:
    assert marks.paragraphs(typed) == shown


@given(st.text(alphabet=st.sampled_from("ab *[]()<>&\"'/:h.tps\n"), max_size=80))
def test_no_text_makes_an_element_that_marks_do_not_name(typed: str) -> None:
    for paragraph in marks.paragraphs(typed):
        body = html5lib.parseFragment(paragraph, namespaceHTMLElements=False)
        assert {node.tag for node in body.iter()} <= {"DOCUMENT_FRAGMENT", "a", "em", "strong", "br"}
        assert all(set(node.attrib) <= {"href"} for node in body.iter())
        assert all(marks.is_safe(node.get("href")) for node in body.iter("a"))


def test_links_come_in_order() -> None:
    assert marks.links("https://a.example [x](/b.html) http://c.example") == [
        "https://a.example",
        "/b.html",
        "http://c.example",
    ]


@pytest.mark.parametrize("address", ["javascript:x", "//evil.example", "file:///etc", "data:x", "http://", "ftp://a"])
def test_unsafe_addresses_are_refused(address: str) -> None:
    assert not marks.is_safe(address)
