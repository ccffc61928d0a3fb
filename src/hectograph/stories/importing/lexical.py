"""Ghost's Lexical bodies as HTML: the nodes of its editor and the cards of its menu."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
_FORMATS = ((1, "b"), (2, "i"), (4, "s"), (16, "code"), (32, "sub"), (64, "sup"))


def body(root: Row, notes: list[str]) -> str:
    """The HTML of a document's `root`. What can't come in is told in `notes`."""
    return _inside(root, notes)


def card(kind: str, values: Row, notes: list[str]) -> str:
    """One card by itself: the older format has the same ones under the same names."""
    return _node({**values, "type": kind}, notes)


def _inside(node: Row, notes: list[str]) -> str:
    children = node.get("children")
    rows = children if isinstance(children, list) else []
    return "".join(_node(child, notes) for child in rows if isinstance(child, dict))


def _text(node: Row, notes: list[str]) -> str:
    given = node.get("format")
    text, form = html.escape(str(node.get("text", ""))), given if isinstance(given, int) else 0
    for bit, tag in _FORMATS:
        if form & bit:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _wrapped(tag: str) -> Callable[[Row, list[str]], str]:
    return lambda node, notes: f"<{tag}>{_inside(node, notes)}</{tag}>"


def _heading(node: Row, notes: list[str]) -> str:
    tag = node.get("tag") if node.get("tag") in {f"h{level}" for level in range(1, 7)} else "h2"
    return f"<{tag}>{_inside(node, notes)}</{tag}>"


def _list(node: Row, notes: list[str]) -> str:
    tag = "ol" if node.get("listType") == "number" or node.get("tag") == "ol" else "ul"
    return f"<{tag}>{_inside(node, notes)}</{tag}>"


def _link(node: Row, notes: list[str]) -> str:
    return f'<a href="{html.escape(str(node.get("url", "")), quote=True)}">{_inside(node, notes)}</a>'


def _named_link(url: Any, text: Any, notes: list[str]) -> str:
    return _link({"url": url, "children": [{"type": "text", "text": text}]}, notes)


def _value(node: Row, name: str) -> str:
    return html.escape(str(node.get(name) or ""), quote=True)


def _image(node: Row, notes: list[str]) -> str:
    picture = f'<img src="{_value(node, "src")}" alt="{_value(node, "alt")}">'
    return f"<figure>{picture}<figcaption>{node.get('caption') or ''}</figcaption></figure>"


def _gallery(node: Row, notes: list[str]) -> str:
    rows = [row for row in node.get("images") or [] if isinstance(row, dict)]
    images = "".join(_image(row, notes) for row in rows)
    return f'<figure class="gallery">{images}<figcaption>{node.get("caption") or ""}</figcaption></figure>'


def _embed(node: Row, notes: list[str]) -> str:
    return f'<iframe src="{_value(node, "url")}"></iframe><p><i>{node.get("caption") or ""}</i></p>'


def _bookmark(node: Row, notes: list[str]) -> str:
    meta = node.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    said = [html.escape(str(meta[name])) for name in ("description", "author", "publisher") if meta.get(name)]
    link = _named_link(node.get("url"), meta.get("title") or node.get("url"), notes)
    return f"<p>{link}</p><p>{' — '.join(said)}</p><p><i>{node.get('caption') or ''}</i></p>"


def _sound_or_film(node: Row, notes: list[str]) -> str:
    return f'<video src="{_value(node, "src")}"></video><p><i>{node.get("caption") or ""}</i></p>'


def _file(node: Row, notes: list[str]) -> str:
    name = node.get("fileTitle") or node.get("fileName") or node.get("src")
    return f"<p>{_named_link(node.get('src'), name, notes)}</p><p>{node.get('fileCaption') or ''}</p>"


def _toggle(node: Row, notes: list[str]) -> str:
    return f"<h3>{node.get('heading') or ''}</h3>{node.get('content') or ''}"


def _header(node: Row, notes: list[str]) -> str:
    return f"<h2>{node.get('header') or ''}</h2><p>{node.get('subheader') or ''}</p>"


def _product(node: Row, notes: list[str]) -> str:
    picture = f'<img src="{_value(node, "productImageSrc")}">' if node.get("productImageSrc") else ""
    text = node.get("productDescription") or ""
    return f"{picture}<h3>{node.get('productTitle') or ''}</h3>{text}{_button(node, notes, 'product')}"


def _button(node: Row, notes: list[str], before: str = "") -> str:
    url, text = (node.get(f"{before}Button{name}" if before else f"button{name}") for name in ("Url", "Text"))
    return f"<p>{_named_link(url, text or url, notes)}</p>" if url else ""


def _left_out(words: str) -> Callable[[Row, list[str]], str]:
    def told(node: Row, notes: list[str]) -> str:
        if words not in notes:
            notes.append(words)
        return ""

    return told


_NODES: dict[str, Callable[[Row, list[str]], str]] = {
    "text": _text,
    "extended-text": _text,
    "linebreak": lambda node, notes: "<br>",
    "paragraph": _wrapped("p"),
    "heading": _heading,
    "extended-heading": _heading,
    "quote": _wrapped("blockquote"),
    "extended-quote": _wrapped("blockquote"),
    "aside": _wrapped("blockquote"),
    "list": _list,
    "listitem": _wrapped("li"),
    "link": _link,
    "autolink": _link,
    "image": _image,
    "gallery": _gallery,
    "embed": _embed,
    "bookmark": _bookmark,
    "html": lambda node, notes: str(node.get("html") or ""),
    "markdown": lambda node, notes: f"<pre>{html.escape(str(node.get('markdown') or ''))}</pre>",
    "codeblock": lambda node, notes: f"<pre>{html.escape(str(node.get('code') or ''))}</pre>",
    "horizontalrule": lambda node, notes: "<hr>",
    "callout": lambda node, notes: f"<p>{node.get('calloutText') or ''}</p>",
    "toggle": _toggle,
    "button": _button,
    "audio": _sound_or_film,
    "video": _sound_or_film,
    "file": _file,
    "header": _header,
    "product": _product,
    "call-to-action": lambda node, notes: f"{node.get('textValue') or ''}{_button(node, notes)}",
    "signup": _left_out("a sign-up card was left out: the press has its own"),
    "email": _left_out("what only the newsletter said was left out"),
    "email-cta": _left_out("what only the newsletter said was left out"),
    "paywall": _left_out("a paywall's mark was left out: all of the text came in"),
    "at-link": lambda node, notes: "",
    "zwnj": lambda node, notes: "",
    "tk": lambda node, notes: str(node.get("text") or ""),
    "hr": lambda node, notes: "<hr>",
    "code": lambda node, notes: f"<pre>{html.escape(str(node.get('code') or ''))}</pre>",
    "card-markdown": lambda node, notes: f"<pre>{html.escape(str(node.get('markdown') or ''))}</pre>",
}


def _node(node: Row, notes: list[str]) -> str:
    make = _NODES.get(str(node.get("type")))
    if make:
        return make(node, notes)
    if node.get("children"):
        return _inside(node, notes)
    notes.append(f"a card of the kind “{str(node.get('type'))[:40]}” was left out")
    return ""
