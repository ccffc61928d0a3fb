"""The letter as plain text: a mail in its own right, with every story's words and address. Pure.

Marks are those of `mail_html`. Lines are not folded here: mail programs fold them to the reader's window.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

from hectograph.letters import words
from hectograph.letters.mail_html import LEAVE, PREFER, SITE, Imprint
from hectograph.press import records
from hectograph.press.letter_records import LetterHeading, LetterPage, LetterPick
from hectograph.press.words import Vocabulary

_ANCHOR = re.compile(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.S)
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>|</li>\s*<li[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_RULE = "-" * 24


def text(letter: LetterPage, imprint: Imprint) -> str:
    """The plain part, with marks; paragraphs are parted by empty lines."""
    spoken, own = Vocabulary(letter.language, imprint.zone), words.of(letter.language)
    head = [f"{imprint.name} · {spoken.date(letter.published)}"]
    parts = [*head, *([own["alert"].upper()] if letter.alert else []), letter.title]
    parts += [flat(paragraph) for paragraph in letter.introduction]
    for entry in letter.entries:
        parts += [_section(entry)] if isinstance(entry, LetterHeading) else _story(entry, spoken)
    return "\n\n".join([*parts, _foot(letter, imprint, own)]) + "\n"


def _section(entry: LetterHeading) -> str:
    return f"{_RULE}\n{entry.text.upper()}"


def _story(entry: LetterPick, spoken: Vocabulary) -> list[str]:
    story, own = entry.story, words.of(spoken.language)
    names = ", ".join(byline.name for byline in story.bylines)
    parts = [f"* {story.headline}", story.standfirst, *(flat(note) for note in entry.note)]
    if entry.full:
        parts += [own["by"].format(names=names) if names else "", *body_text(story.body, spoken)]
    return [part for part in [*parts, f"{own['read_on']}: {SITE}/{story.path}"] if part]


def _foot(letter: LetterPage, imprint: Imprint, own: dict[str, str]) -> str:
    links = [f"{own['in_browser']}:\n{SITE}/{letter.path}"]
    if imprint.how_to_read:
        links.append(f"{own['how_to_read']}:\n{SITE}/{imprint.how_to_read}")
    ways = [f"{own['leave']}:\n{LEAVE}", f"{own['prefer']}:\n{PREFER}"]
    rest = [note for note in (imprint.footer, imprint.notice) if note]
    return "\n\n".join([_RULE, *links, own["why"], *ways, *rest])


def flat(inline: str) -> str:
    """Inline HTML of a record as text; a link's address follows its words."""
    broken = _BREAK.sub("\n", _ANCHOR.sub(_spelt, inline))
    return html.unescape(_TAG.sub("", broken)).strip()


def _spelt(match: re.Match[str]) -> str:
    address, shown = html.unescape(match[1]), _TAG.sub("", match[2])
    whole = f"{SITE}{address}" if address.startswith("/") else address
    return whole if html.unescape(shown) == address else f"{shown} ({html.escape(whole, quote=False)})"


# --- the blocks of a body -----------------------------------------------------------------------------------------


def body_text(body: tuple[records.Block, ...], spoken: Vocabulary) -> Iterator[str]:
    """The blocks of a body, one string each, with marks."""
    for block in body:
        if printer := _PRINTERS.get(type(block)):
            yield printer(block, spoken)


def _bullets(block: records.Bullets, spoken: Vocabulary) -> str:
    signs = (f"{number}." if block.ordered else "-" for number in range(1, len(block.items) + 1))
    return "\n".join(f"{sign} {flat(item)}" for sign, item in zip(signs, block.items, strict=True))


def _quote(block: records.Quote, spoken: Vocabulary) -> str:
    quoted = "\n".join(f"> {line}" for line in flat(block.html).splitlines())
    return f"{quoted}\n> — {block.attribution}" if block.attribution else quoted


def _table(block: records.Table, spoken: Vocabulary) -> str:
    rows = "\n".join(" | ".join(row) for row in block.rows)
    return f"{block.caption}\n{rows}" if block.caption else rows


def _facts(block: records.FactBox, spoken: Vocabulary) -> str:
    return f"[{block.title or spoken.text('facts')}]\n{flat(block.html)}"


def _picture(block: records.Picture, spoken: Vocabulary) -> str:
    return f"[{block.photo.caption or block.photo.alt}]" if block.photo.caption or block.photo.alt else ""


_PRINTERS: dict[type[Any], Callable[[Any, Vocabulary], str]] = {
    records.Paragraph: lambda block, spoken: flat(block.html),
    records.Heading: lambda block, spoken: block.text.upper(),
    records.Quote: _quote,
    records.PullQuote: lambda block, spoken: f"“{block.text}”",
    records.Bullets: _bullets,
    records.FactBox: _facts,
    records.Table: _table,
    records.Preformatted: lambda block, spoken: block.text,
    records.Divider: lambda block, spoken: "* * *",
    records.Picture: _picture,
    records.RelatedLink: lambda block, spoken: f"{block.card.headline}: {SITE}/{block.card.path}",
    records.Download: lambda block, spoken: f"{block.title}: {SITE}/{block.path}",
}
