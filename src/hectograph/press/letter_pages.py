"""Letters on the site: the web version of each, their archive, their feed."""

from __future__ import annotations

from markupsafe import Markup, escape

from hectograph.press import feeds, pieces
from hectograph.press.letter_records import LetterArchive, LetterEntry, LetterHeading, LetterPage
from hectograph.press.paths import letters_path, up
from hectograph.press.records import Feed, Section, Story
from hectograph.press.render import Renderer
from hectograph.press.words import Vocabulary


class LetterPrinter:
    """Prints letters with `renderer`, whose page frame they stand in."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self._site = renderer, renderer.site

    def page(self, letter: LetterPage, *, draft: str = "") -> bytes:
        """The web version."""
        root, words = up(letter.path), self._words(letter.language)
        return self._renderer.framed(
            "letter_page.html",
            letter.language,
            letter.path,
            title=f"{letter.title} — {letter.name}",
            description=letter.preheader,
            twins=letter.twins,
            canonical=True,
            draft=draft,
            archive=letter.archive,
            feed=letters_path(letter.language, letter.newsletter).replace(".html", "/feed.xml"),
            letter=letter,
            body=_body(letter, root, words, level=2),
            box=self._renderer.furniture(letter.language, root).letter,
        )

    def archive(self, archive: LetterArchive) -> bytes:
        title = archive.name if not archive.year else f"{archive.name}, {archive.year}"
        return self._renderer.framed(
            "letters.html",
            archive.language,
            archive.path,
            title=f"{title} — {self._site.words(archive.language).name}",
            twins=archive.twins,
            canonical=True,
            feed=archive.feed,
            heading=title,
            page=archive,
            page_front=letters_path(archive.language, archive.newsletter),
            box=self._renderer.furniture(archive.language, up(archive.path)).letter,
        )

    def feed(self, archive: LetterArchive, letters: list[LetterPage]) -> tuple[bytes, bytes]:
        """RSS and Atom with the whole text of `letters`, the newest first."""
        bodies = {letter.path: letter for letter in letters}
        feed = Feed(
            archive.language,
            archive.feed,
            archive.feed.replace("feed.xml", "atom.xml"),
            archive.path,
            f"{archive.name} — {self._site.words(archive.language).name}",
            tuple(_as_story(letter) for letter in letters),
        )

        def body(item: Story) -> str:
            letter = bodies[item.path]
            return str(_body(letter, f"{self._site.base_url}/", self._words(letter.language), level=2))

        return feeds.rss(self._site, feed, body), feeds.atom(self._site, feed, body)

    def _words(self, language: str) -> Vocabulary:
        return self._renderer.vocabulary(language)


def _as_story(letter: LetterPage) -> Story:
    """A letter in the form that feeds take."""
    return Story(
        id=0,
        language=letter.language,
        path=letter.path,
        headline=letter.title,
        standfirst=letter.preheader,
        published=letter.published,
        modified=letter.published,
        section=Section(0, letter.name, letter.archive),
        body=(),
    )


def _body(letter: LetterPage, root: str, words: Vocabulary, *, level: int) -> Markup:
    introduction = "".join(f"<p>{pieces.rooted(text, root)}</p>" for text in letter.introduction)
    entries, below = "", level
    for entry in letter.entries:
        entries += _entry(entry, root, words, level, below)
        below = level + 1 if isinstance(entry, LetterHeading) else below  # no level of headings is left out
    return Markup(introduction + entries)  # noqa: S704 (records hold sanitised HTML; the rest is escaped)


def _entry(entry: LetterEntry, root: str, words: Vocabulary, level: int, below: int) -> str:
    if isinstance(entry, LetterHeading):
        return f'<h{level} class="h">{escape(entry.text)}</h{level}>'
    story = entry.story
    photo = story.lead.crops if story.lead and entry.picture else ()
    shown = pieces.picture(photo, story.lead.alt if story.lead else "", root, sizes=pieces.COLUMN)
    note = "".join(f"<p>{pieces.rooted(text, root)}</p>" for text in entry.note)
    whole = str(pieces.BodyPrinter(words, root).blocks(story.body)) if entry.full else ""
    standfirst = f'<p class="sf">{escape(story.standfirst)}</p>' if story.standfirst else ""
    headline = f'<h{below}><a href="{root}{story.path}">{escape(story.headline)}</a></h{below}>'
    return f'<section class="lp">{shown}{headline}{standfirst}{note}{whole}</section>'
