"""One target becomes its files: read the records, hand them to the press. Both builds go through here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property

from hectograph.newsroom.flows import appeals, letter_site
from hectograph.press import asking, feeds, records, search, sign_up, sitemap
from hectograph.press.changes import Kind, Target
from hectograph.press.letter_pages import LetterPrinter
from hectograph.press.paths import atom_path, feed_path, lite_path, months_path, search_path, support_path
from hectograph.press.records import ListKind
from hectograph.press.render import Renderer
from hectograph.stories import addresses
from hectograph.stories.feed import lists, sitemaps
from hectograph.stories.feed.reader import Reader
from hectograph.stories.feed.site import site
from hectograph.stories.press_state import Address, Removal
from hectograph.stories.registering import photos_of

STORIES_AT_ONCE = 100
_LISTS_READ_AHEAD = 100  # of at most 50 stories each: far from what one query can ask for
File = tuple[str, bytes | None]  # path and bytes; None: no such page stands any more


class Printing:
    """One run of the press: one reader, one renderer, one reading of the clock."""

    def __init__(self, now: datetime, *, site_record: records.Site | None = None) -> None:
        self.now = now
        self.site = site_record or site()
        self.renderer = Renderer(self.site)
        self.reader = Reader()
        self.media: set[str] = set()  # site paths of the pictures that the printed pages show
        self.dropped: set[tuple[str, int]] = set()  # (kind, id) of what changed pages show no more

    @cached_property
    def languages(self) -> list[str]:
        return [words.language for words in self.site.languages]

    def files(self, targets: Iterable[Target]) -> Iterator[File]:
        """The files of `targets`; stories are read a window at a time."""
        window: list[int] = []
        for target in targets:
            if target.kind is Kind.STORY:
                window.append(int(target.key))
                if len(window) == STORIES_AT_ONCE:
                    yield from self._stories(window)
                    window = []
                continue
            yield from self._one(target)
        yield from self._stories(window)

    def read_ahead(self, targets: Sequence[Target]) -> None:
        """For a few targets: what their lists show is read in one go."""
        pages = [(ListKind(t.list_kind), t.language, t.key, t.number) for t in targets if t.kind is Kind.LIST]
        lists.read_ahead(self.reader, pages[:_LISTS_READ_AHEAD])

    def _one(self, target: Target) -> Iterator[File]:
        yield from _MAKERS[target.kind](self, target)

    # --- stories and plain pages ----------------------------------------------------------------------------------

    def _stories(self, ids: list[int]) -> Iterator[File]:
        if not ids:
            return
        stories = self.reader.stories(ids)
        for story in stories.values():
            yield story.path, self.renderer.story(story)
            yield lite_path(story.path), self.renderer.lite(story) if self.site.lite else None
            self._shows(photos_of(story.body, story.lead))
            self.media.update(block.path for block in story.body if isinstance(block, records.Download))
        for path in addresses.current(set(ids) - stories.keys()).values():
            yield path, None
            yield lite_path(path), None

    def _shows(self, photos: Iterable[records.Photo]) -> None:
        self.media.update(r.path for photo in photos for r in (*photo.renditions, *photo.crops))

    def _plain(self, target: Target) -> Iterator[File]:
        pk = int(target.key)
        page = self.reader.plain([pk]).get(pk)
        if page:
            self._shows(photos_of(page.body))
            self.media.update(block.path for block in page.body if isinstance(block, records.Download))
            yield page.path, self.renderer.plain(page)
        else:
            yield from ((path, None) for path in addresses.current([pk]).values())

    def _removal(self, target: Target) -> Iterator[File]:
        row = Removal.objects.get(pk=target.key)
        path = base64.b64decode(row.address).decode()
        story = records.Story(
            id=0,
            language=row.language,
            path=path,
            headline="",
            standfirst="",
            published=row.at,
            modified=row.at,
            section=records.Section(0, "", ""),
            body=(),
            removed_at=row.at,
            removed_because=row.reason,
        )
        yield path, self.renderer.story(story)
        yield lite_path(path), None

    def _redirect(self, target: Target) -> Iterator[File]:
        row = Address.objects.filter(path=target.key).first()
        if row and row.current:
            return  # a page stands there
        live = letter_site.mended(target.key) or (row and self.reader.paths_of_live([row.page]).get(row.page))
        yield target.key, self.renderer.redirect(records.Redirect(target.key, live)) if live else None
        yield lite_path(target.key), None

    # --- lists ----------------------------------------------------------------------------------------------------

    def _front(self, target: Target) -> Iterator[File]:
        front = lists.front(self.reader, target.language)
        path = addresses.front_path(target.language)
        if front:
            self._shows(card.photo for card in (*front.leads, *front.latest) if card.photo)
        yield path, self.renderer.front(front) if front else None
        if target.language == self.languages[0]:
            start = records.Redirect(f"{target.language}/index.html", path)
            yield start.path, self.renderer.redirect(start) if front else None

    def _list(self, target: Target) -> Iterator[File]:
        kind = ListKind(target.list_kind)
        page = lists.list_page(self.reader, kind, target.language, target.key, target.number)
        if page:
            self._shows([page.photo] if page.photo else [])
            yield page.path, self.renderer.list_page(page)
        elif front := lists.path_of(self.reader, kind, target.language, target.key):
            yield addresses.numbered_path(front, target.number), None
        for old in self._former_fronts(kind, target.language, target.key):
            path = addresses.numbered_path(old, target.number)
            yield path, self.renderer.redirect(records.Redirect(path, page.path)) if page else None

    def _former_fronts(self, kind: ListKind, language: str, key: str) -> list[str]:
        """Where the list stood before it was renamed."""
        return [path for path in self.reader.former_fronts.get((kind, key), ()) if path.startswith(f"{language}/")]

    def _support(self, target: Target) -> Iterator[File]:
        yield support_path(target.language), self.renderer.support(target.language, self.now)

    def _months(self, target: Target) -> Iterator[File]:
        index = lists.months(target.language)
        path = index.path if index else months_path(target.language)
        yield path, self.renderer.months(index) if index else None

    # --- feeds, sitemaps, search ----------------------------------------------------------------------------------

    def _feed(self, target: Target) -> Iterator[File]:
        feed = lists.feed(self.reader, self.site, target.language, target.key)
        rss, atom = (
            (make(self.site, feed, self.renderer.body_for_feed) if feed else None) for make in (feeds.rss, feeds.atom)
        )
        for old in self._former_fronts(ListKind.SECTION, target.language, target.key):  # programs don't follow pages
            yield feed_path(target.language, old), rss
            yield atom_path(target.language, old), atom
        if feed:
            yield feed.path, rss
            yield feed.atom_path, atom
            return
        section = self.reader.sections.get(int(target.key)) if target.key else None
        place = section.path if section else ""
        yield feed_path(target.language, place), None
        yield atom_path(target.language, place), None

    def _letter(self, target: Target) -> Iterator[File]:
        path, page = letter_site.letter(self.reader, int(target.key))
        if page:
            self._shows(letter_site.photos_of(page))
        yield path, LetterPrinter(self.renderer).page(page) if page else None

    def _letters(self, target: Target) -> Iterator[File]:
        yield from letter_site.archive(LetterPrinter(self.renderer), self.reader, target)

    def _sitemap_month(self, target: Target) -> Iterator[File]:
        month = sitemaps.month_of_stories(self.reader, target.language, target.key)
        yield month_sitemap_path(target.language, target.key), sitemap.month(self.site, month) if month else None

    def _sitemap_pages(self, target: Target) -> Iterator[File]:
        language = target.language
        paths = [addresses.front_path(language), support_path(language), *lists.list_fronts(self.reader, language)]
        plain = lists.plain_paths(language)
        rows: list[tuple[str, datetime | None]] = [
            *((path, None) for path in paths),
            *plain,
            *letter_site.rows(language),
        ]
        yield f"sitemaps/{language}/pages.xml", sitemap.pages(self.site, rows)

    def _sitemap_news(self, target: Target) -> Iterator[File]:
        items = sitemaps.news(target.language, self.now)
        yield f"sitemaps/{target.language}/news.xml", sitemap.news(self.site, target.language, items, now=self.now)

    def _sitemap_index(self, target: Target) -> Iterator[File]:
        entries = [
            (month_sitemap_path(language, month), at)
            for language in self.languages
            for month, at in sitemaps.months_changed(language)
        ]
        plain: list[tuple[str, datetime | None]] = [
            (f"sitemaps/{language}/pages.xml", None) for language in self.languages
        ]
        yield "sitemap.xml", sitemap.index(self.site, [*plain, *entries])

    def _search(self, target: Target) -> Iterator[File]:
        yield search_path(target.language), self.renderer.search(target.language)
        yield "search/find.js", search.script()

    def _recent(self, target: Target) -> Iterator[File]:
        ids = lists.newest(target.language, ListKind.LATEST, "", lists.RECENT_IN_SEARCH)
        cards = self.reader.cards(ids)
        shown = [cards[pk] for pk in ids if pk in cards]
        yield f"search/{target.language}/recent.json", search.recent(shown)

    def _not_found(self, target: Target) -> Iterator[File]:
        first = target.language == self.languages[0]
        yield "404.html" if first else f"{target.language}/404.html", self.renderer.not_found(target.language)

    def _robots(self, target: Target) -> Iterator[File]:
        yield "robots.txt", sitemap.robots(self.site)
        yield "seal.js", sign_up.sealing_script(self.site.languages[0].letter)
        yield "ask.js", asking.script(self.site)

    def _campaign(self, target: Target) -> Iterator[File]:
        yield "campaign.json", asking.campaigns(appeals.running(self.reader, self.now))


def month_sitemap_path(language: str, month: str) -> str:
    return f"sitemaps/{language}/{month}.xml"


_MAKERS: dict[Kind, Callable[[Printing, Target], Iterator[File]]] = {
    Kind.PLAIN: Printing._plain,
    Kind.REMOVAL: Printing._removal,
    Kind.REDIRECT: Printing._redirect,
    Kind.FRONT: Printing._front,
    Kind.LIST: Printing._list,
    Kind.SUPPORT: Printing._support,
    Kind.MONTHS: Printing._months,
    Kind.FEED: Printing._feed,
    Kind.SITEMAP_MONTH: Printing._sitemap_month,
    Kind.SITEMAP_PAGES: Printing._sitemap_pages,
    Kind.SITEMAP_NEWS: Printing._sitemap_news,
    Kind.SITEMAP_INDEX: Printing._sitemap_index,
    Kind.SEARCH: Printing._search,
    Kind.RECENT: Printing._recent,
    Kind.LETTER: Printing._letter,
    Kind.LETTERS: Printing._letters,
    Kind.NOT_FOUND: Printing._not_found,
    Kind.ROBOTS: Printing._robots,
    Kind.CAMPAIGN: Printing._campaign,
}
