"""Reading an element of a WXR file: whatever version its namespaces are of, or whether they are declared at all."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

Element = Any  # an lxml element, which its stubs know too little of
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_YEARS = range(1900, 2101)


def local(element: Element) -> str:
    """The name without its namespace or, where that is not declared, its prefix."""
    tag = element.tag
    return re.split(r"[}:]", tag)[-1] if isinstance(tag, str) else ""


def text(element: Element, name: str) -> str:
    """The text of the first child of this local name."""
    return next((whole(child).strip() for child in element if local(child) == name), "")


def whole(element: Element) -> str:
    """All that stands in an element. Tags in it (of a text that some program did not wrap) are kept as they were
    written."""
    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)


def encoded(element: Element, kind: str) -> str:
    """`content:encoded` or `excerpt:encoded`; where namespaces are lost the first of the two is the content."""
    found = [child for child in element if local(child) == "encoded"]
    named = [child for child in found if kind in child.tag.rpartition("encoded")[0]]
    if not named and not any(_is_named(child) for child in found):
        named = found[:1] if kind == "content" else found[1:2]
    return whole(named[0]) if named else ""


def _is_named(element: Element) -> bool:
    return "content" in element.tag.rpartition("encoded")[0] or "excerpt" in element.tag


def meta(element: Element) -> dict[str, str]:
    """The custom fields of an item; of several with one name the first."""
    found: dict[str, str] = {}
    for row in element:
        if local(row) == "postmeta":
            found.setdefault(text(row, "meta_key"), text(row, "meta_value"))
    return found


def all_meta(element: Element, key: str) -> Iterator[str]:
    """Every value of a custom field that an item may have several times."""
    for row in element:
        if local(row) == "postmeta" and text(row, "meta_key") == key:
            yield text(row, "meta_value")


def terms(element: Element, domain: str) -> list[tuple[str, str]]:
    """The terms of a taxonomy as (name, slug), each once."""
    rows = (child for child in element if local(child) == "category" and child.get("domain") == domain)
    pairs = ((plain(whole(row)), row.get("nicename") or "") for row in rows)
    return list(dict.fromkeys(pair for pair in pairs if pair[0]))


def plain(markup: str) -> str:
    """Text without tags and entities, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def date(element: Element, name: str, notes: list[str]) -> datetime | None:
    """The date in UTC: its own UTC form, else the local one, else the feed's; zeroes are none."""
    ways: tuple[tuple[str, Callable[[str], datetime]], ...] = (
        (f"{name}_gmt", _read),
        (name, _read),
        ("pubDate", lambda given: parsedate_to_datetime(given).astimezone(UTC)),
    )
    for tag, read in ways:
        try:
            found = read(text(element, tag))
        except (ValueError, TypeError, OverflowError):
            continue
        if found.year in _YEARS:
            if tag != f"{name}_gmt":
                notes.append("its UTC date is missing; another date of it was taken")
            return found
    notes.append("it has no date")
    return None


def _read(given: str) -> datetime:
    return datetime.fromisoformat(given.strip()[:19].replace("/", "-")).replace(tzinfo=UTC)
