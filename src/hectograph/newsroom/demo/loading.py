"""Puts the sample newsroom into an empty database. It publishes as an editor would: revision, then publish."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from hectograph.newsroom.demo import letters
from hectograph.newsroom.demo.sample_files import Lookup, Raw, SamplePage, blocks, inline, read_pages, read_toml
from hectograph.newsroom.flows.take_down import take_down
from hectograph.newsroom.progress import bar
from hectograph.stories import photo_store
from hectograph.stories.byline import Byline, BylineName
from hectograph.stories.home import Home, HomeLead
from hectograph.stories.photo import Photo
from hectograph.stories.plain import PlainPage
from hectograph.stories.section import Section, Topic
from hectograph.stories.site_words import SiteRecord, SiteWords
from hectograph.stories.story import HandPicked, Story, StoryByline, StoryCorrection, StoryTopic

_LEADS = 4


class SampleNewsroom:
    """The sample files below `folder`, and the rows that they become."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.homes = {home.locale.language_code: home for home in Home.objects.select_related("locale")}
        self.sections: dict[tuple[str, str], Section] = {}
        self.topics: dict[tuple[str, str], Topic] = {}
        self.bylines: dict[str, Byline] = {}
        self.photos: dict[str, Photo] = {}
        self.alts: dict[tuple[str, str], str] = {}  # what a picture shows, by its key and language
        self.stories: dict[tuple[str, str], Story] = {}
        self.twins: dict[str, uuid.UUID] = {}

    def load(self) -> int:
        """Load everything, once; returns how many stories came. A newsroom that has stories is left alone."""
        if Story.objects.exists():
            return 0
        self._photos()
        with transaction.atomic():
            self._site()
            self._terms()
            self._bylines()
            self._plain_pages()
            samples = [page for page in read_pages(self.folder / "stories") if page.language in self.locales]
            for sample in samples:
                self._draft(sample)
            for sample in samples:
                self._finish(sample)
            self._leads()
        letters.load(self.folder, self.stories)
        for sample in samples:
            if sample.meta.get("state") == "taken-down":
                removal = sample.meta.get("removal", {})
                take_down(
                    self.stories[sample.key, sample.language].pk, reason=removal.get("reason", ""), leave_page=True
                )
        return len(samples)

    # --- what everything stands on --------------------------------------------------------------------------------

    def _photos(self) -> None:
        rows = read_toml(self.folder / "photos.toml")["photo"]
        with bar("Pictures") as moved:
            for done, row in enumerate(rows, 1):
                self.photos[row["key"]] = self._photo(row)
                self.alts |= {(row["key"], code): row.get(f"alt_{code}", "") for code in self.locales}
                moved(done, len(rows))

    def _photo(self, row: dict[str, Any]) -> Photo:
        title = f"Sample: {row['key']}"
        if there := Photo.objects.filter(title=title).first():
            return there
        photo = Photo(
            title=title,
            caption=row["caption_en"],
            alt=row["alt_en"],
            credit=row["credit"],
            licence=row.get("licence", ""),
            reusable=row.get("reuse", False),
        )
        path = self.folder / row["file"]
        photo_store.take_in(photo, path.read_bytes(), path.name)
        x, y = row.get("focal", (0.5, 0.5))
        photo.focal_point_x, photo.focal_point_y = int(x * photo.width), int(y * photo.height)
        photo.focal_point_width = photo.focal_point_height = 10
        photo.save()
        photo_store.render(photo)
        return photo

    def _site(self) -> None:
        data = read_toml(self.folder / "site.toml")
        record = SiteRecord.objects.get()
        record.base_url = data["base_url"]
        record.save()
        for offer in data["offer"]:
            record.offers.create(**offer)
        for words in SiteWords.objects.filter(site=record):
            code = words.language
            words.name = data["names"].get(code, words.name)
            words.tagline = data["taglines"].get(code, "")
            message, letter = data["standing_message"].get(code, {}), data["letter"].get(code, {})
            words.message_title, words.message = message.get("title", ""), message.get("text", "").strip()
            giving = data["giving"].get(code, {})
            words.crime_notice, words.crime_reviewed = giving.get("crime", ""), giving.get("crime_reviewed")
            words.money_use, words.support_contact = giving.get("use", "").strip(), giving.get("contact", "")
            words.letter_title, words.letter_text = letter.get("title", ""), letter.get("text", "").strip()
            words.notice, words.footer = data["notice"].get(code, ""), data["footer"].get(code, "")
            words.save()

    def _terms(self) -> None:
        for order, row in enumerate(read_toml(self.folder / "sections.toml")["section"]):
            key = uuid.uuid4()
            for code, locale in self.locales.items():
                if name := row.get(f"name_{code}"):
                    self.sections[row["key"], code] = Section.objects.create(
                        locale=locale,
                        translation_key=key,
                        name=name,
                        slug=row[f"slug_{code}"],
                        description=row.get(f"description_{code}", ""),
                        order=order,
                    )
        for row in read_toml(self.folder / "topics.toml")["topic"]:
            key = uuid.uuid4()
            for code, locale in self.locales.items():
                if name := row.get(f"name_{code}"):
                    self.topics[row["key"], code] = Topic.objects.create(
                        locale=locale, translation_key=key, name=name, slug=row["key"]
                    )

    def _bylines(self) -> None:
        for row in read_toml(self.folder / "bylines.toml")["byline"]:
            byline = Byline.objects.create(slug=row["key"])
            for code in self.locales:
                if name := row.get(f"name_{code}"):
                    about = row.get(f"about_{code}", "")
                    BylineName.objects.create(byline=byline, language=code, name=name, about=about)
            self.bylines[row["key"]] = byline

    # --- pages ----------------------------------------------------------------------------------------------------

    def _lookup(self, language: str) -> Lookup:
        return Lookup(
            page=lambda key: story.pk if (story := self.stories.get((key, language))) else None,
            photo=lambda key: photo.pk if (photo := self.photos.get(key)) else None,
            alt=lambda key: self.alts.get((key, language), ""),
        )

    def _twin_key(self, sample: SamplePage) -> uuid.UUID:
        twin = sample.meta.get("twin")
        return self.twins.setdefault(twin, uuid.uuid4()) if twin else uuid.uuid4()

    def _plain_pages(self) -> None:
        roles = {"about": "about", "privacy": "privacy", "how-to-read-us": "how_to_read"}
        for sample in read_pages(self.folder / "pages"):
            if sample.language not in self.locales:
                continue
            key = self.twins.setdefault(f"page:{sample.key}", uuid.uuid4())
            page = PlainPage(
                title=sample.meta["title"],
                slug=sample.meta["slug"],
                role=roles.get(sample.key, ""),
                locale=self.locales[sample.language],
                translation_key=key,
                body=_stream(blocks(sample.body, self._lookup(sample.language))),
            )
            self.homes[sample.language].add_child(instance=page)
            page.save_revision().publish()

    def _draft(self, sample: SamplePage) -> None:
        meta, language = sample.meta, sample.language
        photo = self.photos.get(meta.get("lead_photo", ""))
        story = Story(
            title=meta["headline"],
            slug=meta["slug"],
            kicker=meta.get("kicker", ""),
            standfirst=meta.get("standfirst", ""),
            place=meta.get("place", ""),
            section=self.sections[meta["section"], language],
            lead_photo=photo,
            lead_caption=meta.get("lead_caption", ""),
            lead_alt=self.alts.get((meta.get("lead_photo", ""), language), ""),
            staff="staff" in meta.get("bylines", []),
            sensitive=meta.get("sensitive", False),
            locale=self.locales[language],
            translation_key=self._twin_key(sample),
            live=False,
        )
        self.homes[language].add_child(instance=story)
        self.stories[sample.key, language] = story

    def _finish(self, sample: SamplePage) -> None:
        story, meta = self.stories[sample.key, sample.language], sample.meta
        lookup = self._lookup(sample.language)
        story.body = _stream(blocks(sample.body, lookup))
        story.story_bylines = [
            StoryByline(byline=self.bylines[key]) for key in meta.get("bylines", []) if key != "staff"
        ]
        story.story_topics = [StoryTopic(topic=self.topics[key, sample.language]) for key in meta.get("topics", [])]
        story.hand_picked = [
            HandPicked(story=self.stories[key, sample.language])
            for key in meta.get("read_more", [])
            if (key, sample.language) in self.stories
        ]
        story.corrections = [
            StoryCorrection(kind=fix["kind"], at=fix["date"], text=f"<p>{inline(fix['text'], lookup)}</p>")
            for fix in meta.get("corrections", [])
        ]
        self._publish(story, meta)

    def _publish(self, story: Story, meta: dict[str, Any]) -> None:
        state, date = meta.get("state", "published"), meta["published"]
        if state == "draft":
            story.save_revision()
        elif state == "scheduled":
            story.go_live_at = max(date, timezone.now() + timedelta(days=1))
            story.save_revision(approved_go_live_at=story.go_live_at)
            Story.objects.filter(pk=story.pk).update(go_live_at=story.go_live_at)
        else:
            story.dated = date
            story.save_revision().publish()
            self._date_back(story, date, meta)

    def _date_back(self, story: Story, date: datetime, meta: dict[str, Any]) -> None:
        """The samples' own dates, as if they had been published then."""
        last = max([date, *(fix["date"] for fix in meta.get("corrections", []))])
        Story.objects.filter(pk=story.pk).update(first_published_at=date, last_published_at=last)

    def _leads(self) -> None:
        for language, home in self.homes.items():
            newest = [story for (_, code), story in self.stories.items() if code == language]
            live = Story.objects.filter(pk__in=[story.pk for story in newest], live=True, lead_photo__isnull=False)
            fit = live.filter(sensitive=False).order_by("-dated")[:_LEADS]
            fresh = Home.objects.get(pk=home.pk)
            fresh.leads = [HomeLead(story=story) for story in fit]
            fresh.save_revision().publish()


def _stream(raw: list[Raw]) -> str:
    return json.dumps(raw)
