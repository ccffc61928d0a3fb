"""Safe inline HTML: our few tags, and links that open a page or write a letter."""

from __future__ import annotations

import re
from collections.abc import Collection
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
_PARTING = frozenset(
    {"p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "address", "details", "summary"}
    | {"center", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure"}
    | {"figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "hr", "br", "img", "fieldset"}
    | {"legend", "option", "button"}
)
_SAME_TAGS = [(re.compile(rf"<(/?){old}\b[^<>]*>", re.I), rf"<\1{new}>") for old, new in _SAME.items()]
_ANCHOR = re.compile(r'<a href="#[^"]*">(.*?)</a>', re.S)  # within a page that is cut into blocks it leads nowhere
_TAG = re.compile(r"<[^<>]+>")
# Blocks that stand within a line after all: their edges part what is beside them.
_EDGES = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|dt|dd|blockquote|tr|caption|figcaption|summary|section)\b[^<>]*>", re.I
)
_CELL_ENDS = re.compile(r"</t[dh]\b[^<>]*>", re.I)
_LINES = re.compile(r"(?:\s*<br>)+\s*")
_LAST_LINES = re.compile(r"(?:\s*<br>)+$")


def inline(element: Element, *, whole: bool = False) -> str:
    """The inside of an element (or it `whole`) as safe inline HTML."""
    html = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    if not whole:
        html = escaped(element.text) + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)
    return clean(html)


def clean(html: str) -> str:
    """Safe inline HTML: our few tags, links to http(s) and mail alone."""
    blocks = bool(_EDGES.search(html))
    html = _CELL_ENDS.sub(" ", _EDGES.sub("<br>", html)) if blocks else html
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
    safe = re.sub(r"\s+", " ", safe).strip()
    safe = _LINES.sub("<br>", safe).removeprefix("<br>") if blocks else safe
    return _LAST_LINES.sub("", safe).strip()


def spaced(element: Element, *, without: Collection[str] = ()) -> str:
    """The text of an element on one line, parted where a reader sees it parted; `without` the inside of some tags."""
    parts: list[str] = []
    _gather(element, parts, without)
    return " ".join("".join(parts).split())


def _gather(element: Element, parts: list[str], without: Collection[str]) -> None:
    parted = element.tag in _PARTING
    parts.append(" " if parted else "")
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in without:
            _gather(child, parts, without)
        parts.append(child.tail or "")
    parts.append(" " if parted else "")


def escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def words(html: str) -> str:
    """The text of some HTML, on one line."""
    return " ".join(_TAG.sub(" ", html).split())
