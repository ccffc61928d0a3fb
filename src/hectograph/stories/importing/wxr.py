"""WordPress's export (WXR, an RSS dialect), as a stream: a gigabyte in the memory of one post.

Entities are never expanded, nothing is fetched, and a file that is broken gives all that is whole in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from lxml import etree

from hectograph.errors import Problem
from hectograph.stories.importing.items import Attachment, Contents, Item
from hectograph.stories.importing.mending import MendedStream

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_CREATOR = "http://purl.org/dc/elements/1.1/"
Element = Any  # an lxml element, which its stubs know too little of
_TAG = re.compile(r"<[^>]+>")
_KINDS = {"post", "page"}
_LEFT_STATES = {"trash", "auto-draft", "inherit"}
_STATES = {"publish": "publish", "future": "future", "private": "private"}
_NO_SECTION = {"uncategorized", "без рубрики", "без категории"}


class BadArchive(Problem):
    """A file that is no archive of the kind it was given as."""


def contents(path: Path) -> Contents:
    """A first pass: attachments, authors, and how much there is."""
    found = Contents()
    for _, element in _walk(path, found):
        if element.tag.endswith("}author"):
            login = _text(element, "author_login")
            found.authors[login] = _text(element, "author_display_name") or login
            continue
        kind, state = _text(element, "post_type"), _text(element, "status")
        if kind == "attachment":
            _attachment(element, found)
        elif kind in _KINDS and state not in _LEFT_STATES:
            found.items += 1
        else:
            name = f"{kind or 'item without a type'} ({state})" if kind in _KINDS else kind or "item without a type"
            found.left[name] = found.left.get(name, 0) + 1
    return found


def items(path: Path, found: Contents) -> Iterator[Item]:
    """Every post and page in the file's order."""
    for number, element in _walk(path, Contents()):
        ours = element.tag == "item" and _text(element, "post_type") in _KINDS
        if ours and _text(element, "status") not in _LEFT_STATES:
            yield _item(element, number, found)


def _walk(path: Path, found: Contents) -> Iterator[tuple[int, Element]]:
    """Authors and whole items with their number in the file; each is forgotten when the next is asked for."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadArchive(f"The file can't be opened ({error.strerror}).", "Check its name.") from error
    with file:
        stream = MendedStream(file)
        try:
            yield from _elements(stream, found)
        except etree.XMLSyntaxError as error:
            found.problems.append(f"The file is broken at line {error.lineno}: what follows can't be read.")
        if not stream.closed and not found.authors:
            raise BadArchive(f"{path.name} holds no posts.", "In WordPress: Tools, Export, All content.")
        _tell(stream, found)


def _elements(stream: MendedStream, found: Contents) -> Iterator[tuple[int, Element]]:
    number = 0
    parser = etree.iterparse(
        stream, events=("end",), recover=True, huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    for _, element in parser:
        if not isinstance(element.tag, str):
            continue
        if element.tag.endswith("}author"):
            yield number, element
        if element.tag != "item":
            continue
        number += 1
        if stream.closed < number:  # the parser closed it, not the file
            found.problems.append(f"The file ends in the middle of item {number}: it was left out.")
            return
        yield number, element
        _drop(element)


def _drop(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _tell(stream: MendedStream, found: Contents) -> None:
    if stream.replaced:
        found.problems.append(
            f"{stream.replaced} characters are in another encoding than the file says: they show as �."
        )
    if stream.cut:
        found.problems.append(f"{stream.cut} texts are longer than 16 MB: their ends were cut off.")


def _text(element: Element, name: str, space: str = "") -> str:
    """The text of a child by its local name, whatever version of the namespace it is in."""
    for child in element:
        ours = isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name
        if ours and (not space or child.tag.startswith(f"{{{space}")):
            return (child.text or "").strip()
    return ""


def _raw(element: Element, name: str, space: str) -> str:
    for child in element:
        if isinstance(child.tag, str) and child.tag == f"{{{space}}}{name}":
            return child.text or ""
    return ""


def _meta(element: Element) -> dict[str, str]:
    rows = (child for child in element if isinstance(child.tag, str) and child.tag.endswith("}postmeta"))
    return {_text(row, "meta_key"): _text(row, "meta_value") for row in rows}


def _attachment(element: Element, found: Contents) -> None:
    key, url = _text(element, "post_id"), _text(element, "attachment_url")
    alt = _meta(element).get("_wp_attachment_image_alt", "")
    caption = _excerpt(element)
    found.attachments[key] = Attachment(key, url, plain(_text(element, "title")), plain(alt), plain(caption))


def _excerpt(element: Element) -> str:
    for child in element:
        if isinstance(child.tag, str) and "excerpt" in child.tag and child.tag.endswith("}encoded"):
            return child.text or ""
    return ""


def plain(text: str) -> str:
    """Text without tags and entities, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _item(element: Element, number: int, found: Contents) -> Item:
    notes: list[str] = []
    key = _text(element, "post_id") or _text(element, "guid")
    if not key:
        notes.append("it has no number; its place in the file stands for it")
        key = f"item-{number}"
    title = plain(_text(element, "title"))
    kind = _text(element, "post_type")
    sections = [name for name in _terms(element, "category") if name.lower() not in _NO_SECTION]
    meta, login = _meta(element), _text(element, "creator", _CREATOR)
    comments = sum(1 for child in element if isinstance(child.tag, str) and child.tag.endswith("}comment"))
    if _text(element, "is_sticky") == "1":
        notes.append("it was sticky; place it on the front page by hand")
    if kind == "page" and _text(element, "post_parent") not in ("", "0"):
        notes.append("it stood below another page; pages stand side by side here")
    return Item(
        kind=kind,
        source=f"wordpress:{key}",
        where=f"{kind} {key} “{title[:60]}”",
        title=title,
        slug=_text(element, "post_name"),
        status=_status(element),
        body=_raw(element, "encoded", _CONTENT),
        excerpt=plain(_excerpt(element)),
        date=_date(element, "post_date", notes),
        modified=_date(element, "post_modified", []),
        old_url=_text(element, "link"),
        authors=(found.authors.get(login, login),) if login else (),
        sections=tuple(sections),
        topics=tuple(_terms(element, "post_tag")),
        featured=meta.get("_thumbnail_id", ""),
        comments=comments,
        notes=tuple(notes),
    )


def _terms(element: Element, domain: str) -> list[str]:
    rows = (child for child in element if child.tag == "category" and child.get("domain") == domain)
    return list(dict.fromkeys(name for row in rows if (name := plain(row.text or ""))))


def _status(element: Element) -> str:
    if _text(element, "post_password"):
        return "protected"
    return _STATES.get(_text(element, "status"), "draft")


def _date(element: Element, name: str, notes: list[str]) -> datetime | None:
    """The date in UTC: its own UTC form, else the local one, else the feed's; zeroes are none."""
    ways: tuple[tuple[str, Callable[[str], datetime]], ...] = (
        (f"{name}_gmt", lambda text: datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)),
        (name, lambda text: datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)),
        ("pubDate", lambda text: parsedate_to_datetime(text).astimezone(UTC)),
    )
    for tag, read in ways:
        try:
            found = read(_text(element, tag))
        except (ValueError, TypeError, OverflowError):
            continue
        if found.year >= 1900:
            if tag != f"{name}_gmt" and notes is not None:
                notes.append("its UTC date is missing; another date of it was taken")
            return found
    notes.append("it has no date")
    return None
