"""Lists, fronts and feeds as records. Each reads what it shows and no more, however long the archive is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from hectograph.press import records
from hectograph.press.paths import atom_path, feed_path, months_path
from hectograph.press.records import ListKind
from hectograph.stories import addresses, paging
from hectograph.stories.feed.reader import Reader
from hectograph.stories.few_pages import few
from hectograph.stories.home import Home
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Place, PlaceList
from hectograph.stories.registering import NEWEST_LOOKED_AT
from hectograph.stories.story import Story

FRONT_LATEST = 24
IN_A_FEED = 20
RECENT_IN_SEARCH = 60


def newest(language: str, kind: ListKind, key: str, count: int) -> list[int]:
    """Ids of the newest stories of a list, by the date readers see, among its last places."""
    row = _list(kind, language, key)
    if row is None:
        return []
    places = row.places.order_by("-number").values_list("story", flat=True)[:NEWEST_LOOKED_AT]
    dates = Story.objects.filter(pk__in=list(places), live=True).values_list("pk", "dated", "first_published_at")
    ordered = sorted(((dated or first, pk) for pk, dated, first in dates), reverse=True)
    return [pk for _, pk in ordered[:count]]


def _list(kind: ListKind, language: str, key: str) -> PlaceList | None:
    return PlaceList.objects.filter(kind=kind, language=language, key=key).first()


def front(reader: Reader, language: str) -> records.Front | None:
    """The front page; None where the language has no home yet."""
    home = few(Home).filter(locale__language_code=language, live=True).order_by("pk").first()
    return front_of(reader, home, language) if home else None


def front_of(reader: Reader, home: Home, language: str) -> records.Front:
    """The front page with the leads and the breaking line of `home`, saved or not."""
    leads = list(dict.fromkeys(lead.story_id for lead in home.leads.all()))
    latest = newest(language, ListKind.LATEST, "", FRONT_LATEST + len(leads))
    cards = reader.cards([*leads, *latest])
    shown = [cards[pk] for pk in leads if pk in cards] or [cards[pk] for pk in latest[:3] if pk in cards]
    placed = {card.id for card in shown}
    rest = tuple(cards[pk] for pk in latest if pk in cards and pk not in placed)[:FRONT_LATEST]
    path = addresses.front_path(language)
    return records.Front(language, path, tuple(shown), rest, _breaking(home), _front_twins(language))


def _breaking(home: Home) -> records.BreakingLine | None:
    if not home.breaking_text or home.breaking_until is None or home.breaking_until <= timezone.now():
        return None
    return records.BreakingLine(home.breaking_text, home.breaking_link.removeprefix("/"), home.breaking_until)


def _front_twins(language: str) -> tuple[records.Twin, ...]:
    codes = few(Home).filter(live=True).values_list("locale__language_code", flat=True)
    spoken = [code for code, _ in settings.LANGUAGES if code in set(codes) and code != language]
    return tuple(records.Twin(code, addresses.front_path(code)) for code in spoken)


# --- list pages ---------------------------------------------------------------------------------------------------


def list_page(reader: Reader, kind: ListKind, language: str, key: str, number: int) -> records.ListPage | None:
    """One page of a list; None where no page stands (an empty page, a section that is gone)."""
    row = reader.lists.get((kind, language, key))
    always = kind is ListKind.SECTION and number == 0  # the menu leads there, whether or not a story stands in it
    if row is None and always:
        row = PlaceList(kind=kind, language=language, key=key)
    head = _head(reader, kind, language, key) if row else None
    if row is None or head is None:
        return None
    ids = reader.ahead.pop((kind, language, key, number), None)
    ids = _on_page(row, number) if ids is None else ids
    cards = reader.cards(ids)
    shown = tuple(cards[pk] for pk in ids if pk in cards)
    if not shown and not always and (number or not row.stories):
        return None
    return _page(row, head, number, shown, reader)


def _on_page(row: PlaceList, number: int) -> list[int]:
    """Ids of the stories of a page, newest place first."""
    start, end = paging.span(number, row.next_number, paging.size(ListKind(row.kind)))
    standing = Place.objects.filter(list=row.pk, number__gte=start, number__lt=end).order_by("-number")
    return list(standing.values_list("story", flat=True))


def read_ahead(reader: Reader, pages: Iterable[tuple[ListKind, str, str, int]]) -> None:
    """Read the cards of several list pages at once: a publish touches a handful, mostly with the same stories, and a
    whole site has thousands."""
    by_list: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for kind, language, key, number in pages:
        by_list[kind, language, key].append(number)
    for name, numbers in by_list.items():
        if row := reader.lists.get(name):
            for number, ids in _on_pages(row, numbers).items():
                reader.ahead[(*name, number)] = ids
    reader.cards({pk for ids in reader.ahead.values() for pk in ids})


def _on_pages(row: PlaceList, numbers: list[int]) -> dict[int, list[int]]:
    """The same of several pages of one list; neighbours share a query."""
    if len(numbers) == 1 or max(numbers) - min(numbers) >= 2 * len(numbers):
        return {number: _on_page(row, number) for number in numbers}
    spans = {number: paging.span(number, row.next_number, paging.size(ListKind(row.kind))) for number in numbers}
    start, end = min(first for first, _ in spans.values()), max(last for _, last in spans.values())
    standing = Place.objects.filter(list=row.pk, number__gte=start, number__lt=end).order_by("-number")
    places = list(standing.values_list("number", "story"))
    return {number: [pk for place, pk in places if first <= place < last] for number, (first, last) in spans.items()}


def _page(
    row: PlaceList, head: records.ListPage, number: int, cards: tuple[records.Card, ...], reader: Reader
) -> records.ListPage:
    size = paging.size(ListKind(row.kind))
    start, end = paging.span(number, row.next_number, size)
    older, newer = _places_beside(row, start, end)
    return records.ListPage(
        kind=head.kind,
        language=head.language,
        path=addresses.numbered_path(head.path, number),
        title=head.title,
        cards=cards,
        number=number,
        description=head.description,
        photo=head.photo,
        older=_neighbour(row, head.path, older, size),
        newer=(_neighbour(row, head.path, newer, size) or head.path) if number else "",
        feed=head.feed,
        twins=head.twins if number == 0 else (),
        corrections=_corrections(reader, cards) if head.kind is ListKind.CORRECTIONS else (),
    )


def _places_beside(row: PlaceList, start: int, end: int) -> tuple[int | None, int | None]:
    """The nearest place below `start` and the nearest from `end` on, in which a story stands."""
    if row.stories == row.next_number:  # nobody ever left this list
        return (start - 1 if start else None), (end if end < row.next_number else None)
    older = row.places.filter(number__lt=start).order_by("-number").values_list("number", flat=True).first()
    newer = row.places.filter(number__gte=end).order_by("number").values_list("number", flat=True).first()
    return older, newer


def _neighbour(row: PlaceList, front: str, place: int | None, size: int) -> str:
    if place is None:
        return ""
    return addresses.numbered_path(front, paging.page_of(place, row.next_number, size))


def _corrections(
    reader: Reader, cards: tuple[records.Card, ...]
) -> tuple[tuple[records.Card, records.Correction], ...]:
    stories = reader.stories(card.id for card in cards)
    pairs = [(card, fix) for card in cards if card.id in stories for fix in stories[card.id].corrections]
    return tuple(sorted(pairs, key=lambda pair: (pair[1].at, pair[0].id), reverse=True))


def _head(reader: Reader, kind: ListKind, language: str, key: str) -> records.ListPage | None:
    """The list's name, address and looks, without its cards."""
    if kind is ListKind.SECTION:
        return _section_head(reader, language, int(key))
    if kind is ListKind.TOPIC:
        topic = reader.topics.get(int(key))
        if topic is None:
            return None
        return records.ListPage(
            kind, language, topic.path, topic.name, (), twins=reader.twin_lists.get((kind, topic.id), ())
        )
    if kind is ListKind.BYLINE:
        byline = reader.bylines.get((int(key), language))
        if byline is None:
            return None
        return records.ListPage(
            kind, language, byline.path, byline.name, (), description=byline.about, photo=byline.photo
        )
    path = addresses.list_path(kind, language, key)
    return records.ListPage(kind, language, path, key, ())  # the press has the words for months and corrections


def _section_head(reader: Reader, language: str, key: int) -> records.ListPage | None:
    section = reader.sections.get(key)
    if section is None:
        return None
    return records.ListPage(
        ListKind.SECTION,
        language,
        section.path,
        section.name,
        (),
        description=section.description,
        feed=feed_path(language, section.path),
        twins=reader.twin_lists.get((ListKind.SECTION, key), ()),
    )


def months(language: str) -> records.MonthIndex | None:
    """Every month that holds a story, the newest first; None before the first story."""
    rows = PlaceList.objects.filter(kind=ListKind.MONTH, language=language, stories__gt=0).order_by("-key")
    found = tuple(
        (int(key[:4]), int(key[5:]), addresses.list_path(ListKind.MONTH, language, key), count)
        for key, count in rows.values_list("key", "stories")
    )
    return records.MonthIndex(language, months_path(language), found) if found else None


# --- feeds, and what sitemaps list -----------------------------------------------------------------------------------


def feed(reader: Reader, site: records.Site, language: str, section: str = "") -> records.Feed | None:
    """The full-text feed of a language, or of the section with the id `section`; None where there is nothing."""
    kind = ListKind.SECTION if section else ListKind.LATEST
    ids = newest(language, kind, section, IN_A_FEED)
    head = reader.sections.get(int(section)) if section else None
    if not ids or (section and head is None):
        return None
    stories = reader.stories(ids)
    page_path = head.path if head else addresses.front_path(language)
    section_path = head.path if head else ""
    name = site.words(language).name
    return records.Feed(
        language=language,
        path=feed_path(language, section_path),
        atom_path=atom_path(language, section_path),
        page_path=page_path,
        title=f"{name}: {head.name}" if head else name,
        stories=tuple(stories[pk] for pk in ids if pk in stories),
    )


def list_fronts(reader: Reader, language: str) -> list[str]:
    """Paths of the fronts of every list that holds a story, for the sitemap."""
    return sorted(path for kind, key in _filled(language) if (path := path_of(reader, ListKind(kind), language, key)))


def path_of(reader: Reader, kind: ListKind, language: str, key: str) -> str:
    """The path of a list's front; empty where its section, topic or byline is gone."""
    if kind is ListKind.BYLINE:
        byline = reader.bylines.get((int(key), language))
        return byline.path if byline else ""
    if kind in (ListKind.SECTION, ListKind.TOPIC):
        row = (reader.sections if kind is ListKind.SECTION else reader.topics).get(int(key))
        return row.path if row else ""
    return addresses.list_path(kind, language, key)


def plain_paths(language: str) -> list[tuple[str, datetime | None]]:
    """Path and last change of each plain page."""
    rows = few(PlainPage).filter(live=True, locale__language_code=language)
    changed = dict(rows.values_list("pk", "last_published_at"))
    return sorted((path, changed[pk]) for pk, path in addresses.current(changed).items())


def _filled(language: str) -> Iterable[tuple[str, str]]:
    rows = PlaceList.objects.filter(language=language, stories__gt=0).exclude(kind=ListKind.LATEST)
    return rows.values_list("kind", "key")


def places(kind: ListKind, language: str, key: str) -> list[int]:
    """The story of every place of a list, oldest first."""
    rows = Place.objects.filter(list__kind=kind, list__language=language, list__key=key)
    return list(rows.order_by("number").values_list("story", flat=True))
