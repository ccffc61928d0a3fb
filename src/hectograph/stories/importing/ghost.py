"""Ghost's export (JSON), as a stream: posts and pages with authors and tags; HTML, Lexical or Mobiledoc bodies."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ijson

from hectograph.stories.importing import archive_files, classic, lexical, mobiledoc
from hectograph.stories.importing.archive_files import BadArchive, Part
from hectograph.stories.importing.items import Contents, Item
from hectograph.stories.importing.wxr_elements import plain

_HELP = "In Ghost: Settings, Advanced, Export content."
_STATES = {"published": "publish", "scheduled": "future"}
_OURS = {"posts", "users", "tags", "posts_authors", "posts_tags", "posts_meta"}
_OWN_URL = "__GHOST_URL__"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_GATED = re.compile(r"kg-gated-block:begin[^>]*nonMember:\s*[\"']?false|\"nonMember\"\s*:\s*false", re.I)
_BROKEN = (ijson.JSONError, UnicodeDecodeError)
_DEEPEST = 50  # levels; a real export has seven
_YEARS = range(1900, 2101)
Row = dict[str, Any]


class Archive:
    """The small tables of the export (authors, tags and who has which); posts are read one by one. A file that breaks
    off gives what stands before the break."""

    def __init__(self, path: Path) -> None:
        self.part = _largest(path)
        self.counts, self.broken = self._tables()
        if not self.counts.get("posts"):
            raise BadArchive(f"{path.name} holds no posts{' that can be read' if self.broken else ''}.", _HELP)
        self.authors = {key: _name(row) for key, row in self._by_id("users")}
        self.tags = dict(self._by_id("tags"))
        self.post_authors = self._joined("posts_authors", "author_id")
        self.post_tags = self._joined("posts_tags", "tag_id")
        self.more = {
            _text(row, "post_id"): (_text(row, "feature_image_alt"), plain(_text(row, "feature_image_caption")))
            for row in self._rows("posts_meta")
            if row.get("feature_image_alt") or row.get("feature_image_caption")
        }

    def _tables(self) -> tuple[dict[str, int], str]:
        """How many rows each table has, and what is wrong with the file, if anything is."""
        counts: dict[str, int] = defaultdict(int)
        broken = ""
        try:
            with self.part.open() as file:
                _past_mark(file)
                for table in _each_row(file):
                    counts[table] += 1
        except _BROKEN as error:
            broken = f"The file is broken ({str(error).splitlines()[0][:80]}): what follows can't be read."
        return counts, " ".join(self.part.troubles) or broken

    def _rows(self, table: str) -> Iterator[Row]:
        """Rows of one table, wherever the export keeps its data (`db.0.data` or `data`)."""
        for prefix in (f"db.item.data.{table}.item", f"data.{table}.item"):
            found = False
            try:
                with self.part.open() as file:
                    _past_mark(file)
                    for row in ijson.items(file, prefix, use_float=True):
                        found = True
                        if isinstance(row, dict):
                            yield row
            except _BROKEN:
                pass  # what stands before the break is whole; `broken` says that there is one
            if found:
                return

    def _by_id(self, table: str) -> Iterator[tuple[str, Row]]:
        return ((_text(row, "id"), row) for row in self._rows(table) if row.get("id"))

    def _joined(self, table: str, key: str) -> dict[str, list[str]]:
        joined: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in self._rows(table):
            order = row.get("sort_order")
            joined[_text(row, "post_id")].append((order if isinstance(order, int) else 0, _text(row, key)))
        return {post: [value for _, value in sorted(pairs)] for post, pairs in joined.items()}

    def contents(self) -> Contents:
        found = Contents(items=self.counts["posts"], problems=[self.broken] if self.broken else [])
        found.left = {f"row of the table {name}": count for name, count in self.counts.items() if name not in _OURS}
        internal = sum(1 for tag in self.tags.values() if _is_internal(tag))
        if internal:
            found.left["internal tag"] = internal
        return found

    def items(self) -> Iterator[Item]:
        for number, row in enumerate(self._rows("posts"), 1):
            yield self._item(row, number)

    def _item(self, row: Row, number: int) -> Item:
        key = _text(row, "id") or _text(row, "uuid") or f"item-{number}"
        kind = "page" if row.get("type") == "page" or row.get("page") in (True, 1) else "post"
        title, notes = plain(_text(row, "title")), list[str]()
        if title == "(Untitled)":
            title = ""
        tags = [tag for pk in self.post_tags.get(key, []) if (tag := self.tags.get(pk))]
        public = [name for tag in tags if not _is_internal(tag) and (name := _name(tag))]
        alt, caption = self.more.get(key, ("", ""))
        _more_notes(row, notes)
        slug = _text(row, "slug")
        return Item(
            kind=kind,
            source=f"ghost:{_number(row, key)[:250]}",
            where=f"{kind} {key[:60]} “{title[:60]}”",
            title=title,
            slug=slug,
            status=_status(row, notes),
            body=_body(row, notes),
            excerpt=plain(_text(row, "custom_excerpt")),
            date=_date(row.get("published_at") or row.get("created_at"), notes),
            modified=_date(row.get("updated_at"), []),
            old_urls=(f"/{slug}/",) if slug else (),
            authors=self._authors(row, key),
            sections=tuple(public[:1]),
            topics=tuple(public[1:]),
            featured=(_text(row, "feature_image") or _text(row, "image")).replace(_OWN_URL, ""),
            featured_alt=alt,
            featured_caption=caption,
            notes=tuple(notes),
        )

    def _authors(self, row: Row, key: str) -> tuple[str, ...]:
        """Authors in their order; an old export names one author in the post itself."""
        named = self.post_authors.get(key) or [_text(row, "author_id") or _text(row, "author")]
        return tuple(dict.fromkeys(name for pk in named if (name := self.authors.get(pk, ""))))


def _largest(path: Path) -> Part:
    """The export itself: a zip holds pictures and smaller files beside it."""
    return max(archive_files.parts(path, (".json",)), key=lambda part: part.size)


def _each_row(file: Any) -> Iterator[str]:
    """The table's name for every row of every table, from the tokens alone: no value is built."""
    path: list[str] = []
    for event, value in ijson.basic_parse(file):
        if event == "map_key":
            path[-1] = value
        elif event in ("start_map", "start_array"):
            if event == "start_map" and path[-1:] == ["item"] and path[:-3] in ([], ["db", "item"]) and len(path) > 2:
                yield path[-2]
            path.append("item" if event == "start_array" else "")
            if len(path) > _DEEPEST:
                raise BadArchive("The file holds no posts: no export is nested so deep.", _HELP)
        elif event in ("end_map", "end_array"):
            path.pop()


def _past_mark(file: Any) -> None:
    if file.peek(3)[:3] == b"\xef\xbb\xbf":
        file.read(3)


def _text(row: Row, name: str) -> str:
    """A field as text without characters that nothing can print or store."""
    value = row.get(name)
    return _UNPRINTABLE.sub("", str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _name(row: Row) -> str:
    name = plain(_text(row, "name"))
    return (name.partition("@")[0] if "@" in name[1:] else name) or _text(row, "slug")


def _number(row: Row, key: str) -> str:
    """What no other newsroom's archive has: the oldest exports count from one, and carry a longer number beside."""
    return (_text(row, "uuid") or key) if key.isdigit() else key


def _more_notes(row: Row, notes: list[str]) -> None:
    if row.get("featured") in (True, 1):
        notes.append("it was featured; place it on the front page by hand")
    if _text(row, "codeinjection_head").strip() or _text(row, "codeinjection_foot").strip():
        notes.append("code that was injected into its page was left out")


def _is_internal(tag: Row) -> bool:
    return _text(tag, "name").startswith("#") or tag.get("visibility") == "internal"


def _status(row: Row, notes: list[str]) -> str:
    state = _STATES.get(_text(row, "status"), "draft")
    if row.get("status") == "sent":
        notes.append("it was sent as a letter alone and never stood on the site")
    if row.get("visibility") not in (None, "", "public") and state == "publish":
        notes.append("it was for members alone")
        return "protected"
    if state == "publish" and _GATED.search(f"{_text(row, 'html')}{_text(row, 'lexical')}"):
        notes.append("a part of it was not for everyone: look it through, then publish")
        return "protected"
    return state


def _date(value: Any, notes: list[str]) -> datetime | None:
    try:
        if isinstance(value, int | float):
            found = datetime.fromtimestamp(value / 1000, UTC)
        else:
            found = datetime.fromisoformat(str(value).replace("Z", "+00:00").replace(" ", "T"))
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        if found.year in _YEARS:
            return found
    except (ValueError, OverflowError, OSError):
        pass
    notes.append("it has no date that can be read")
    return None


def _body(row: Row, notes: list[str]) -> str:
    """HTML where the export has it, else made from Lexical or Mobiledoc."""
    made = _text(row, "html") or _made(row, notes)
    if not made and (text := _text(row, "plaintext")):
        notes.append("its body came in as plain text")
        made = classic.paragraphs(text.replace("&", "&amp;").replace("<", "&lt;"))
    return classic.WHOLE + _UNPRINTABLE.sub("", made).replace(_OWN_URL, "") if made else ""


def _made(row: Row, notes: list[str]) -> str:
    try:
        if row.get("lexical"):
            return lexical.body(json.loads(row["lexical"])["root"], notes)
        if row.get("mobiledoc"):
            return mobiledoc.body(json.loads(row["mobiledoc"]), notes)
    except _UNREADABLE:
        name = "Lexical" if row.get("lexical") else "Mobiledoc"
        notes.append(f"its {name} body could not be read")
    return ""
