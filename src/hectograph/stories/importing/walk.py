"""Goes through the HTML of a body in order, and makes a block of each element that is one here."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import takewhile

import lxml.html

from hectograph.stories.importing.converted import Converted, FindPhoto
from hectograph.stories.importing.inline import Element, clean, escaped, inline, spaced, words

DROPPED = frozenset({"script", "style", "form", "noscript", "canvas", "svg", "math", "template"})
EMBEDS = frozenset({"iframe", "object", "embed", "video", "audio"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "address", "details", "center"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "figure", "figcaption", "table", "hr"}
    | {"fieldset"}
    | EMBEDS
    | DROPPED
)
_HEAVY = tuple({"img", "table", "pre", "figure", "hr"} | EMBEDS | DROPPED)
_ATTACHMENT = re.compile(r"(?:wp-image-|attachment_)(\d+)")
_BEHIND = re.compile(r"url\(\s{0,9}[\"']?(https?://[^\"')]{1,2000})", re.I)
_HTTP = re.compile(r"https?://", re.I)
_LARGEST_LINK = 400  # characters of text; a link around more was never closed

Maker = Callable[["Walk", Element], None]


class Walk:
    """`makers` know the elements that become blocks of their own. Text between blocks gathers into a paragraph."""

    def __init__(self, done: Converted, find_photo: FindPhoto, makers: Mapping[str, Maker]) -> None:
        self.done, self.find_photo, self.makers = done, find_photo, makers
        self._loose: list[str] = []

    def inner(self) -> Walk:
        """A walk of its own for what stands within a block; `join` takes over what it told."""
        return Walk(Converted(), self.find_photo, self.makers)

    def join(self, inner: Walk) -> None:
        for text in inner.done.changes:
            self.done.change(text)
        for text in inner.done.gaps:
            self.done.gap(text)

    def children(self, element: Element) -> None:
        self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self.one(child)
            self._text(child.tail)
        self.flush()

    def _text(self, text: str | None) -> None:
        if text:
            self._loose.append(escaped(text))

    def flush(self) -> None:
        markup = clean("".join(self._loose))
        self._loose = []
        self.say(markup)

    def say(self, markup: str) -> None:
        """A paragraph of safe inline HTML, unless it says nothing."""
        if words(markup):
            self.done.add("paragraph", f"<p>{markup}</p>")

    def one(self, element: Element) -> None:
        """The blocks of one element; what is inline waits for what follows it."""
        tag = element.tag.lower()
        if tag == "img" or (tag not in _BLOCKS and holds_block(element)):
            self.flush()
            if tag == "img":
                self.img(element)
            elif tag != "a" or not self._link_around_blocks(element):
                self.children(element)
            return
        if tag not in _BLOCKS:
            self._loose.append(lxml.html.tostring(element, encoding="unicode", with_tail=False))
            return
        self.flush()
        if make := self.makers.get(tag):
            make(self, element)
        elif tag in EMBEDS:
            self.embed(element)
        elif tag in DROPPED:
            self.done.change(f"a <{tag}> was taken out")
        else:
            self._background(element)
            self.children(element)

    def _link_around_blocks(self, element: Element) -> bool:
        """A link around whole blocks becomes their pictures, and one paragraph that is the link."""
        url = element.get("href") or ""
        if not url or url.startswith("#") or len(element.text_content()) > _LARGEST_LINK:
            return False
        heavy = taken_out(element)
        text = spaced(element)
        self.all(heavy)
        if text:
            self.link(url, text)
        return True

    def all(self, elements: Iterable[Element]) -> None:
        for element in elements:
            self.one(element)

    def paragraph(self, element: Element) -> None:
        if holds_block(element):
            self.children(element)
        else:
            self.say(inline(element))

    def link(self, url: str, text: str) -> None:
        """A paragraph that is a link."""
        address, shown = (html.escape(part, quote=True) for part in (url, text))
        markup = clean(f'<a href="{address}">{shown}</a>')
        self.done.add("paragraph", f"<p>{markup}</p>")

    # --- pictures and what can't come in --------------------------------------------------------------------------

    def photo(self, image: Element, hint: str = "") -> int | None:
        """Our photo for an image; where there is none a gap."""
        url = image.get("src") or ""
        if not _HTTP.match(url):  # filled in later by a script
            url = image.get("data-src") or image.get("data-lazy-src") or image.get("data-orig-file") or url
        number = _ATTACHMENT.search(f"{image.get('class') or ''} {hint} {image.get('data-id') or ''}")
        key = image.get("data-id") or (number[1] if number else "")
        photo = self.find_photo(url, key)
        if photo is None:
            self.done.gap(f"picture {url[:200] or f'number {key}'}")
        return photo

    def img(self, image: Element, caption: str = "", hint: str = "") -> None:
        photo = self.photo(image, hint)
        text = html.unescape(words(caption))
        if photo is not None:
            self.done.add("picture", {"photo": photo, "caption": text, "alt": (image.get("alt") or "")[:500]})
        elif text:
            self.say(f"<i>{caption}</i>")

    def _background(self, element: Element) -> None:
        """A picture that a style lays behind text."""
        if found := _BEHIND.search(element.get("style") or ""):
            element.set("src", found[1])
            self.img(element)

    def embed(self, element: Element) -> None:
        """What showed something of another place: its address as a link."""
        own = [element.get(name) or "" for name in ("src", "data", "data-src")]
        inside = element.xpath(".//source/@src | .//embed/@src | .//param[@name='movie']/@value")
        source = next((str(address) for address in [*own, *inside] if address), "")
        source = f"https:{source}" if source.startswith("//") else source
        self.done.change(f"an embed ({element.tag}) became a link")
        if _HTTP.match(source):
            self.link(source, source)
        else:
            self.done.gap(f"what an embed showed ({source[:200] or 'no address'})")


def holds_block(element: Element) -> bool:
    return any(
        isinstance(child.tag, str) and (child.tag in _BLOCKS or child.tag == "img")
        for child in element.iterdescendants()
    )


def taken_out(element: Element) -> list[Element]:
    """What can't stand within a line (pictures, tables, embeds …), removed from `element`, the outermost of each."""
    heavy = outermost(element, _HEAVY)
    for one in heavy:
        if one.tail:
            one.addprevious(tail_of(one))
        one.getparent().remove(one)
        one.tail = None
    return heavy


def outermost(element: Element, tags: Collection[str]) -> list[Element]:
    """Those of some tags within `element` that stand in no other of them there."""
    return [one for one in element.iterdescendants(*tags) if not _is_within_another(one, element, tags)]


def _is_within_another(one: Element, top: Element, tags: Collection[str]) -> bool:
    between = takewhile(lambda parent: parent is not top, one.iterancestors())
    return any(parent.tag in tags for parent in between)


def tail_of(one: Element) -> Element:
    """A line's end that bears the text after `one`, which would be removed with it."""
    line = lxml.html.Element("br")
    line.tail, one.tail = one.tail, None
    return line
