"""HTML of any archive becomes the blocks of our editor. What can load or run something is neutralised, and told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import lxml.html
import nh3
from lxml import etree

from hectograph.stories.importing import classic, figures, leftover, text_blocks
from hectograph.stories.importing.converted import Converted, FindPhoto
from hectograph.stories.importing.walk import Maker, Walk

_HANDLERS = re.compile(r"<[^<>]+\son\w{1,40}\s?=", re.I)
_SCRIPT_LINK = re.compile(r"(?:href|src|action)\s?=\s?[\"']?\s{0,9}(?:javascript|vbscript|data)\s{0,9}:", re.I)
_TAG = re.compile(r"<[^<>]+>")
# The buttons and clocks that Ghost draws around sound and film.
_CONTROLS = " | ".join(
    f".//*[contains(concat(' ', @class, ' '), ' {name} ')]"
    for name in ("kg-audio-player", "kg-video-player-container", "kg-video-overlay")
)
_MAKERS: Mapping[str, Maker] = {
    "p": Walk.paragraph,
    "blockquote": text_blocks.quote,
    "ul": text_blocks.listing,
    "ol": text_blocks.listing,
    "dl": text_blocks.definitions,
    "pre": text_blocks.preformatted,
    "table": text_blocks.table,
    "hr": text_blocks.divider,
    "figure": figures.figure,
    "figcaption": text_blocks.caption,
    **{f"h{level}": text_blocks.heading for level in range(1, 7)},
}


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
    for control in root.xpath(_CONTROLS):
        control.drop_tree()
    told = leftover.words_of(root)
    Walk(done, find_photo, _MAKERS).children(root)
    leftover.tell(told, done)
    return done
