"""HTML of any archive becomes the blocks of our editor. What can load or run something is neutralised, and told."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import lxml.html
import nh3
from lxml import etree

from hectograph.stories.importing import classic
from hectograph.stories.importing.inline import Element, clean, escaped, inline, words

Raw = dict[str, Any]
FindPhoto = Callable[[str, str], int | None]  # URL and attachment's number → our photo

_TEXT_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "nav",
    "address",
    "details",
    "center",
}
_BLOCKS = frozenset(
    _TEXT_BLOCKS
    | {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "figure", "table", "hr", "fieldset"}
    | {"iframe", "object", "embed", "video", "audio", "script", "style", "form", "noscript", "canvas", "svg", "math"}
    | {"template"}
)
_DROPPED = frozenset(
    {"script", "style", "form", "noscript", "canvas", "svg", "math", "template", "input", "button", "select"}
)
_EMBEDS = frozenset({"iframe", "object", "embed", "video", "audio"})
_HANDLERS = re.compile(r"<[^<>]+\son\w{1,40}\s?=", re.I)
_SCRIPT_LINK = re.compile(r"(?:href|src|action)\s?=\s?[\"']?\s{0,9}(?:javascript|vbscript|data)\s{0,9}:", re.I)
_ENDS = re.compile(r"</(?:p|div|h[1-6])>", re.I)
_ATTACHMENT = re.compile(r"(?:wp-image-|attachment_)(\d+)")
_BARE_URL = re.compile(r"https?://[^\s<>\"']{1,2000}", re.I)
_BEHIND = re.compile(r"url\(\s{0,9}[\"']?(https?://[^\"')]{1,2000})", re.I)
_HTTP = re.compile(r"https?://", re.I)
_TAG = re.compile(r"<[^<>]+>")


@dataclass
class Converted:
    """Blocks in raw StreamField form, and for the report what was changed and what is missing."""

    blocks: list[Raw] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def add(self, kind: str, value: Any) -> None:
        self.blocks.append({"type": kind, "value": value, "id": str(uuid.uuid4())})

    def change(self, text: str) -> None:
        if text not in self.changes:
            self.changes.append(text)

    def gap(self, text: str) -> None:
        if text not in self.gaps:
            self.gaps.append(text)


def convert(body: str, find_photo: FindPhoto, attached: Sequence[str] = ()) -> Converted:
    """The blocks of an archive's HTML: classic or block editor's, shortcodes included."""
    done = Converted()
    if _HANDLERS.search(body):
        done.change("event handlers were taken out")
    if _SCRIPT_LINK.search(body):
        done.change("links that run a script were made plain text")
    ready = classic.prepare(body, done.change, attached)
    if not ready.strip():
        return done
    try:
        root = lxml.html.fragment_fromstring(ready, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        done.change("its markup could not be read; the text was kept")
        done.add("paragraph", f"<p>{nh3.clean_text(_TAG.sub(' ', ready))}</p>")
        return done
    _Walk(done, find_photo).children(root)
    return done


class _Walk:
    """Goes through the elements in order; text between blocks gathers into a paragraph."""

    def __init__(self, done: Converted, find_photo: FindPhoto) -> None:
        self.done, self.find_photo = done, find_photo
        self._loose: list[str] = []

    def children(self, element: Element) -> None:
        self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._one(child)
            self._text(child.tail)
        self._flush()

    def _text(self, text: str | None) -> None:
        if text:
            self._loose.append(escaped(text))

    def _flush(self) -> None:
        markup = clean("".join(self._loose))
        self._loose = []
        if _TAG.sub("", markup).strip():
            self.done.add("paragraph", f"<p>{markup}</p>")

    def _one(self, element: Element) -> None:
        tag = element.tag.lower()
        if tag == "img" or (tag not in _BLOCKS and _holds_block(element)):
            self._flush()
            (self._img(element) if tag == "img" else self.children(element))
            return
        if tag not in _BLOCKS:
            self._loose.append(lxml.html.tostring(element, encoding="unicode", with_tail=False))
            return
        self._flush()
        make = _MAKERS.get(tag)
        if make:
            make(self, element)
        elif tag in _EMBEDS:
            self._embed(element)
        elif tag in _DROPPED:
            self._dropped(element)
        else:
            self._background(element)
            self.children(element)

    # --- text -----------------------------------------------------------------------------------------------------

    def _paragraph(self, element: Element) -> None:
        if _holds_block(element) or element.find(".//img") is not None:
            self.children(element)
            return
        markup = inline(element)
        if _TAG.sub("", markup).strip():
            self.done.add("paragraph", f"<p>{markup}</p>")

    def _heading(self, element: Element) -> None:
        if element.find(".//img") is not None:
            self.children(element)
            return
        text = " ".join(element.text_content().split())
        if text:
            self.done.add("heading", {"text": text[:200], "level": "2" if element.tag in ("h1", "h2") else "3"})

    def _quote(self, element: Element) -> None:
        by = ""
        for cite in element.xpath(".//cite | .//footer"):
            said_by, around = " ".join(cite.text_content().split()), cite.getparent()
            if around.tag == "p" and " ".join(around.text_content().split()) == said_by:
                cite = around
            if cite.getparent() is not None and cite.getparent().tag != "p":
                by = said_by.lstrip("—– ")
                cite.drop_tree()
        if "pullquote" in (element.get("class") or ""):
            said = " ".join(element.text_content().split())
            if said:
                self.done.add("pull_quote", f"{said} — {by}" if by else said)
            return
        inner = Converted()
        _Walk(inner, self.find_photo).children(element)
        self.done.changes += inner.changes
        self.done.gaps += inner.gaps
        said = "".join(block["value"] for block in inner.blocks if block["type"] == "paragraph")
        if said:
            self.done.add("quote", {"text": said, "attribution": by[:200]})
        self.done.blocks += [block for block in inner.blocks if block["type"] != "paragraph"]

    def _list(self, element: Element) -> None:
        items = [markup for item in element.iter("li") if (markup := _list_item(item))]
        if any(item.getparent() is not element for item in element.iter("li")):
            self.done.change("nested lists were made flat")
        for item in element.xpath(".//li//img"):
            self._img(item)
        if items:
            self.done.add("list", {"items": [f"<p>{item}</p>" for item in items], "ordered": element.tag == "ol"})

    def _definitions(self, element: Element) -> None:
        items, term = [], ""
        for part in element:
            if part.tag == "dt":
                term = f"<b>{inline(part)}</b>"
            elif part.tag == "dd":
                items.append(f"<p>{term}: {inline(part)}</p>" if term else f"<p>{inline(part)}</p>")
        self.done.change("definition lists became plain lists")
        if items:
            self.done.add("list", {"items": items, "ordered": False})

    def _preformatted(self, element: Element) -> None:
        if text := element.text_content().strip("\n"):
            self.done.add("preformatted", text)

    def _table(self, element: Element) -> None:
        rows = [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td")] for row in element.iter("tr")
        ]
        rows = [row for row in rows if row]
        if not rows:
            return
        width = max(len(row) for row in rows)
        if next(element.iter("a"), None) is not None:
            self.done.change("links in a table became plain text")
        caption = element.findtext("caption") or ""
        header = element.find(".//thead") is not None or bool(element.xpath("(.//tr)[1]/th"))
        self.done.add(
            "table",
            {
                "data": [row + [""] * (width - len(row)) for row in rows],
                "first_row_is_table_header": header,
                "first_col_is_header": False,
                "table_caption": " ".join(caption.split()),
            },
        )
        for image in element.iter("img"):
            self._img(image)

    def _divider(self, element: Element) -> None:
        self.done.add("divider", None)

    # --- pictures and what can't come in --------------------------------------------------------------------------

    def _figure(self, element: Element) -> None:
        quote, table = element.find(".//blockquote"), element.find(".//table")
        images, kind = list(element.iter("img")), element.get("class") or ""
        if "bookmark-card" in kind or "-embed" in kind:
            self._linked_card(element)
        elif len(images) > 1 or "gallery" in kind:
            self._gallery(element, images)
        elif quote is not None:
            if "pullquote" in kind:
                quote.set("class", "pullquote")
            self._quote(quote)
        elif table is not None:
            self._table(table)
        elif images:
            caption = element.find(".//figcaption")
            self._img(images[0], inline(caption) if caption is not None else "", hint=element.get("id") or "")
        else:
            self.children(element)

    def _linked_card(self, element: Element) -> None:
        """What showed another page in a box: its address as a link, with the words under it."""
        inside = list(element.iter("iframe", "object", "embed", "video", "audio"))
        link = element.find(".//a[@href]")
        bare = _BARE_URL.search(element.text_content())
        url = (link.get("href") if link is not None else "") or (bare[0] if bare else "")
        caption = element.find(".//figcaption")
        for one in inside:
            self._embed(one)
        if url and not inside:
            self.done.change("an embed or a card became a link")
            title = element.find(".//*[@class='kg-bookmark-title']")
            self._link(url, " ".join(title.text_content().split()) if title is not None else url)
        if caption is not None and (text := inline(caption)):
            self.done.add("paragraph", f"<p><i>{text}</i></p>")
        elif not url and not inside:
            self.children(element)

    def _link(self, url: str, text: str) -> None:
        address, shown = (html.escape(part, quote=True) for part in (url, text))
        link = clean(f'<a href="{address}">{shown}</a>')
        self.done.add("paragraph", f"<p>{link}</p>")

    def _gallery(self, element: Element, images: list[Element]) -> None:
        found = []
        for image in images:
            own = next(image.iterancestors("figure", "li"), None)
            caption = own.find(".//figcaption") if own is not None and own is not element else None
            said = html.unescape(words(inline(caption))) if caption is not None else ""
            photo = self._photo(image)
            if photo is not None:
                found.append({"photo": photo, "caption": said, "alt": (image.get("alt") or "")[:500]})
            elif said:
                self.done.add("paragraph", f"<p><i>{html.escape(said)}</i></p>")
        if found:
            self.done.add("gallery", [{"type": "item", "value": item, "id": str(uuid.uuid4())} for item in found])
        for caption in element.findall("./figcaption"):
            if text := inline(caption):
                self.done.add("paragraph", f"<p><i>{text}</i></p>")

    def _photo(self, image: Element, hint: str = "") -> int | None:
        url = image.get("src") or ""
        if not _HTTP.match(url):  # filled in later by a script
            url = image.get("data-src") or image.get("data-lazy-src") or image.get("data-orig-file") or url
        number = _ATTACHMENT.search(f"{image.get('class') or ''} {hint} {image.get('data-id') or ''}")
        key = image.get("data-id") or (number[1] if number else "")
        photo = self.find_photo(url, key)
        if photo is None:
            self.done.gap(f"picture {url[:200] or f'number {key}'}")
        return photo

    def _img(self, image: Element, caption: str = "", hint: str = "") -> None:
        photo = self._photo(image, hint)
        text = html.unescape(words(caption))
        if photo is not None:
            self.done.add("picture", {"photo": photo, "caption": text, "alt": (image.get("alt") or "")[:500]})
        elif text:
            self.done.add("paragraph", f"<p><i>{caption}</i></p>")

    def _background(self, element: Element) -> None:
        """A picture that a style lays behind text."""
        if found := _BEHIND.search(element.get("style") or ""):
            element.set("src", found[1])
            self._img(element)

    def _embed(self, element: Element) -> None:
        source = element.get("src") or element.get("data") or next(iter(element.xpath(".//source/@src")), "")
        self.done.change(f"an embed ({element.tag}) became a link")
        if _HTTP.match(source):
            self._link(source, source)
        else:
            self.done.gap(f"what an embed showed ({source[:200] or 'no address'})")

    def _dropped(self, element: Element) -> None:
        self.done.change(f"a <{element.tag}> was taken out")


def _holds_block(element: Element) -> bool:
    return any(
        isinstance(child.tag, str) and (child.tag in _BLOCKS or child.tag == "img")
        for child in element.iterdescendants()
    )


def _list_item(item: Element) -> str:
    """The item's own text, without the lists inside it (they follow as items of their own) and without pictures."""
    parts: list[str] = [escaped(item.text)]
    for child in item:
        if isinstance(child.tag, str) and child.tag not in ("ul", "ol", "img"):
            parts.append(lxml.html.tostring(child, encoding="unicode", with_tail=False))
        parts.append(escaped(child.tail))
    lines = re.split(r"(?:\s?<br>)+\s?", clean(_ENDS.sub("<br>", "".join(parts))))
    return "<br>".join(line for line in lines if line)


def _each_heading() -> Iterator[tuple[str, Callable[[_Walk, Element], None]]]:
    for level in range(1, 7):
        yield f"h{level}", _Walk._heading


_MAKERS: dict[str, Callable[[_Walk, Element], None]] = {
    "p": _Walk._paragraph,
    "blockquote": _Walk._quote,
    "ul": _Walk._list,
    "ol": _Walk._list,
    "dl": _Walk._definitions,
    "pre": _Walk._preformatted,
    "table": _Walk._table,
    "hr": _Walk._divider,
    "figure": _Walk._figure,
    **dict(_each_heading()),
}
