"""Puts the synthetic stories into a newsroom of our own, in bulk, as an archive that has long been placed."""

from __future__ import annotations

import html
import json
import random
import re
import uuid
from collections import Counter

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from wagtail.models import Locale, Page

from bench import measure
from bench.peers.gazette import AUTHORS, SECTIONS, TAGS, Piece, piece
from hectograph.newsroom.flows import register_archive
from hectograph.newsroom.founding import found
from hectograph.press import related
from hectograph.stories import terms
from hectograph.stories.byline import Byline, BylineName
from hectograph.stories.home import Home
from hectograph.stories.photo import Photo
from hectograph.stories.press_state import PressChange, ReadMoreChoice
from hectograph.stories.section import Section, Topic
from hectograph.stories.site_words import SiteRecord, SiteWords
from hectograph.stories.story import Story, StoryByline, StoryTopic

_AT_ONCE, _SAMPLE = 1000, 2000
_NEAR = 60  # about what neighbours by content have here: a newcomer does not push all of these out
_BOLD, _LINK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\[(.+?)\]\((.+?)\)")


def fill(count: int, *, choose: bool) -> None:
    """Database, words, stories, places. With `choose` Read more is chosen by content, else by chance: it is stored either
    way, and building costs the same. Every story's terms are indexed, so that a change finds who shares them."""
    found()
    _words()
    maker, telling = _Maker(), None if choose else _Terms(count)
    for start in range(0, count, _AT_ONCE):
        with transaction.atomic():
            pairs = maker.write([piece(number) for number in range(start, min(start + _AT_ONCE, count))])
            if telling:
                telling.put(pairs)
    measure.say(f"{count} stories written")
    register_archive.register_all(choose=choose)
    measure.say(f"{count} stories placed")
    if not choose:
        _choose_by_chance()
    PressChange.objects.all().delete()  # what making sections and topics asked for: the whole build that follows has it


def _words() -> None:
    record = SiteRecord.objects.get()
    record.base_url, record.lite = "https://gazette.example", False  # the same pages as the peer
    record.save()
    words = {"name": "The Gazette", "tagline": "News", "message_title": "This newsroom lives by its readers"}
    words |= {"message": "If you can, support it.", "letter_title": "The Friday letter", "letter_text": "Free, weekly."}
    SiteWords.objects.filter(site=record, language="en").update(**words)


class _Terms:
    """Telling terms as the press finds them, but from the pieces at hand, and how common a word is from a sample: to read
    100,000 stories back twice takes as long as all else here."""

    def __init__(self, count: int) -> None:
        sample = [_counted(piece(number)) for number in range(0, count, max(count // _SAMPLE, 1))]
        seen = Counter(term for counts, _ in sample for term in counts)
        self.frequency, self.total = {term: number * count // len(sample) for term, number in seen.items()}, count
        terms.count("en", self.frequency, count)

    def put(self, pairs: list[tuple[Page, Piece]]) -> None:
        found = {
            page.pk: (piece.date, related.telling_terms(*_counted(piece), self.frequency, self.total))
            for page, piece in pairs
        }
        terms.put_all("en", found)


def _counted(piece: Piece) -> tuple[Counter[str], set[str]]:
    text = _LINK.sub(r"\1", " ".join(piece.paragraphs))
    return related.count_terms("en", piece.title, piece.summary, text, piece.tags)


class _Maker:
    def __init__(self) -> None:
        self.locale = Locale.objects.get(language_code="en")
        self.home = Home.objects.get(locale=self.locale)
        self.kind = ContentType.objects.get_for_model(Story)
        self.sections = {
            key: Section.objects.create(locale=self.locale, name=key.title(), slug=key).pk for key in SECTIONS
        }
        self.topics = {key: Topic.objects.create(locale=self.locale, name=key, slug=key).pk for key in TAGS}
        self.bylines = {name: self._byline(name) for name in AUTHORS}
        self.photos = [self._photo(number) for number in range(997)]
        self.children = 0

    def _byline(self, name: str) -> int:
        row = Byline.objects.create(slug=name.lower().replace(" ", "-"))
        BylineName.objects.create(byline=row, language="en", name=name)
        return int(row.pk)

    def _photo(self, number: int) -> int:
        files = [["full", w, w * 2 // 3, "jpeg", f"press/{number:04d}-{w}.jpg"] for w in (480, 960)]
        files += [["card", 480, 320, "jpeg", f"press/{number:04d}-card.jpg"]]
        row = Photo(title=f"{number}", file=f"{number}.jpg", width=960, height=640, credit="Gazette", files=files)
        Photo.objects.bulk_create([row])
        return int(row.pk)

    def write(self, window: list[Piece]) -> list[tuple[Page, Piece]]:
        first = self.home.numchild
        pages = [self._page(piece, first + place) for place, piece in enumerate(window, 1)]
        Page.objects.bulk_create(pages)
        self.home.numchild += len(window)
        Home.objects.filter(pk=self.home.pk).update(numchild=self.home.numchild)
        pairs = list(zip(pages, window, strict=True))
        self._stories(pairs)
        StoryByline.objects.bulk_create(
            StoryByline(page_id=page.pk, byline_id=self.bylines[piece.author], sort_order=0) for page, piece in pairs
        )
        StoryTopic.objects.bulk_create(
            StoryTopic(page_id=page.pk, topic_id=self.topics[tag], sort_order=place)
            for page, piece in pairs
            for place, tag in enumerate(piece.tags)
        )
        return pairs

    def _page(self, piece: Piece, place: int) -> Page:
        return Page(
            path=Page._get_path(self.home.path, self.home.depth + 1, place),
            depth=self.home.depth + 1,
            title=piece.title,
            draft_title=piece.title,
            slug=piece.slug,
            url_path=f"{self.home.url_path}{piece.slug}/",
            content_type=self.kind,
            locale=self.locale,
            translation_key=uuid.uuid4(),
            live=True,
            first_published_at=piece.date,
            last_published_at=piece.date,
        )

    def _stories(self, pairs: list[tuple[Page, Piece]]) -> None:
        columns = "page_ptr_id, kicker, standfirst, place, section_id, lead_photo_id, lead_caption, lead_alt, body, staff, sensitive"
        rows = [
            (
                page.pk,
                "",
                piece.summary,
                "",
                self.sections[piece.section],
                self.photos[piece.number % 997],
                piece.title,
                "",
            )
            + (json.dumps(body(piece)), False, False)
            for page, piece in pairs
        ]
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * 11)
            cursor.executemany(f"INSERT INTO stories_story ({columns}) VALUES ({marks})", rows)


def body(piece: Piece) -> list[dict[str, object]]:
    """The story as raw blocks."""
    blocks: list[dict[str, object]] = []
    for text in piece.paragraphs:
        if text.startswith("## "):
            blocks.append({"type": "heading", "value": {"text": text[3:], "level": "2"}})
        else:
            inline = _LINK.sub(r'<a href="\2">\1</a>', _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False)))
            blocks.append({"type": "paragraph", "value": f"<p>{inline}</p>"})
    return blocks


def _choose_by_chance() -> None:
    dice = random.Random(7)
    ids = list(Story.objects.values_list("pk", flat=True))
    rows: list[ReadMoreChoice] = []
    for pk in ids:
        for rank, other in enumerate(dice.sample(ids, 12)):
            rows.append(ReadMoreChoice(story=pk, candidate=other, rank=rank, nearness=_NEAR - rank))
        if len(rows) > 20_000:
            ReadMoreChoice.objects.bulk_create(rows, batch_size=5000)
            rows.clear()
    ReadMoreChoice.objects.bulk_create(rows, batch_size=5000)
