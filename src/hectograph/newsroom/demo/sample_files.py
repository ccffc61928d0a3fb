"""Reads the sample newsroom's files: TOML front matter, and bodies in a small notation (samples/newsroom/README.md)."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hectograph.errors import Problem

Raw = dict[str, Any]  # a StreamField block in raw form: {"type": …, "value": …}
Link = Callable[[str], str]  # what stands between the brackets of a link → the opening tag

_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\*(.+?)\*"), r"<i>\1</i>"),
)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_RELATED = re.compile(r"\[\[related:\s*([\w-]+)\s*\]\]")
_PICTURE = re.compile(r"!\[([\w-]+)\]\s*(.*)", re.S)


@dataclass(frozen=True)
class SamplePage:
    """A story or plain page: its front matter and the body's notation."""

    meta: dict[str, Any]
    body: str

    @property
    def key(self) -> str:
        return str(self.meta["key"])

    @property
    def language(self) -> str:
        return str(self.meta["language"])


@dataclass(frozen=True)
class Lookup:
    """Numbers of what bodies name: pages and photos by key; and what a photo shows, in the body's language."""

    page: Callable[[str], int | None]
    photo: Callable[[str], int | None]
    alt: Callable[[str], str]


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_pages(folder: Path) -> Iterator[SamplePage]:
    """Every page below `folder`, in the order of their names."""
    for path in sorted(folder.rglob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        try:
            yield SamplePage(tomllib.loads(front), body.strip())
        except tomllib.TOMLDecodeError as error:
            raise Problem(f"The front matter of {path.name} can't be read: {error}.") from error


def blocks(body: str, lookup: Lookup) -> list[Raw]:
    """The body as raw StreamField blocks."""
    found = []
    for part in _parts(body):
        for starts, make in _MAKERS:
            if part.startswith(starts):
                block = make(part, lookup)
                break
        else:
            block = _other(part, lookup)
        if block:
            found.append(block)
    return found


def _parts(body: str) -> Iterator[str]:
    """Parts between empty lines; a fact box is one, whatever lines it holds."""
    waiting: list[str] = []
    for part in re.split(r"\n\s*\n", body):
        waiting.append(part)
        whole = "\n\n".join(waiting)
        if whole.startswith(":::") and not (whole.rstrip().endswith(":::") and whole.strip() != ":::"):
            continue
        waiting = []
        yield whole.strip()
    if waiting:
        yield "\n\n".join(waiting).strip()


def inline(text: str, lookup: Lookup) -> str:
    """Inline notation as rich text."""
    plain = html.escape(" ".join(text.split()), quote=False)
    linked = _LINK.sub(lambda found: _link(found[1], found[2], lookup), plain)
    for pattern, tag in _INLINE:
        linked = pattern.sub(tag, linked)
    return linked


def _link(text: str, target: str, lookup: Lookup) -> str:
    if not target.startswith("story:"):
        return f'<a href="{target}">{text}</a>'
    page = lookup.page(target.removeprefix("story:"))
    return f'<a linktype="page" id="{page}">{text}</a>' if page else text


def _rich(text: str, lookup: Lookup) -> str:
    return f"<p>{inline(text, lookup)}</p>"


def _heading(part: str, lookup: Lookup) -> Raw:
    level = "3" if part.startswith("### ") else "2"
    return {"type": "heading", "value": {"text": part.lstrip("# ").strip(), "level": level}}


def _pull_quote(part: str, lookup: Lookup) -> Raw:
    return {"type": "pull_quote", "value": " ".join(line.lstrip("> ") for line in part.splitlines())}


def _quote(part: str, lookup: Lookup) -> Raw:
    lines = [line.removeprefix(">").strip() for line in part.splitlines()]
    by = lines[-1][1:].strip() if lines[-1].startswith("—") else ""
    said = " ".join(lines[:-1] if by else lines)
    return {"type": "quote", "value": {"text": _rich(said, lookup), "attribution": by}}


def _list(part: str, lookup: Lookup) -> Raw:
    items = [re.sub(r"^(?:-|\d+\.)\s+", "", line) for line in part.splitlines()]
    value = {"items": [_rich(item, lookup) for item in items], "ordered": not part.startswith("-")}
    return {"type": "list", "value": value}


def _picture(part: str, lookup: Lookup) -> Raw | None:
    found = _PICTURE.match(part)
    photo = lookup.photo(found[1]) if found else None
    if found is None or photo is None:
        return None
    return {
        "type": "picture",
        "value": {"photo": photo, "caption": " ".join(found[2].split()), "alt": lookup.alt(found[1])},
    }


def _fact_box(part: str, lookup: Lookup) -> Raw:
    first, _, rest = part.strip(":\n ").partition("\n")
    paragraphs = "".join(_fact_part(text, lookup) for text in re.split(r"\n\s*\n", rest.strip()) if text.strip())
    return {"type": "fact_box", "value": {"title": first.removeprefix("fact").strip(), "text": paragraphs}}


def _fact_part(text: str, lookup: Lookup) -> str:
    if not text.lstrip().startswith("- "):
        return _rich(text, lookup)
    items = (f"<li>{inline(line.removeprefix('- '), lookup)}</li>" for line in text.strip().splitlines())
    return f"<ul>{''.join(items)}</ul>"


def _table(part: str, lookup: Lookup) -> Raw:
    caption, lines = "", part.splitlines()
    if lines[0].startswith(("Table:", "Таблица:")):
        caption, lines = lines[0].partition(":")[2].strip(), lines[1:]
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    data = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    value = {"data": data, "first_row_is_table_header": True, "first_col_is_header": False, "table_caption": caption}
    return {"type": "table", "value": value}


def _divider(part: str, lookup: Lookup) -> Raw:
    return {"type": "divider", "value": None}


def _bracketed(part: str, lookup: Lookup) -> Raw | None:
    if found := _RELATED.match(part):
        page = lookup.page(found[1])
        return {"type": "related", "value": {"story": page}} if page else None
    return {"type": "letter", "value": None}


def _other(part: str, lookup: Lookup) -> Raw:
    if re.match(r"\d+\. ", part):
        return _list(part, lookup)
    return {"type": "paragraph", "value": _rich(part, lookup)}


_MAKERS: tuple[tuple[str | tuple[str, ...], Callable[[str, Lookup], Raw | None]], ...] = (
    ("#", _heading),
    (">>", _pull_quote),
    (">", _quote),
    ("- ", _list),
    ("![", _picture),
    (":::", _fact_box),
    (("|", "Table:", "Таблица:"), _table),
    ("---", _divider),
    ("[[", _bracketed),
)
