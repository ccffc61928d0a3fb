"""Ghost's older bodies (Mobiledoc 0.3) as HTML: sections of text with numbered markups, and cards."""

from __future__ import annotations

import html
from typing import Any

from hectograph.stories.importing import lexical

_MARKUP, _IMAGE, _LIST, _CARD = 1, 2, 3, 10
_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside", "pull-quote"}
_MARKS = {"a", "b", "strong", "i", "em", "s", "u", "code", "sub", "sup"}


def body(document: dict[str, Any], notes: list[str]) -> str:
    """The HTML of a document. Raises TypeError, ValueError, KeyError or IndexError where it is no Mobiledoc."""
    made = _Document(document, notes)
    return "".join(made.section(section) for section in document["sections"])


class _Document:
    def __init__(self, document: dict[str, Any], notes: list[str]) -> None:
        self.markups = document.get("markups") or []
        self.atoms = document.get("atoms") or []
        self.cards = document.get("cards") or []
        self.notes = notes

    def section(self, section: list[Any]) -> str:
        kind = section[0]
        if kind == _MARKUP:
            tag = section[1] if section[1] in _TAGS else "p"
            tag = "blockquote" if tag in ("aside", "pull-quote") else tag
            return f"<{tag}>{self._markers(section[2])}</{tag}>"
        if kind == _IMAGE:
            return f'<figure><img src="{html.escape(str(section[1]), quote=True)}"></figure>'
        if kind == _LIST:
            tag = "ol" if section[1] == "ol" else "ul"
            return f"<{tag}>" + "".join(f"<li>{self._markers(item)}</li>" for item in section[2]) + f"</{tag}>"
        if kind == _CARD:
            name, values = self.cards[section[1]]
            return lexical.card(str(name), values if isinstance(values, dict) else {}, self.notes)
        raise ValueError(f"a section of kind {kind}")

    def _markers(self, markers: list[Any]) -> str:
        """Text runs: each opens some markups and closes the last so many that are open."""
        out: list[str] = []
        open_tags: list[str] = []
        for kind, opened, closed, value in markers:
            for number in opened:
                tag, start = self._markup(self.markups[number])
                open_tags.append(tag)
                out.append(start)
            out.append(self._atom(self.atoms[value]) if kind == 1 else html.escape(str(value)))
            for _ in range(closed):
                out.append(f"</{open_tags.pop()}>")
        return "".join(out)

    def _atom(self, atom: list[Any]) -> str:
        return "<br>" if atom[0] == "soft-return" else html.escape(str(atom[1]))

    def _markup(self, markup: list[Any]) -> tuple[str, str]:
        tag = markup[0] if markup[0] in _MARKS else "span"
        pairs = markup[1] if len(markup) > 1 else []
        values = dict(zip(pairs[::2], pairs[1::2], strict=False))
        href = f' href="{html.escape(str(values["href"]), quote=True)}"' if tag == "a" and "href" in values else ""
        return tag, f"<{tag}{href}>"
