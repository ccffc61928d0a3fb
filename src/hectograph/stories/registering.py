"""Gives a published story its address and its places, and takes them away when it goes.

A story gets its place in each list once, when first listed there, and keeps it. What comes back says which pages of
which lists show something else now, so that the press renders those and no others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from hectograph.press import records
from hectograph.press.records import ListKind
from hectograph.stories import addresses, bodies, paging
from hectograph.stories.press_state import Place, PlaceList, Shown
from hectograph.stories.section import Section, Topic
from hectograph.stories.story import Story, StoryByline, StoryCorrection, StoryTopic

ListName = tuple[ListKind, str, str]  # kind, language, key
NEWEST_LOOKED_AT = (
    60  # a back-dated story takes a new place: fronts and feeds compare dates among this many newest places
)


@dataclass
class Touched:
    """What a registration changed: pages of lists by number (0 is the front), the lists among whose newest stories it
    changed something, and paths that a page left or took."""

    pages: dict[ListName, set[int]] = field(default_factory=lambda: defaultdict(set))
    recent: set[ListName] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)


def unregistered() -> list[int]:
    """Live stories that have no place yet, the oldest first: so an imported archive is placed by its dates."""
    placed = Place.objects.filter(list__kind=ListKind.LATEST).values("story")
    rows = Story.objects.filter(live=True).exclude(pk__in=placed).values_list("pk", "dated", "first_published_at")
    return [pk for _, pk in sorted((dated or first, pk) for pk, dated, first in rows)]


def placed(stories: Iterable[int]) -> set[int]:
    """Those of `stories` that have a place in some list."""
    return set(Place.objects.filter(story__in=list(stories)).values_list("story", flat=True))


def register(stories: Iterable[int]) -> Touched:
    """Bring addresses and places of `stories` (ids; live or not, or gone) up to date, in the order given."""
    touched = Touched()
    with transaction.atomic():
        for pk in stories:
            _register(pk, touched)
    return touched


def register_new(stories: list[int]) -> None:
    """The same for a window of live stories that have no place anywhere yet, in the order given and in a few queries:
    an imported archive is placed by this."""
    rows = {
        row.pk: row for row in Story.objects.filter(pk__in=stories, live=True).select_related("locale").defer("body")
    }
    hanging = {
        name: _ids_by_page(model, name, rows) for name, model in (("topic_id", StoryTopic), ("byline_id", StoryByline))
    }
    corrected = set(StoryCorrection.objects.filter(page_id__in=rows).values_list("page_id", flat=True))
    lists: dict[ListName, PlaceList] = {}
    places: list[Place] = []
    paths: dict[int, str] = {}
    with transaction.atomic():
        for pk in stories:
            if story := rows.get(pk):
                language, published = story.locale.language_code, _published(story)
                paths[pk] = addresses.story_path(language, published, story.slug)
                last = max(story.last_published_at or published, published)
                names = _names(story.section_id, language, published, corrected=pk in corrected)
                names |= {(ListKind.TOPIC, language, str(key)) for key in hanging["topic_id"][pk]}
                names |= {(ListKind.BYLINE, language, str(key)) for key in hanging["byline_id"][pk]}
                places += [_next_place(lists, name, pk, last) for name in sorted(names)]
        addresses.settle_new(paths)
        PlaceList.objects.bulk_update(lists.values(), ["next_number", "stories", "changed_at"], batch_size=500)
        Place.objects.bulk_create(places, batch_size=2000)


def _ids_by_page(model: Any, name: str, pages: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for page, key in model.objects.filter(page_id__in=list(pages)).values_list("page_id", name):
        found[page].append(key)
    return found


def _next_place(lists: dict[ListName, PlaceList], name: ListName, story: int, changed: datetime) -> Place:
    kind, language, key = name
    if name not in lists:
        lists[name] = PlaceList.objects.get_or_create(kind=kind, language=language, key=key)[0]
    row = lists[name]
    place = Place(list=row, number=row.next_number, story=story)
    row.next_number, row.stories = row.next_number + 1, row.stories + 1
    if kind is ListKind.MONTH:
        row.changed_at = max(row.changed_at or changed, changed)
    return place


def _register(pk: int, touched: Touched) -> None:
    story = (
        Story.objects.filter(pk=pk, live=True)
        .select_related("locale")
        .only("slug", "dated", "first_published_at", "last_published_at", "section_id", "locale__language_code")
        .first()
    )
    wanted: set[ListName] = set()
    if story:
        language, published = story.locale.language_code, _published(story)
        touched.paths.update(addresses.settle(pk, addresses.story_path(language, published, story.slug)))
        wanted = _lists(story, language, published)
    held = {(ListKind(p.list.kind), p.list.language, p.list.key): p for p in _places(pk)}
    if not (story and held):  # it goes, or comes back: its old addresses with it
        touched.paths.update(addresses.old(pk))
    for name, place in held.items():
        if name in wanted:
            _touch(name, place.list, place.number, touched)
        else:
            _leave(name, place, touched)
    for name in sorted(wanted - held.keys()):
        _enter(name, pk, touched)
    if story:
        _note_change(wanted, max(story.last_published_at or published, published))


def _published(story: Story) -> datetime:
    date = story.shown_date
    if date is None:
        raise ValueError("a live story has no date")
    return date


def _places(story: int) -> list[Any]:
    return list(Place.objects.filter(story=story).select_related("list"))


def _lists(story: Story, language: str, published: datetime) -> set[ListName]:
    names = _names(story.section_id, language, published, corrected=story.corrections.exists())
    names |= {(ListKind.TOPIC, language, str(pk)) for pk in story.story_topics.values_list("topic_id", flat=True)}
    names |= {(ListKind.BYLINE, language, str(pk)) for pk in story.story_bylines.values_list("byline_id", flat=True)}
    return names


def _names(section: int, language: str, published: datetime, *, corrected: bool) -> set[ListName]:
    names: set[ListName] = {
        (ListKind.LATEST, language, ""),
        (ListKind.MONTH, language, f"{published.astimezone(UTC):%Y-%m}"),
        (ListKind.SECTION, language, str(section)),
    }
    return names | {(ListKind.CORRECTIONS, language, "")} if corrected else names


def _enter(name: ListName, story: int, touched: Touched) -> None:
    kind, language, key = name
    row, _ = PlaceList.objects.get_or_create(kind=kind, language=language, key=key)
    size, before = paging.size(kind), row.next_number
    Place.objects.create(list=row, number=before, story=story)
    row.next_number, row.stories = before + 1, row.stories + 1
    row.save(update_fields=["next_number", "stories"])
    pages = {0}
    if paging.numbered_pages(before + 1, size) > paging.numbered_pages(before, size):
        pages |= _turned(row, size)
    touched.pages[name] |= pages
    touched.recent.add(name)
    if row.stories == 1:
        _touch_twins(name, touched)


def _turned(row: PlaceList, size: int) -> set[int]:
    """The page that just got its number, and the nearest older one, whose *newer* leads there now."""
    number = paging.numbered_pages(row.next_number, size)
    return {number} | _beside(row, number, size)


def _beside(row: PlaceList, number: int, size: int) -> set[int]:
    """The nearest pages on either side of page `number` that show a story."""
    start, end = paging.span(number, row.next_number, size)
    older = row.places.filter(number__lt=start).order_by("-number").values_list("number", flat=True).first()
    newer = row.places.filter(number__gte=end).order_by("number").values_list("number", flat=True).first()
    return {paging.page_of(place, row.next_number, size) for place in (older, newer) if place is not None}


def _touch(name: ListName, row: PlaceList, number: int, touched: Touched) -> None:
    touched.pages[name].add(paging.page_of(number, row.next_number, paging.size(name[0])))
    if number >= row.next_number - NEWEST_LOOKED_AT:
        touched.recent.add(name)


def _leave(name: ListName, place: Place, touched: Touched) -> None:
    row, size = place.list, paging.size(name[0])
    page = paging.page_of(place.number, row.next_number, size)
    place.delete()
    row.stories -= 1
    row.save(update_fields=["stories"])
    touched.pages[name] |= {page, 0} | _beside(row, page, size)
    touched.recent.add(name)
    if row.stories == 0:
        _touch_twins(name, touched)


def _touch_twins(name: ListName, touched: Touched) -> None:
    """The front of a list links to the same list in other languages, while that one holds a story."""
    kind, _, key = name
    models: dict[ListKind, type[Section] | type[Topic]] = {ListKind.SECTION: Section, ListKind.TOPIC: Topic}
    model = models.get(kind)
    row = model.objects.filter(pk=int(key)).first() if model else None
    if model is None or row is None:
        return
    twins = model.objects.filter(translation_key=row.translation_key).exclude(pk=row.pk)
    for pk, language in twins.values_list("pk", "locale__language_code"):
        touched.pages[kind, language, str(pk)].add(0)


def _note_change(names: set[ListName], at: datetime) -> None:
    for kind, language, key in names:
        if kind is ListKind.MONTH:
            row = PlaceList.objects.get(kind=kind, language=language, key=key)
            if row.changed_at is None or row.changed_at < at:
                row.changed_at = at
                row.save(update_fields=["changed_at"])


# --- what a page shows --------------------------------------------------------------------------------------------

ShownSet = set[tuple[str, int]]


def shown_by_story(story: records.Story, in_body: bodies.Wanted) -> ShownSet:
    """All that the page of `story` shows of other rows, as (kind, id); `in_body` is what its body asks for."""
    kinds = Shown.Kind
    found = shown_by_body(in_body) | {(kinds.SECTION, story.section.id)}
    found |= {(kinds.BYLINE, byline.id) for byline in story.bylines}
    found |= {(kinds.TOPIC, topic.id) for topic in story.topics}
    found |= {(kinds.STORY, card.id) for card in story.read_more}
    return found | ({(kinds.PHOTO, story.lead.id)} if story.lead else set())


def shown_by_body(wanted: bodies.Wanted) -> ShownSet:
    kinds = Shown.Kind
    found: ShownSet = {(kinds.STORY, pk) for pk in wanted.pages}
    found |= {(kinds.PHOTO, pk) for pk in wanted.photos}
    return found | {(kinds.DOCUMENT, pk) for pk in wanted.documents}


def photos_of(body: Iterable[records.Block], lead: records.Photo | None = None) -> list[records.Photo]:
    """The photos that a page shows, in order."""
    photos = [lead] if lead else []
    for block in body:
        if isinstance(block, records.Picture):
            photos.append(block.photo)
        elif isinstance(block, records.Gallery):
            photos.extend(block.photos)
    return photos


def note_shown(shown: Mapping[int, ShownSet]) -> ShownSet:
    """Remember what each page of a window shows; what one showed before and does not any more comes back."""
    held: dict[int, dict[tuple[str, int], int]] = defaultdict(dict)
    rows = Shown.objects.filter(page__in=list(shown)).values_list("page", "kind", "target", "pk")
    for page, kind, target, pk in rows:
        held[page][kind, target] = pk
    gone = {pk: key for page, own in held.items() for key, pk in own.items() if key not in shown[page]}
    if gone:
        Shown.objects.filter(pk__in=list(gone)).delete()
    Shown.objects.bulk_create(
        Shown(page=page, kind=kind, target=target)
        for page, own in shown.items()
        for kind, target in own - held[page].keys()
    )
    return set(gone.values())


def pages_showing(kind: str, targets: Iterable[int]) -> set[int]:
    """The pages that show something of any of the rows."""
    return set(Shown.objects.filter(kind=kind, target__among=set(targets)).values_list("page", flat=True))
