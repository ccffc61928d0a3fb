"""Ghost's export (JSON), as a stream: posts and pages with their authors and tags; HTML or Lexical bodies."""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ijson

from hectograph.stories.importing.items import Contents, Item
from hectograph.stories.importing.wxr import BadArchive, plain

_STATES = {"published": "publish", "scheduled": "future", "sent": "publish"}
_FORMATS = ((1, "b"), (2, "i"), (4, "s"), (16, "code"), (32, "sub"), (64, "sup"))
Row = dict[str, Any]


class Archive:
    """The small tables of the export (authors, tags and who has which); posts are read one by one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.authors = {row["id"]: row.get("name") or row.get("slug") or "" for row in self._rows("users")}
        self.tags = {row["id"]: row for row in self._rows("tags")}
        self.post_authors, self.post_tags = (
            self._joined("posts_authors", "author_id"),
            self._joined("posts_tags", "tag_id"),
        )

    def _rows(self, table: str) -> Iterator[Row]:
        """Rows of one table, wherever the export keeps its data (`db.0.data` or `data`)."""
        for prefix in (f"db.item.data.{table}.item", f"data.{table}.item"):
            found = False
            try:
                with self.path.open("rb") as file:
                    for row in ijson.items(file, prefix, use_float=True):
                        found = True
                        yield row
            except (ijson.JSONError, UnicodeDecodeError, OSError) as error:
                if table == "posts" and found:
                    return  # what stands before the break is whole; `problems` says that there is one
                raise BadArchive(
                    f"{self.path.name} can't be read as JSON.", "In Ghost: Settings, Advanced, Export content."
                ) from error
            if found:
                return

    def _joined(self, table: str, key: str) -> dict[str, list[str]]:
        joined: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in self._rows(table):
            joined[row.get("post_id", "")].append((row.get("sort_order") or 0, row.get(key, "")))
        return {post: [value for _, value in sorted(pairs)] for post, pairs in joined.items()}

    def contents(self) -> Contents:
        found = Contents(items=sum(1 for _ in self._rows("posts")))
        if not found.items:
            raise BadArchive(f"{self.path.name} holds no posts.", "In Ghost: Settings, Advanced, Export content.")
        return found

    def items(self) -> Iterator[Item]:
        for number, row in enumerate(self._rows("posts"), 1):
            yield self._item(row, number)

    def _item(self, row: Row, number: int) -> Item:
        key = str(row.get("id") or row.get("uuid") or f"item-{number}")
        kind = "page" if row.get("type") == "page" or row.get("page") else "post"
        title, notes = plain(str(row.get("title") or "")), list[str]()
        tags = [tag for pk in self.post_tags.get(key, []) if (tag := self.tags.get(pk))]
        public = [str(tag["name"]) for tag in tags if not str(tag.get("name", "#")).startswith("#")]
        state = _STATES.get(str(row.get("status")), "draft")
        if row.get("visibility", "public") != "public" and state == "publish":
            state = "protected"
            notes.append("it was for members alone")
        return Item(
            kind=kind,
            source=f"ghost:{key}",
            where=f"{kind} {key} “{title[:60]}”",
            title=title,
            slug=str(row.get("slug") or ""),
            status=state,
            body=_body(row, notes),
            excerpt=plain(str(row.get("custom_excerpt") or "")),
            date=_date(row.get("published_at") or row.get("created_at"), notes),
            modified=_date(row.get("updated_at"), []),
            old_url=f"/{row.get('slug')}/" if row.get("slug") else "",
            authors=tuple(name for pk in self.post_authors.get(key, []) if (name := self.authors.get(pk))),
            sections=tuple(public[:1]),
            topics=tuple(public[1:]),
            featured=str(row.get("feature_image") or ""),
            notes=tuple(notes),
        )


def _date(value: Any, notes: list[str]) -> datetime | None:
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000, UTC)
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00").replace(" ", "T"))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        notes.append("it has no date that can be read")
        return None


def _body(row: Row, notes: list[str]) -> str:
    """HTML where the export has it, else made from Lexical; an older card format can only be told of."""
    if row.get("html"):
        return str(row["html"]).replace("__GHOST_URL__", "")
    if row.get("lexical"):
        try:
            root = json.loads(row["lexical"])["root"]
            return "".join(_node(child, notes) for child in root.get("children", [])).replace("__GHOST_URL__", "")
        except (ValueError, KeyError, TypeError, AttributeError):
            notes.append("its Lexical body could not be read; it came in empty")
            return ""
    if row.get("mobiledoc"):
        notes.append("its body is in the old mobiledoc format without HTML; export it from Ghost 5 or later")
    return ""


def _inside(node: Row, notes: list[str]) -> str:
    return "".join(_node(child, notes) for child in node.get("children", []))


def _text(node: Row, notes: list[str]) -> str:
    text, form = html.escape(str(node.get("text", ""))), int(node.get("format") or 0)
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


def _image(node: Row, notes: list[str]) -> str:
    source, alt = (html.escape(str(node.get(name) or ""), quote=True) for name in ("src", "alt"))
    return f'<figure><img src="{source}" alt="{alt}"><figcaption>{node.get("caption") or ""}</figcaption></figure>'


def _gallery(node: Row, notes: list[str]) -> str:
    images = "".join(
        f'<img src="{html.escape(str(row.get("src") or ""), quote=True)}">' for row in node.get("images", [])
    )
    return f'<figure class="gallery">{images}</figure>'


def _embed(node: Row, notes: list[str]) -> str:
    return f'<iframe src="{html.escape(str(node.get("url") or ""), quote=True)}"></iframe>'


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
    "bookmark": lambda node, notes: (
        f"<p>{_link({**node, 'children': [{'type': 'text', 'text': node.get('url')}]}, notes)}</p>"
    ),
    "html": lambda node, notes: str(node.get("html") or ""),
    "markdown": lambda node, notes: f"<pre>{html.escape(str(node.get('markdown') or ''))}</pre>",
    "codeblock": lambda node, notes: f"<pre>{html.escape(str(node.get('code') or ''))}</pre>",
    "horizontalrule": lambda node, notes: "<hr>",
    "callout": lambda node, notes: f"<p>{node.get('calloutText') or ''}</p>",
    "toggle": lambda node, notes: f"<h3>{node.get('heading') or ''}</h3>{node.get('content') or ''}",
    "button": lambda node, notes: _named_link(node.get("buttonUrl"), node.get("buttonText"), notes),
}


def _node(node: Row, notes: list[str]) -> str:
    make = _NODES.get(str(node.get("type")))
    if make:
        return make(node, notes)
    if node.get("children"):
        return _inside(node, notes)
    notes.append(f"a card of the kind “{str(node.get('type'))[:40]}” was left out")
    return ""
