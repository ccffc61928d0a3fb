"""Turns the raw StreamField value of a row into the press's blocks. No query is made here: what a body shows is
collected first (`wanted`) and handed in when it is built (`build`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import nh3

from hectograph.press import records

_LINK = re.compile(r'<a\b[^>]*\blinktype="(page|document)"[^>]*>', re.I)
_ID = re.compile(r'\bid="(\d+)"')
_KEY = re.compile(r' data-block-key="[^"]*"')
# What stands between <p> and the next </p>: `.*?` would look for the end at each letter.
_PARAGRAPH = re.compile(r"<p\b[^>]*>([^<]*(?:<(?!/p>)[^<]*)*)</p>", re.I)
_ODD_TAG = re.compile(r"<(?!/?(?:a|b|i|em|strong|sup|sub|s|code|br|ol|ul|li|p)\b)", re.I)
_ODD_ATTRIBUTE = re.compile(r"[\s/\"']on\w+\s*=|\bstyle\s*=", re.I)
_ODD_SCHEME = re.compile(r"(?:javascript|data|vbscript)\s*:", re.I)
_ODD_REFERENCE = re.compile(r"<[^>]*&(?:#|colon;)", re.I)  # in a tag: a scheme may be spelled so
_TAGS = {"a", "b", "i", "em", "strong", "sup", "sub", "s", "code", "br", "ol", "ul", "li", "p"}

Raw = Mapping[str, Any]


@dataclass
class Wanted:
    """Ids of what bodies show."""

    pages: set[int] = field(default_factory=set)
    photos: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Found:
    """The same, found: cards and paths of live pages, photos, documents as (title, path, bytes)."""

    cards: Mapping[int, records.Card]
    paths: Mapping[int, str]
    photos: Mapping[int, records.Photo]
    documents: Mapping[int, tuple[str, str, int]]


def parse(raw: str | None) -> list[Raw]:
    """The blocks of a stored body; a body that can't be read is an empty one rather than a page that can't be built."""
    try:
        value = json.loads(raw or "[]")
    except ValueError:
        return []
    return [block for block in value if isinstance(block, dict) and "type" in block]


def wanted(blocks: list[Raw], into: Wanted) -> None:
    """Add to `into` all that `blocks` show."""
    for block in blocks:
        _want(block["type"], block.get("value"), into)


def _want(kind: str, value: Any, into: Wanted) -> None:
    if kind == "picture" and value and value.get("photo"):
        into.photos.add(value["photo"])
    elif kind == "gallery":
        for item in value or []:
            _want("picture", _item(item), into)
    elif kind == "related" and value and value.get("story"):
        into.pages.add(value["story"])
    elif kind == "download" and value and value.get("document"):
        into.documents.add(value["document"])
    else:
        for html in _texts(value):
            links(html, into)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return []


def links(html: str, into: Wanted) -> None:
    """Add the pages and documents that rich text links to."""
    if "linktype" not in html:
        return
    for tag in _LINK.finditer(html):
        if number := _ID.search(tag[0]):
            (into.pages if tag[1].lower() == "page" else into.documents).add(int(number[1]))


def rich(html: str, found: Found) -> str:
    """Rich text as the press wants it: safe inline HTML, links to our pages by path. A link to a page that is gone
    becomes plain text."""
    html = _KEY.sub("", html) if "data-block-key" in html else html
    if _is_odd(html):
        html = nh3.clean(html, tags=_TAGS | {"a"}, attributes={"a": {"href", "linktype", "id"}}, link_rel=None)
    if "linktype" not in html:
        return html.strip()
    parts = re.split(r"(<a\b[^>]*>|</a>)", html)
    open_links: list[bool] = []
    return "".join(_link(part, found, open_links) for part in parts).strip()


def _is_odd(html: str) -> bool:
    """Whether it may hold more than an editor's own markup, and has to be cleaned. Most paragraphs have none of the
    signs: that is seen at once, and to look closely is what a whole build would spend most on."""
    return bool(
        ("<" in html and _ODD_TAG.search(html))
        or ("=" in html and _ODD_ATTRIBUTE.search(html))
        or (":" in html and _ODD_SCHEME.search(html))
        or ("&" in html and _ODD_REFERENCE.search(html))
    )


def _link(part: str, found: Found, open_links: list[bool]) -> str:
    if part == "</a>":
        return part if not open_links or open_links.pop() else ""
    if not part.startswith("<a"):
        return part
    path = _target(part, found)
    open_links.append(path is not None)
    return path or ""


def _target(tag: str, found: Found) -> str | None:
    kind = _LINK.match(tag)
    if not kind:
        return tag
    number = _ID.search(tag)
    key = int(number[1]) if number else 0
    if kind[1].lower() == "page":
        path = found.paths.get(key)
    else:
        path = found.documents[key][1] if key in found.documents else None
    return f'<a href="/{path}">' if path else None


def paragraphs(html: str, found: Found) -> list[str]:
    """The paragraphs of a rich text, as inline HTML each."""
    parts = _PARAGRAPH.findall(html) or [html]
    return [text for part in parts if (text := rich(part, found))]


def build(blocks: list[Raw], found: Found) -> tuple[records.Block, ...]:
    """The press's blocks. What shows nothing (a removed photo, a story that isn't live) leaves no gap."""
    return tuple(block for raw in blocks for block in _build(raw["type"], raw.get("value"), found))


def _build(kind: str, value: Any, found: Found) -> list[records.Block]:
    make = _BUILDERS.get(kind)
    return make(value, found) if make and (value or kind in _EMPTY) else []


def _paragraph(value: str, found: Found) -> list[records.Block]:
    return [records.Paragraph(text) for text in paragraphs(value, found)]


def _heading(value: Raw, found: Found) -> list[records.Block]:
    return [records.Heading(value["text"], 3 if str(value.get("level")) == "3" else 2)] if value.get("text") else []


def _quote(value: Raw, found: Found) -> list[records.Block]:
    html = "<br><br>".join(paragraphs(value.get("text") or "", found))
    return [records.Quote(html, value.get("attribution") or "")] if html else []


def _list(value: Raw, found: Found) -> list[records.Block]:
    items = ["<br>".join(paragraphs(_item(item) or "", found)) for item in value.get("items") or []]
    kept = tuple(item for item in items if item)
    return [records.Bullets(kept, bool(value.get("ordered")))] if kept else []


def _item(item: Any) -> Any:
    """A ListBlock's item, in the form with ids or the plain one."""
    return item.get("value") if isinstance(item, dict) and "value" in item and "type" in item else item


def used_photo(photo: records.Photo, *, caption: str, alt: str) -> records.Photo:
    """The photo with the words of one use; empty ones take the photo's own."""
    return replace(photo, caption=caption or photo.caption, alt=alt or photo.alt)


def _photo(value: Raw, found: Found) -> records.Photo | None:
    photo = found.photos.get(value.get("photo") or 0)
    return photo and used_photo(photo, caption=value.get("caption") or "", alt=value.get("alt") or "")


def _picture(value: Raw, found: Found) -> list[records.Block]:
    photo = _photo(value, found)
    return [records.Picture(photo)] if photo else []


def _gallery(value: list[Any], found: Found) -> list[records.Block]:
    photos = [photo for item in value if (photo := _photo(_item(item) or {}, found))]
    return [records.Gallery(tuple(photos))] if photos else []


def _fact_box(value: Raw, found: Found) -> list[records.Block]:
    html = rich(value.get("text") or "", found)
    return [records.FactBox(value.get("title") or "", html)] if html else []


def _table(value: Raw, found: Found) -> list[records.Block]:
    rows = tuple(tuple(str(cell or "") for cell in row) for row in value.get("data") or [])
    if not rows:
        return []
    header = bool(value.get("first_row_is_table_header", True))
    return [records.Table(rows, value.get("table_caption") or "", header)]


def _related(value: Raw, found: Found) -> list[records.Block]:
    card = found.cards.get(value.get("story") or 0)
    return [records.RelatedLink(card)] if card else []


def _download(value: Raw, found: Found) -> list[records.Block]:
    document = found.documents.get(value.get("document") or 0)
    return [records.Download(value.get("title") or document[0], document[1], document[2])] if document else []


_EMPTY = frozenset({"divider", "letter"})
_BUILDERS: dict[str, Callable[[Any, Found], list[records.Block]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "quote": _quote,
    "pull_quote": lambda value, found: [records.PullQuote(value)],
    "list": _list,
    "picture": _picture,
    "gallery": _gallery,
    "fact_box": _fact_box,
    "table": _table,
    "preformatted": lambda value, found: [records.Preformatted(value)],
    "divider": lambda value, found: [records.Divider()],
    "letter": lambda value, found: [records.LetterHere()],
    "related": _related,
    "download": _download,
}
