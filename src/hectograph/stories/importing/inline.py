"""Safe inline HTML: our few tags, and links that open a page or write a letter."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import nh3

Element = Any  # an lxml element, which its stubs know too little of
_INLINE = {"a", "b", "i", "sup", "sub", "s", "code", "br"}
_SAME = {
    "strong": "b",
    "em": "i",
    "del": "s",
    "strike": "s",
    "kbd": "code",
    "tt": "code",
    "var": "i",
    "cite": "i",
    "q": "i",
}
_SAME_TAGS = [(re.compile(rf"<(/?){old}\b[^<>]*>", re.I), rf"<\1{new}>") for old, new in _SAME.items()]
_ANCHOR = re.compile(r'<a href="#[^"]*">(.*?)</a>', re.S)  # within a page that is cut into blocks it leads nowhere
_TAG = re.compile(r"<[^<>]+>")


def inline(element: Element, *, whole: bool = False) -> str:
    """The inside of an element (or it `whole`) as safe inline HTML."""
    html = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    if not whole:
        html = escaped(element.text) + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)
    return clean(html)


def clean(html: str) -> str:
    """Safe inline HTML: our few tags, links to http(s) and mail alone."""
    for pattern, new in _SAME_TAGS:
        html = pattern.sub(new, html)
    safe = nh3.clean(
        html,
        tags=_INLINE,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style"},
        strip_comments=True,
    )
    safe = _ANCHOR.sub(r"\1", safe)
    return re.sub(r"\s+", " ", safe).strip().removesuffix("<br>").strip()


def escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def words(html: str) -> str:
    """The text of some HTML, on one line."""
    return " ".join(_TAG.sub(" ", html).split())
