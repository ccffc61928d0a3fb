"""Figures of a body: pictures with their words, galleries, and boxes that showed another page."""

from __future__ import annotations

import html
import re
import uuid

from hectograph.stories.importing.inline import Element, inline, spaced, words
from hectograph.stories.importing.walk import EMBEDS, Walk

_BARE_URL = re.compile(r"https?://[^\s<>\"']{1,2000}", re.I)
_OF_A_CARD = ("kg-bookmark-description", "kg-bookmark-author", "kg-bookmark-publisher")


def figure(walk: Walk, element: Element) -> None:
    images, kind = _images(element), element.get("class") or ""
    holds_text = next(element.iter("blockquote", "table", "pre"), None) is not None
    if "bookmark-card" in kind or "-embed" in kind:
        _linked_card(walk, element)
    elif "gallery" in kind or (len(images) > 1 and not holds_text):
        _gallery(walk, element, images)
    elif len(images) == 1 and not holds_text:
        _picture(walk, element, images[0])
    else:
        if "pullquote" in kind:
            for quote in element.iter("blockquote"):
                quote.set("class", "pullquote")
        walk.children(element)


def _images(element: Element) -> list[Element]:
    """The pictures of a figure; for browsers without scripts some pages hold each twice."""
    images = list(element.iter("img"))
    return [image for image in images if next(image.iterancestors("noscript"), None) is None] or images


def _picture(walk: Walk, element: Element, image: Element) -> None:
    """The picture with its words, then whatever else the figure holds."""
    caption = element.find(".//figcaption")
    walk.img(image, inline(caption) if caption is not None else "", hint=element.get("id") or "")
    for used in (image, caption):
        if used is not None:
            used.drop_tree()
    walk.children(element)


def _gallery(walk: Walk, element: Element, images: list[Element]) -> None:
    found = []
    for image in images:
        own = next(image.iterancestors("figure", "li"), None)
        caption = own.find(".//figcaption") if own is not None and own is not element else None
        said = html.unescape(words(inline(caption))) if caption is not None else ""
        photo = walk.photo(image)
        if photo is not None:
            found.append({"photo": photo, "caption": said, "alt": (image.get("alt") or "")[:500]})
        elif said:
            walk.say(f"<i>{html.escape(said, quote=False)}</i>")
        for used in (image, caption):
            if used is not None and used.getparent() is not None:
                used.drop_tree()
    if found:
        walk.done.add("gallery", [{"type": "item", "value": item, "id": str(uuid.uuid4())} for item in found])
    walk.children(element)


def _linked_card(walk: Walk, element: Element) -> None:
    """What showed another page in a box: its address as a link, with the words in it and under it."""
    inside = list(element.iter(*EMBEDS))
    link, bare = element.find(".//a[@href]"), _BARE_URL.search(element.text_content())
    url = (link.get("href") if link is not None else "") or (bare[0] if bare else "")
    quotes = list(element.iter("blockquote"))
    walk.all(inside)
    if url and not inside and not quotes:
        walk.done.change("an embed or a card became a link")
        title = element.find(".//*[@class='kg-bookmark-title']")
        walk.link(url, (spaced(title) if title is not None else "") or url)
    walk.all(quotes)
    said = [spaced(part) for part in element.iter() if part.get("class") in _OF_A_CARD]
    if said := [part for part in said if part]:
        walk.say(html.escape(" — ".join(said), quote=False))
    caption = element.find(".//figcaption")
    if caption is not None:
        walk.one(caption)
    elif not url and not inside and not quotes:
        walk.children(element)
