"""The small pieces that stand many times on a page, as HTML strings: pictures, cards, the blocks of a body.

`root` leads from the page to the site's root (`../../`). Everything that is not `html` in a record is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup, escape

from hectograph.press.records import (
    Block,
    Bullets,
    Card,
    Divider,
    Download,
    FactBox,
    Gallery,
    Heading,
    LetterHere,
    Paragraph,
    Photo,
    Picture,
    Preformatted,
    PullQuote,
    Quote,
    RelatedLink,
    Rendition,
    Table,
)
from hectograph.press.schema import iso
from hectograph.press.words import Vocabulary

_TYPES = (("avif", "image/avif"), ("webp", "image/webp"))
COLUMN = "min(41rem,94vw)"  # how wide a picture of the column is shown
CARD = "(min-width:48rem) 20rem, 94vw"
WIDE = "(min-width:48rem) 43rem, 94vw"


def picture(renditions: Sequence[Rendition], alt: str, root: str, *, sizes: str, eager: bool = False) -> str:
    """A `<picture>` in AVIF, WebP and JPEG; empty where there is no file yet."""
    sets: dict[str, list[str]] = {}
    fallback: list[Rendition] = []
    for one in renditions:
        sets.setdefault(one.format, []).append(f"{root}{one.path} {one.width}w")
        if one.format == "jpeg":
            fallback.append(one)
    if not fallback:
        return ""
    sources = "".join(
        f'<source type="{mime}" srcset="{", ".join(sets[form])}" sizes="{sizes}">'
        for form, mime in _TYPES
        if form in sets
    )
    small, widest = fallback[min(1, len(fallback) - 1)], fallback[-1]
    loading = ' fetchpriority="high"' if eager else ' loading="lazy"'
    return (
        f'<picture>{sources}<img src="{root}{small.path}" srcset="{", ".join(sets["jpeg"])}" sizes="{sizes}" '
        f'width="{widest.width}" height="{widest.height}" alt="{escape(alt)}"{loading}></picture>'
    )


def figure(photo: Photo, root: str, words: Vocabulary, *, eager: bool = False) -> str:
    """A picture with its caption and credit."""
    shown = picture(photo.renditions, photo.alt, root, sizes=COLUMN, eager=eager)
    return f"<figure>{shown}<figcaption>{caption(photo, words)}</figcaption></figure>" if shown else ""


def caption(photo: Photo, words: Vocabulary) -> str:
    credit = f"{words.text('photo_credit')}: {escape(photo.credit)}" if photo.credit else ""
    licence = escape(photo.licence) if photo.licence else ""
    reuse = words.text("may_reuse") if photo.reusable else ""
    rest = ". ".join(part for part in (credit, licence, reuse) if part)
    return " ".join(part for part in (str(escape(photo.caption)), rest) if part)


def card(item: Card, root: str, words: Vocabulary, *, level: int = 2, sizes: str = CARD, photo: bool = True) -> str:
    """A story in a list: its picture, kicker, headline, standfirst and date."""
    shown = picture(item.photo.crops, "", root, sizes=sizes) if photo and item.photo else ""
    kicker = f'<p class="k">{escape(item.kicker or item.section)}</p>' if item.kicker or item.section else ""
    standfirst = f'<p class="s">{escape(item.standfirst)}</p>' if item.standfirst else ""
    return (
        f'{shown}{kicker}<h{level}><a href="{root}{item.path}">{escape(item.headline)}</a></h{level}>{standfirst}'
        f'<p class="m"><time datetime="{iso(item.published)}">{words.date(item.published)}</time></p>'
    )


def link(item: Card, root: str, words: Vocabulary) -> str:
    """A story as a line of *Read more*: headline and date."""
    return f'<h3><a href="{root}{item.path}">{escape(item.headline)}</a></h3><p class="m">{words.date(item.published)}'


def rooted(html: str, root: str) -> str:
    """Inline HTML of a record with its links to our own pages made to start at `root`."""
    return html.replace('href="/', f'href="{root}') if 'href="/' in html else html


# --- the blocks of a body -----------------------------------------------------------------------------------------


class BodyPrinter:
    """Prints bodies for one `root`. With `pictures` off they are left out and nothing else changes."""

    def __init__(self, words: Vocabulary, root: str, *, pictures: bool = True) -> None:
        self.words, self.root, self.pictures = words, root, pictures

    def blocks(self, body: Sequence[Block], *, letter: str = "") -> Markup:
        """The whole body; `letter` is the sign-up box, put where the editor wants it or near the middle."""
        parts = [_PRINTERS[type(block)](self, block) for block in body]
        spot = _letter_spot(body)
        if letter:
            parts.insert(spot, letter)
        return Markup("".join(parts))  # noqa: S704 (each printer escapes what isn't sanitised HTML)

    def _paragraph(self, block: Paragraph) -> str:
        return f"<p>{rooted(block.html, self.root)}"  # HTML closes it by itself (§13.1.2.4), and 1,500 words have forty

    def _heading(self, block: Heading) -> str:
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"

    def _quote(self, block: Quote) -> str:
        by = f"<footer>{escape(block.attribution)}</footer>" if block.attribution else ""
        return f"<blockquote><p>{rooted(block.html, self.root)}</p>{by}</blockquote>"

    def _pull_quote(self, block: PullQuote) -> str:
        return f'<blockquote class="pq"><p>{escape(block.text)}</p></blockquote>'

    def _bullets(self, block: Bullets) -> str:
        tag = "ol" if block.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{rooted(item, self.root)}' for item in block.items)}</{tag}>"

    def _picture(self, block: Picture) -> str:
        return figure(block.photo, self.root, self.words) if self.pictures else ""

    def _gallery(self, block: Gallery) -> str:
        return "".join(figure(photo, self.root, self.words) for photo in block.photos) if self.pictures else ""

    def _fact_box(self, block: FactBox) -> str:
        title = escape(block.title or self.words.text("facts"))
        return f'<aside class="x"><h2>{title}</h2>{rooted(block.html, self.root).replace("</p>", "")}</aside>'

    def _table(self, block: Table) -> str:
        head = f"<tr>{''.join(_head_cell(cell) for cell in block.rows[0])}" if block.header else ""
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}' for cell in row)}" for row in block.rows[bool(block.header) :]
        )
        title = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
        label = escape(block.caption or self.words.text("facts"))
        return (
            f'<div class="t" role="region" aria-label="{label}" tabindex="0"><table>{title}{head}{rows}</table></div>'
        )

    def _preformatted(self, block: Preformatted) -> str:
        return f'<pre tabindex="0">{escape(block.text)}</pre>'

    def _divider(self, block: Divider) -> str:
        return "<hr>"

    def _letter(self, block: LetterHere) -> str:
        return ""

    def _related(self, block: RelatedLink) -> str:
        heading = f'<p class="m">{self.words.text("related")}</p>'
        inner = f'<a href="{self.root}{block.card.path}">{escape(block.card.headline)}</a>'
        return f'<aside class="x">{heading}<p>{inner}</p></aside>'

    def _download(self, block: Download) -> str:
        size = f"{self.words.text('download')}, {max(block.size // 1024, 1)} KB"
        return f'<p><a href="{self.root}{block.path}">{escape(block.title)}</a> ({size})</p>'


def _head_cell(cell: str) -> str:
    return f'<th scope="col">{escape(cell)}' if cell else "<td>"


def _letter_spot(body: Sequence[Block]) -> int:
    """Where in the body the sign-up box goes: the editor's own place, else behind the paragraph nearest the middle that
    has another one behind it, never before the third; in a short story at the end."""
    for place, block in enumerate(body):
        if isinstance(block, LetterHere):
            return place
    between = [
        place + 1
        for place in range(len(body) - 1)
        if isinstance(body[place], Paragraph) and isinstance(body[place + 1], Paragraph | Heading)
    ][2:]
    return min(between, key=lambda spot: (abs(spot - len(body) / 2), spot), default=len(body))


_PRINTERS: dict[type[Any], Callable[[BodyPrinter, Any], str]] = {
    Paragraph: BodyPrinter._paragraph,
    Heading: BodyPrinter._heading,
    Quote: BodyPrinter._quote,
    PullQuote: BodyPrinter._pull_quote,
    Bullets: BodyPrinter._bullets,
    Picture: BodyPrinter._picture,
    Gallery: BodyPrinter._gallery,
    FactBox: BodyPrinter._fact_box,
    Table: BodyPrinter._table,
    Preformatted: BodyPrinter._preformatted,
    Divider: BodyPrinter._divider,
    LetterHere: BodyPrinter._letter,
    RelatedLink: BodyPrinter._related,
    Download: BodyPrinter._download,
}
