"""The letter as HTML mail: MJML, made into tables by mrml, styles put inline by css-inline. Pure, no network.

It needs no picture to be read, loads no font, counts no opening, and its links lead straight where they say. What
differs between readers, or is chosen at the last moment, is a slot's mark (`post.compiled`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import css_inline
import mrml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from hectograph.errors import Problem
from hectograph.letters import words
from hectograph.post.compiled import Slot
from hectograph.press import pieces
from hectograph.press.letter_records import LetterEntry, LetterHeading, LetterPage
from hectograph.press.records import Photo, Rendition
from hectograph.press.words import Vocabulary

SITE = Slot.SITE.mark
LEAVE = f"{Slot.LINKS.mark}/l/{Slot.LEAVE.mark}"
PREFER = f"{Slot.LINKS.mark}/p/{Slot.LEAVE.mark}"  # the same token: signing is what a copy costs most
CLIP = 102 * 1024  # bytes of HTML after which Gmail cuts a mail off
_WIDTH = 1120  # pixels: twice the column
_ASKED_FOR = re.compile(r"""<link\b|@import\b|<script\b|\burl\(|(?:src|href)\s*=\s*["']?(?:file|data|ftp):""", re.I)
_EMPTY_IMAGE = re.compile(r'<img [^>]*src="https?:[^>]*>')


class CompileProblem(Problem):
    """A letter that can't be made into mail. Nothing was sent."""


@dataclass(frozen=True)
class Imprint:
    """What every letter of a language says of the newsroom. `how_to_read` is a site path or empty; `zone` an IANA
    name."""

    name: str
    notice: str = ""
    footer: str = ""
    how_to_read: str = ""
    zone: str = "UTC"


@cache
def _templates() -> Environment:
    loader = PackageLoader("hectograph.letters", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, auto_reload=False)


@cache
def _style(name: str) -> str:
    return (files("hectograph.letters") / "templates" / name).read_text(encoding="utf-8")


def html(letter: LetterPage, imprint: Imprint) -> str:
    """The HTML part, with marks. A CompileProblem where the template or the text does not make a mail."""
    spoken = Vocabulary(letter.language, imprint.zone)
    rtl = spoken.direction == "rtl"
    held = _Held()
    source = (
        _templates()
        .get_template("alert.mjml" if letter.alert else "letter.mjml")
        .render(
            letter=letter,
            imprint=imprint,
            words=words.of(letter.language),
            title=letter.title,
            masthead=f"{imprint.name} · {spoken.date(letter.published)}",
            direction=spoken.direction,
            start="right" if rtl else "left",
            style=Markup(_style("dark.css")),  # noqa: S704 (our own file)
            t=held.keep,
            site=SITE,
            leave=LEAVE,
            prefer=PREFER,
            introduction=[Markup(pieces.rooted(text, f"{SITE}/")) for text in letter.introduction],  # noqa: S704
            entries=[_entry(entry, spoken) for entry in letter.entries],
        )
    )
    return _inlined(_checked(held.put_back(_tables(source))))


class _Held:
    """The words of a letter while MJML is made into tables: its parser wants XML, and no word of an editor is to be
    read by it. A mark stands for each."""

    _MARK = re.compile(r"hectoword(\d+)x")

    def __init__(self) -> None:
        self._kept: list[str] = []

    def keep(self, words_kept: str) -> str:
        """A mark for `words_kept`, which are escaped unless they are Markup."""
        self._kept.append(str(escape(words_kept)))
        return f"hectoword{len(self._kept) - 1}x"

    def put_back(self, page: str) -> str:
        return self._MARK.sub(lambda found: self._kept[int(found[1])], page)


def _entry(entry: LetterEntry, spoken: Vocabulary) -> dict[str, Any]:
    if isinstance(entry, LetterHeading):
        return {"heading": entry.text}
    story, root = entry.story, f"{SITE}/"
    own = words.of(spoken.language)
    names = ", ".join(byline.name for byline in story.bylines)
    return {
        "heading": "",
        "picture": _picture(story.lead) if entry.picture else None,
        "alt": story.lead.alt if story.lead else "",
        "kicker": story.kicker or story.section.name,
        "headline": story.headline,
        "path": story.path,
        "standfirst": story.standfirst,
        "note": [Markup(pieces.rooted(text, root)) for text in entry.note],  # noqa: S704 (sanitised)
        "byline": own["by"].format(names=names) if names else "",
        "body": pieces.BodyPrinter(spoken, root, pictures=False).blocks(story.body) if entry.full else "",
    }


def _picture(photo: Photo | None) -> Rendition | None:
    """The widest JPEG that the column needs: every mail program can show it."""
    fitting = [r for r in (photo.crops if photo else ()) if r.format == "jpeg" and r.width <= _WIDTH]
    return max(fitting, key=lambda r: r.width, default=None)


def _tables(source: str) -> str:
    # Without `fonts={}` mrml would have every reader's mail program ask Google for a font.
    options = mrml.RenderOptions(fonts={}, disable_comments=False)
    try:
        return mrml.to_html(source, render_options=options).content
    except (OSError, ValueError, RuntimeError) as error:
        raise CompileProblem("The letter's template is broken.", "Put letters/templates back as it came.") from error


def _inlined(page: str) -> str:
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=True, extra_css=_style("mail.css"), keep_at_rules=True
    )
    return inliner.inline(page)


def _checked(page: str) -> str:
    """The same page, after a last look that it asks for nothing that we did not put there."""
    if found := _ASKED_FOR.search(page):
        words_found = found[0].strip("<")
        raise CompileProblem(
            f"The letter would load something from elsewhere ({words_found}).",
            "Take it out of the text or the template.",
        )
    return page
