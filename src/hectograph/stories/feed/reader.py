"""Reads windows of stories, cards and photos. One reader serves one run of the press."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import TextField
from django.db.models.functions import Cast
from wagtail.models import Locale, Page

from hectograph.press import records
from hectograph.stories import addresses, bodies
from hectograph.stories.byline import Byline
from hectograph.stories.feed.photos import PHOTO, media_path, photo_record
from hectograph.stories.feed.site import section
from hectograph.stories.pdf_document import PdfDocument
from hectograph.stories.photo import Photo
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import FormerSlug, PlaceList, ReadMoreChoice
from hectograph.stories.section import Section, Topic
from hectograph.stories.story import HandPicked, Story, StoryByline, StoryCorrection, StoryTopic

SHOWN_READ_MORE = 4
_READ_FIRST = 5  # candidates for Read more: the others are looked at only where some of these are gone
_CARDS_KEPT = _PHOTOS_KEPT = 20_000
_CARD = (
    "pk",
    "title",
    "standfirst",
    "kicker",
    "section_id",
    "lead_photo_id",
    "lead_alt",
    "dated",
    "first_published_at",
)
_STORY = (
    "pk", "title", "kicker", "standfirst", "place", "section_id", "lead_photo_id", "lead_caption", "lead_alt", "staff",
    "sensitive", "dated", "first_published_at", "last_published_at", "locale_id", "translation_key",
)  # fmt: skip

Row = Mapping[str, Any]
Record = TypeVar("Record", records.Card, records.Photo)


class Reader:
    """Small tables are read once; cards and photos are kept, a bounded number of them; stories are read a window at a
    time."""

    def __init__(self) -> None:
        self._cards: OrderedDict[int, records.Card] = OrderedDict()
        self._photos: OrderedDict[int, records.Photo] = OrderedDict()
        # Ids on list pages (kind, language, key, number) that were read ahead and not asked for yet.
        self.ahead: dict[tuple[str, str, str, int], list[int]] = {}

    def forget(self) -> None:
        """Drop what was read: rows may have changed since."""
        self._cards.clear()
        self._photos.clear()
        self.ahead.clear()
        for name in ("sections", "topics", "bylines", "lists", "twin_lists", "former_fronts"):
            self.__dict__.pop(name, None)

    # --- small tables ---------------------------------------------------------------------------------------------

    @cached_property
    def languages(self) -> dict[int, str]:
        return dict(Locale.objects.values_list("pk", "language_code"))

    @cached_property
    def sections(self) -> dict[int, records.Section]:
        return {row.pk: section(row, self.languages[row.locale_id]) for row in Section.objects.all()}

    @cached_property
    def topics(self) -> dict[int, records.Topic]:
        path = addresses.list_path
        return {
            row.pk: records.Topic(
                row.pk, row.name, path(records.ListKind.TOPIC, self.languages[row.locale_id], row.slug)
            )
            for row in Topic.objects.all()
        }

    @cached_property
    def bylines(self) -> dict[tuple[int, str], records.Byline]:
        """By id and language; a byline without a name in a language signs with the first that it has."""
        found: dict[tuple[int, str], records.Byline] = {}
        rows = list(Byline.objects.prefetch_related("names"))
        photos = self.photos({row.photo_id for row in rows if row.photo_id})
        for row in rows:
            names = {name.language: name for name in row.names.all()}
            for language in self.languages.values():
                if name := names.get(language) or next(iter(names.values()), None):
                    path = addresses.list_path(records.ListKind.BYLINE, language, row.slug)
                    photo = photos.get(row.photo_id or 0)
                    found[row.pk, language] = records.Byline(row.pk, name.name, path, name.about, photo)
        return found

    @cached_property
    def lists(self) -> dict[tuple[str, str, str], PlaceList]:
        """Every list by kind, language and key: some hundreds, whatever the archive holds."""
        return {(row.kind, row.language, row.key): row for row in PlaceList.objects.all()}

    @cached_property
    def twin_lists(self) -> dict[tuple[str, int], tuple[records.Twin, ...]]:
        """By kind and id of a section or topic: the fronts of the same list in other languages that hold a story."""
        found: dict[tuple[str, int], tuple[records.Twin, ...]] = {}
        models: tuple[tuple[records.ListKind, type[Section] | type[Topic]], ...] = (
            (records.ListKind.SECTION, Section),
            (records.ListKind.TOPIC, Topic),
        )
        for kind, model in models:
            groups: dict[Any, list[tuple[int, str, str]]] = defaultdict(list)
            for pk, key, locale, slug in model.objects.values_list("pk", "translation_key", "locale_id", "slug"):
                groups[key].append((pk, self.languages[locale], slug))
            for group in groups.values():
                for pk, _, _ in group:
                    found[kind, pk] = self._other_lists(kind, pk, group)
        return found

    @cached_property
    def former_fronts(self) -> dict[tuple[str, str], list[str]]:
        """By kind and key: fronts that lists had before they were renamed, and that no list has now."""
        kinds: dict[str, Any] = {
            records.ListKind.SECTION: self.sections,
            records.ListKind.TOPIC: self.topics,
            records.ListKind.BYLINE: self.bylines,
        }
        now = {row.path for rows in kinds.values() for row in rows.values()}
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in FormerSlug.objects.order_by("pk"):
            for language in self.languages.values():
                front = addresses.list_path(records.ListKind(row.kind), language, row.slug)
                if front not in now:
                    found[row.kind, str(row.row)].append(front)
        return found

    def _other_lists(
        self, kind: records.ListKind, own: int, group: list[tuple[int, str, str]]
    ) -> tuple[records.Twin, ...]:
        others = []
        for pk, language, slug in group:
            row = self.lists.get((kind, language, str(pk)))
            if pk != own and row and row.stories:
                others.append(records.Twin(language, addresses.list_path(kind, language, slug)))
        return tuple(sorted(others, key=lambda twin: twin.language))

    # --- photos and documents -------------------------------------------------------------------------------------

    def photos(self, ids: Iterable[int]) -> dict[int, records.Photo]:
        return _through(self._photos, ids, self._read_photos, _PHOTOS_KEPT)

    def _read_photos(self, ids: list[int]) -> dict[int, records.Photo]:
        rows = Photo.objects.filter(pk__among=ids).order_by()
        return {row["pk"]: photo_record(row) for row in rows.values(*PHOTO)}

    def documents(self, ids: Iterable[int]) -> dict[int, tuple[str, str, int]]:
        """Title, site path and bytes of each."""
        rows = PdfDocument.objects.filter(pk__in=list(ids)) if ids else []
        return {row.pk: (row.title, media_path(row.file.name), row.file_size or 0) for row in rows}

    # --- cards ----------------------------------------------------------------------------------------------------

    def cards(self, ids: Iterable[int]) -> dict[int, records.Card]:
        """Cards of those stories among `ids` that are live."""
        return _through(self._cards, ids, self._read_cards, _CARDS_KEPT)

    def _read_cards(self, ids: list[int]) -> dict[int, records.Card]:
        rows = list(Story.objects.filter(pk__among=ids, live=True).order_by().values(*_CARD))
        photos = self.photos({row["lead_photo_id"] for row in rows if row["lead_photo_id"]})
        paths = addresses.current(row["pk"] for row in rows)
        return {row["pk"]: self._card(row, photos, paths[row["pk"]]) for row in rows if row["pk"] in paths}

    def _card(self, row: Row, photos: Mapping[int, records.Photo], path: str) -> records.Card:
        photo = photos.get(row["lead_photo_id"] or 0)
        return records.Card(
            id=row["pk"],
            path=path,
            headline=row["title"],
            standfirst=row["standfirst"],
            published=shown_date(row),
            kicker=row["kicker"],
            section=self.sections[row["section_id"]].name,
            photo=photo and bodies.used_photo(photo, caption="", alt=row["lead_alt"]),
        )

    # --- whole pages ----------------------------------------------------------------------------------------------

    def stories(self, ids: Iterable[int]) -> dict[int, records.Story]:
        """The live stories among `ids`, whole. One window: a fixed number of queries, however many ids."""
        rows = list(
            Story.objects.filter(pk__among=list(ids), live=True)
            .order_by()
            .annotate(raw=Cast("body", TextField()))
            .values(*_STORY, "raw")
        )
        return StoryWindow(self, rows).build()

    def in_bodies(self, model: type[Story] | type[PlainPage], ids: Iterable[int]) -> dict[int, bodies.Wanted]:
        """What the bodies (and corrections) of live pages ask for, by page."""
        rows = model.objects.filter(pk__in=list(ids), live=True).annotate(raw=Cast("body", TextField()))
        asked: dict[int, bodies.Wanted] = {}
        for pk, raw in rows.values_list("pk", "raw"):
            asked[pk] = bodies.Wanted()
            bodies.wanted(bodies.parse(raw), asked[pk])
        for page, text in StoryCorrection.objects.filter(page_id__in=asked).values_list("page_id", "text"):
            bodies.links(text, asked[page])
        return asked

    def plain(self, ids: Iterable[int]) -> dict[int, records.Plain]:
        rows = list(
            PlainPage.objects.filter(pk__in=list(ids), live=True)
            .annotate(raw=Cast("body", TextField()))
            .values("pk", "title", "locale_id", "translation_key", "raw", "first_published_at", "last_published_at")
        )
        parsed = {row["pk"]: bodies.parse(row["raw"]) for row in rows}
        found = self.found(parsed.values())
        paths, twins = addresses.current(parsed), self.twins(rows)
        return {
            row["pk"]: records.Plain(
                id=row["pk"],
                language=self.languages[row["locale_id"]],
                path=paths[row["pk"]],
                title=row["title"],
                body=bodies.build(parsed[row["pk"]], found),
                modified=row["last_published_at"] or row["first_published_at"],
                twins=twins.get(row["pk"], ()),
            )
            for row in rows
            if row["pk"] in paths
        }

    def found(self, parsed: Iterable[list[bodies.Raw]], extra: bodies.Wanted | None = None) -> bodies.Found:
        """Everything that bodies show, read in four queries."""
        wanted = extra or bodies.Wanted()
        for blocks in parsed:
            bodies.wanted(blocks, wanted)
        cards = self.cards(wanted.pages)
        paths = {pk: card.path for pk, card in cards.items()}
        if others := wanted.pages - paths.keys():
            paths.update(self.paths_of_live(others))
        return bodies.Found(cards, paths, self.photos(wanted.photos), self.documents(wanted.documents))

    def paths_of_live(self, pages: Iterable[int]) -> dict[int, str]:
        """Paths of those of `pages` that are live."""
        live = Page.objects.filter(pk__in=list(pages), live=True).values_list("pk", flat=True)
        return addresses.current(live)

    def twins(self, rows: list[Any]) -> dict[int, tuple[records.Twin, ...]]:
        """The live pages that say the same in other languages, by page id."""
        if len(self.languages) == 1:
            return {}
        keys = [row["translation_key"] for row in rows]
        others = list(
            Page.objects.filter(translation_key__in=keys, live=True).values("pk", "translation_key", "locale_id")
        )
        by_key: dict[Any, list[Row]] = defaultdict(list)
        for other in others:
            by_key[other["translation_key"]].append(other)
        shared = [other["pk"] for group in by_key.values() if len(group) > 1 for other in group]
        paths = addresses.current(shared) if shared else {}
        return {row["pk"]: self._twins_of(row, by_key[row["translation_key"]], paths) for row in rows}

    def _twins_of(self, row: Row, group: list[Row], paths: Mapping[int, str]) -> tuple[records.Twin, ...]:
        twins = (
            records.Twin(self.languages[other["locale_id"]], paths[other["pk"]])
            for other in group
            if other["pk"] != row["pk"] and other["pk"] in paths
        )
        return tuple(sorted(twins, key=lambda twin: twin.language))


class StoryWindow:
    """One window of story rows and all that hangs on them."""

    def __init__(self, reader: Reader, rows: list[Any]) -> None:
        self.reader, self.rows = reader, rows
        self.ids = [row["pk"] for row in rows]
        self.sensitive = {row["pk"]: row["sensitive"] for row in rows}

    def build(self) -> dict[int, records.Story]:
        parsed = {row["pk"]: bodies.parse(row["raw"]) for row in self.rows}
        self.corrections = self.hanging(StoryCorrection, "kind", "at", "text")
        wanted = bodies.Wanted(photos={row["lead_photo_id"] for row in self.rows if row["lead_photo_id"]})
        for group in self.corrections.values():
            for _kind, _at, text in group:
                bodies.links(text, wanted)
        self.found = self.reader.found(parsed.values(), wanted)
        self.bylines = self.hanging(StoryByline, "byline_id")
        self.topics = self.hanging(StoryTopic, "topic_id")
        self.paths, self.twins = self.addresses(), self.reader.twins(self.rows)
        self.read_more = self._read_more()
        return {row["pk"]: self._story(row, parsed[row["pk"]]) for row in self.rows if row["pk"] in self.paths}

    def addresses(self) -> dict[int, str]:
        return addresses.current(self.ids)

    def hanging(self, model: Any, *fields: str) -> dict[int, list[tuple[Any, ...]]]:
        """Values of the rows of `model` that hang on each story, in the editor's order."""
        grouped: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        rows = model.objects.filter(page_id__among=self.ids).order_by("page_id", "sort_order", "pk")
        for page, *values in rows.values_list("page_id", *fields):
            grouped[page].append(tuple(values))
        return grouped

    def _read_more(self) -> dict[int, tuple[records.Card, ...]]:
        """By hand first, then the stored candidates; only live ones, and sensitive beside sensitive alone."""
        by_hand = self.hanging(HandPicked, "story_id")
        chosen: dict[int, list[int]] = defaultdict(list)
        rows = ReadMoreChoice.objects.filter(story__among=self.ids).order_by("story", "rank")
        for story, candidate in rows.values_list("story", "candidate"):
            chosen[story].append(candidate)
        wanted = {pk for group in chosen.values() for pk in group}
        found = Story.objects.filter(pk__among=wanted, sensitive=True).order_by()
        sensitive = set(found.values_list("pk", flat=True))
        orders = {}
        for story in self.ids:
            fitting = [pk for pk in chosen[story] if (pk in sensitive) == self.sensitive[story]]
            order = dict.fromkeys([*(pk for (pk,) in by_hand[story]), *fitting])
            orders[story] = [pk for pk in order if pk != story]
        return self._first_live(orders)

    def _first_live(self, orders: Mapping[int, list[int]]) -> dict[int, tuple[records.Card, ...]]:
        """By story: the cards of the first of its order that are live."""
        cards = self.reader.cards({pk for order in orders.values() for pk in order[:_READ_FIRST]})
        short = [order for order in orders.values() if sum(pk in cards for pk in order) < SHOWN_READ_MORE]
        cards |= self.reader.cards({pk for order in short for pk in order[_READ_FIRST:]})
        return {
            story: tuple(cards[pk] for pk in order if pk in cards)[:SHOWN_READ_MORE] for story, order in orders.items()
        }

    def _story(self, row: Row, blocks: list[bodies.Raw]) -> records.Story:
        pk, language = row["pk"], self.reader.languages[row["locale_id"]]
        lead = self.found.photos.get(row["lead_photo_id"] or 0)
        published = shown_date(row)
        bylines = (self.reader.bylines.get((byline, language)) for (byline,) in self.bylines[pk])
        return records.Story(
            id=pk,
            language=language,
            path=self.paths[pk],
            headline=row["title"],
            standfirst=row["standfirst"],
            published=published,
            modified=max(row["last_published_at"] or published, published),
            section=self.reader.sections[row["section_id"]],
            body=bodies.build(blocks, self.found),
            kicker=row["kicker"],
            place=row["place"],
            lead=lead and bodies.used_photo(lead, caption=row["lead_caption"], alt=row["lead_alt"]),
            bylines=tuple(byline for byline in bylines if byline),
            staff=row["staff"],
            topics=tuple(self.reader.topics[topic] for (topic,) in self.topics[pk]),
            corrections=tuple(self._correction(*values) for values in self.corrections[pk]),
            read_more=self.read_more[pk],
            sensitive=row["sensitive"],
            twins=self.twins.get(pk, ()),
        )

    def _correction(self, kind: str, at: datetime, text: str) -> records.Correction:
        html = "<br>".join(bodies.paragraphs(text, self.found))
        return records.Correction(records.CorrectionKind(kind), at, html)


def _through(
    kept: OrderedDict[int, Record], ids: Iterable[int], read: Callable[[list[int]], dict[int, Record]], most: int
) -> dict[int, Record]:
    """From what is kept; what is missing there is read, and `most` are kept."""
    asked = list(ids)
    missing = [pk for pk in asked if pk not in kept]
    fresh = read(missing) if missing else {}
    result = {pk: one for pk in asked if (one := fresh.get(pk) or kept.get(pk))}
    kept.update(fresh)
    while len(kept) > most:
        kept.popitem(last=False)
    return result


def shown_date(row: Row) -> datetime:
    """The date readers see."""
    date: datetime = row["dated"] or row["first_published_at"]
    return date
