"""No word that a reader saw is dropped in silence, and none grows together with its neighbour, whatever held it."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hectograph.stories.importing import leftover
from hectograph.stories.importing.classic import WHOLE
from hectograph.stories.importing.converted import Converted
from hectograph.stories.importing.html_blocks import convert
from tests.stories.importing.archives import kinds

WORD = re.compile(r"\bw\d+\b")


def no_photo(url: str, key: str) -> None:
    return None


def text(value: Any) -> str:
    """All text of some blocks, as a reader sees it parted."""
    if isinstance(value, str):
        return re.sub(r"<[^<>]+>", " ", re.sub(r"</?(?:a|b|i|s|sup|sub|code)\b[^<>]*>", "", value))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return " ".join(text(part) for part in parts)


def shown(done: Converted) -> str:
    return text([block["value"] for block in done.blocks])


CASES = {
    "words under a table": "<figure><table><tr><td>w1</td><td>w2</td></tr></table><figcaption>w3</figcaption></figure>",
    "a caption in bold": "<table><caption><b>w1</b></caption><tr><td>w2</td><td>w3</td></tr></table>",
    "lines of a cell": "<table><tr><td>w1<br>w2</td><td><p>w3</p><p>w4</p></td></tr></table>",
    "a table in a table": "<table><tr><td>w1<table><tr><td>w2<td>w3</table></td><td>w4</td></tr></table>",
    "a table as a frame": "<table><tr><td><p>w1</p><h2>w2</h2></td></tr></table>",
    "two names under a quote": "<blockquote><p>w1</p><cite>w2</cite><footer>w3</footer></blockquote>",
    "a quote in a figure": "<figure><blockquote><p>w1</p></blockquote><figcaption>w2</figcaption></figure>",
    "a term without meaning": "<dl><dt>w1</dt><dt>w2</dt><dd>w3</dd><div><dt>w4</dt><dd>w5</dd></div><dt>w6</dt></dl>",
    "terms within a meaning": "<dl><dt>w1</dt><dd>w2<dl><dt>w3</dt><dd>w4</dd></dl>w5</dd></dl>",
    "terms beside terms": "<dl><dl><dt>w1</dt><dd>w2</dd></dl><dt>w3</dt><dd>w4</dd></dl>",
    "text beside items": "<ul>w1<li>w2</li>w3<ul><li>w4</li></ul><div>w5</div></ul>",
    "a list in a box in an item": "<ul><li>w1<div>w2<ul><li>w3</li></ul>w4</div></li></ul>",
    "a table in an item": "<ul><li>w1<table><tr><td>w2</td><td>w3</td></tr></table>w4</li></ul>",
    "lines of a verse": '<pre class="wp-block-verse">w1<br>w2</pre>',
    "lines of a heading": "<h2>w1<br>w2<div>w3</div></h2>",
    "more in a figure": '<figure><a href="https://a.example/"><img src="x"></a><p>w1</p>w2</figure>',
    "a box that is a link": '<a href="https://a.example/"><div>w1</div><div>w2</div></a>',
    "a post of elsewhere": '<figure class="wp-block-embed"><blockquote>w1 <a href="https://x.example/1">w2</a>'
    "</blockquote><figcaption>w3</figcaption></figure>",
    "a bookmark": '<figure class="kg-bookmark-card"><a href="/"><div class="kg-bookmark-title">w1</div>'
    '<div class="kg-bookmark-description">w2</div><span class="kg-bookmark-publisher">w3</span></a></figure>',
    "a comment without end": "<p>w1</p><!-- <p>w2</p>",
    "boxes side by side": "<div>w1</div><div>w2</div><span>w3</span><section>w4</section>",
}


@pytest.mark.parametrize("mark", ["", WHOLE], ids=["classic", "whole"])
@pytest.mark.parametrize("body", CASES.values(), ids=CASES.keys())
def test_every_word_stands_in_a_block_by_itself(body: str, mark: str) -> None:
    done = convert(mark + body, no_photo)
    assert sorted(WORD.findall(shown(done))) == sorted(WORD.findall(body))
    assert not [gap for gap in done.gaps if "words" in gap]


@pytest.mark.parametrize("length", [201, 5000])
def test_a_heading_that_is_too_long_for_one_becomes_a_paragraph_whole(length: int) -> None:
    done = convert(f"<h2>{'word ' * (length // 5)} w9</h2>", no_photo)
    assert kinds(done) == ["paragraph"]
    assert "w9" in shown(done)
    assert done.changes


def test_a_name_too_long_for_its_field_stands_under_the_quote() -> None:
    done = convert(f"<blockquote><p>Said.</p><cite>{'name ' * 50}w9</cite></blockquote>", no_photo)
    assert "w9" in done.blocks[0]["value"]["text"]


def test_a_link_around_a_box_is_kept() -> None:
    done = convert(
        WHOLE + '<a class="kg-file-card-container" href="https://a.example/a.zip"><div>Papers</div></a>', no_photo
    )
    assert done.blocks[0]["value"] == '<p><a href="https://a.example/a.zip">Papers</a></p>'


def test_a_picture_that_stands_twice_for_browsers_without_scripts_is_one() -> None:
    done = convert(
        '<figure><img data-src="https://a.example/1.jpg"><noscript><img src="https://a.example/1.jpg"></noscript></figure>',
        lambda url, key: 1,
    )
    assert kinds(done) == ["picture"]


def test_an_embed_whose_address_leaves_its_scheme_open_is_a_link() -> None:
    assert (
        'href="https://video.example/1"'
        in convert('<iframe src="//video.example/1"></iframe>', no_photo).blocks[0]["value"]
    )


def test_a_word_that_no_block_took_up_is_named() -> None:
    done = Converted()
    done.add("paragraph", "<p>There &amp; <b>gr</b>own</p>")
    leftover.tell(["There", "grown", "gone"], done)
    assert done.gaps == ["words that no block can hold: gone"]


TAGS = [
    *("p", "div", "section", "h2", "h4", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "cite", "footer", "pre"),
    *("figure", "figcaption", "table", "caption", "tr", "td", "th", "a", "b", "span", "details", "summary", "center"),
    *("article", "font", "q"),
]


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(TAGS)
    classes = st.sampled_from(["", ' class="wp-block-embed"', ' class="gallery"', ' href="/x"', ' class="pullquote"'])
    return st.builds(
        lambda tag, more, parts: f"<{tag}{more}>{''.join(parts)}</{tag}>", tags, classes, st.lists(inner, max_size=4)
    )


PARTS = st.recursive(st.sampled_from(["W ", "W<br>W", "<img src='x'>", "<hr>", "W\n\nW"]), _nested, max_leaves=25)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PARTS, min_size=1, max_size=5))
def test_no_word_of_any_body_is_dropped_in_silence(parts: list[str]) -> None:
    pieces = "".join(parts).split("W")
    body = "".join(f"{piece}w{number} " for number, piece in enumerate(pieces))
    done = convert(WHOLE + body, no_photo)
    told = set(WORD.findall(shown(done))) | set(WORD.findall(" ".join([*done.changes, *done.gaps])))
    assert set(WORD.findall(body)) <= told
