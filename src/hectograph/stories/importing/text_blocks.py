"""Headings, quotes, lists, tables and preformatted text of a body: no word of one is lost, whatever it is made of."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import lxml.html

from hectograph.stories.importing.inline import Element, clean, escaped, inline, spaced, words
from hectograph.stories.importing.walk import Walk, outermost, tail_of, taken_out

_LONGEST_HEADING, _LONGEST_NAME = 200, 200  # characters, as the editor's fields take them
_LINES = re.compile(r"(?:\s?<br>)+\s?")
_ROWS = "./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"


def heading(walk: Walk, element: Element) -> None:
    heavy = taken_out(element)
    text = spaced(element)
    if element.find(".//a[@href]") is not None:
        walk.done.change("a link in a heading became plain text")
    if len(text) > _LONGEST_HEADING:
        walk.done.change(f"a heading of over {_LONGEST_HEADING} characters became a paragraph")
        walk.say(f"<b>{inline(element)}</b>")
    elif text:
        walk.done.add("heading", {"text": text, "level": "2" if element.tag in ("h1", "h2") else "3"})
    walk.all(heavy)


def quote(walk: Walk, element: Element) -> None:
    by = ", ".join(_said_by(element))
    if "pullquote" in (element.get("class") or ""):
        heavy, said = taken_out(element), spaced(element)
        if said:
            walk.done.add("pull_quote", f"{said} — {by}" if by else said)
        walk.all(heavy)
        return
    inner = walk.inner()
    inner.children(element)
    walk.join(inner)
    said = "".join(block["value"] for block in inner.done.blocks if block["type"] == "paragraph")
    if by and (not said or len(by) > _LONGEST_NAME):
        said, by = f"{said}<p>— {html.escape(by, quote=False)}</p>", ""
    if said:
        walk.done.add("quote", {"text": said, "attribution": by})
    walk.done.blocks += [block for block in inner.done.blocks if block["type"] != "paragraph"]


def _said_by(element: Element) -> Iterator[str]:
    """Who said it, taken out of the quote; a name within a sentence stays there."""
    for cite in element.xpath(".//cite | .//footer"):
        name, around = spaced(cite), cite.getparent()
        if around is None or any(parent.tag in ("cite", "footer") for parent in cite.iterancestors()):
            continue
        if around.tag == "p" and spaced(around) == name:
            cite, around = around, around.getparent()
        if around is not None and around.tag != "p" and cite is not element:
            cite.drop_tree()
            if name := name.lstrip("—– "):
                yield name


def listing(walk: Walk, element: Element) -> None:
    """A list within a list follows as items of its own; what can't stand in an item follows the list."""
    heavy = taken_out(element)
    if element.find(".//ul") is not None or element.find(".//ol") is not None:
        walk.done.change("nested lists were made flat")
    items = [item for item in _items(element) if words(item)]
    if items:
        walk.done.add("list", {"items": [f"<p>{item}</p>" for item in items], "ordered": element.tag == "ol"})
    walk.all(heavy)


def _items(element: Element) -> Iterator[str]:
    if text := clean(escaped(element.text)):
        yield text
    for child in element:
        if child.tag in ("ul", "ol"):
            yield from _items(child)
        elif child.tag == "li":
            yield from _item(child)
        elif isinstance(child.tag, str):
            yield clean(lxml.html.tostring(child, encoding="unicode", with_tail=False))
        if text := clean(escaped(child.tail)):
            yield text


def _item(item: Element) -> Iterator[str]:
    """The item's own text, then the lists inside it, wherever they stand."""
    inside = [one for one in item.iterdescendants("ul", "ol") if _own_list(one, item)]
    for one in inside:
        one.addprevious(tail_of(one))
        one.getparent().remove(one)
    text = escaped(item.text) + "".join(lxml.html.tostring(child, encoding="unicode") for child in item)
    yield "<br>".join(line for line in _LINES.split(clean(text)) if line)
    for one in inside:
        yield from _items(one)


def _own_list(one: Element, item: Element) -> bool:
    between = one.iterancestors("ul", "ol", "li")
    return next(between, None) is item


def definitions(walk: Walk, element: Element) -> None:
    """A list of terms and their meanings; such a list within one of them is part of its text."""
    walk.done.change("definition lists became plain lists")
    heavy, items, term = taken_out(element), list[str](), ""
    for part in outermost(element, ("dt", "dd")):
        said = inline(part)
        if part.tag == "dd":
            items.append(f"{term}: {said}" if term else said)
            term = ""
            continue
        items += [term] if term else []
        term = f"<b>{said}</b>" if said else ""
    items += [term] if term else []
    if items:
        walk.done.add("list", {"items": [f"<p>{item}</p>" for item in items], "ordered": False})
    walk.all(heavy)


def preformatted(walk: Walk, element: Element) -> None:
    heavy = taken_out(element)
    for line in element.iter("br"):
        line.tail = f"\n{line.tail or ''}"
    if text := element.text_content().strip("\n"):
        walk.done.add("preformatted", text)
    walk.all(heavy)


def table(walk: Walk, element: Element) -> None:
    """A table's words by row and cell; pictures and what else can't stand in a cell follow it."""
    if len(element.xpath(".//td | .//th | .//caption")) == 1:
        walk.children(element)  # a frame around something, and no table
        return
    heavy = taken_out(element)
    rows = [[spaced(cell) for cell in row.xpath("./th | ./td")] for row in element.xpath(_ROWS)]
    rows = [row for row in rows if row]
    if rows:
        if next(element.iter("a"), None) is not None:
            walk.done.change("links in a table became plain text")
        walk.done.add("table", _table_value(element, rows))
    walk.all(heavy)


def _table_value(element: Element, rows: list[list[str]]) -> dict[str, object]:
    width, caption = max(len(row) for row in rows), element.find("caption")
    return {
        "data": [row + [""] * (width - len(row)) for row in rows],
        "first_row_is_table_header": element.find(".//thead") is not None or bool(element.xpath("(.//tr)[1]/th")),
        "first_col_is_header": False,
        "table_caption": spaced(caption) if caption is not None else "",
    }


def divider(walk: Walk, element: Element) -> None:
    walk.done.add("divider", None)


def caption(walk: Walk, element: Element) -> None:
    """Words under something that is no picture of ours."""
    if text := inline(element):
        walk.say(f"<i>{text}</i>")
