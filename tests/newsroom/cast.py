"""A small newsroom to act on: its languages, sections, topics, bylines, and acts named as editors name them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from wagtail.models import Locale

from hectograph.newsroom import founding
from hectograph.stories.byline import Byline, BylineName
from hectograph.stories.home import Home
from hectograph.stories.section import Section, Topic
from hectograph.stories.story import Story, StoryByline, StoryCorrection, StoryTopic

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


class Newsroom:
    def __init__(self) -> None:
        founding.make_folders()
        founding.furnish()  # the tables are there: looking for migrations takes longer than most tests
        self.languages = {locale.language_code: locale for locale in Locale.objects.all()}
        self.homes = {home.locale.language_code: home for home in Home.objects.select_related("locale")}
        self.sections = {
            code: [
                Section.objects.create(locale=locale, name=f"{name} {code}", slug=name) for name in ("city", "culture")
            ]
            for code, locale in self.languages.items()
        }
        self.topics = {
            code: [Topic.objects.create(locale=locale, name=f"{name} {code}", slug=name) for name in ("water", "trams")]
            for code, locale in self.languages.items()
        }
        self.bylines = [self.byline("ada-finch", "Ada Finch"), self.byline("no-name", "N. N.")]
        self.count = 0

    def byline(self, slug: str, name: str) -> Byline:
        row = Byline.objects.create(slug=slug)
        for code in self.languages:
            BylineName.objects.create(byline=row, language=code, name=name)
        return row

    def story(self, headline: str = "", *, language: str = "en", publish: bool = True, **values: Any) -> Story:
        """A story, published unless told otherwise, each an hour after the one before."""
        self.count += 1
        words = values.pop("words", "The river rose by a hand and the lower quay was closed.")
        topics, bylines = values.pop("topics", ()), values.pop("bylines", ())
        corrections = values.pop("corrections", ())
        story = Story(
            title=headline or f"Headline {self.count}",
            section=values.pop("section", self.sections[language][0]),
            locale=self.languages[language],
            body=body(words),
            dated=values.pop("dated", START + timedelta(hours=self.count)),
            live=False,
            **values,
        )
        self.homes[language].refresh_from_db()
        self.homes[language].add_child(instance=story)
        story.story_topics = [StoryTopic(topic=topic) for topic in topics]
        story.story_bylines = [StoryByline(byline=byline) for byline in bylines]
        story.corrections = [StoryCorrection(kind="correction", at=START, text=text) for text in corrections]
        revision = story.save_revision()
        if publish:
            revision.publish()
        return Story.objects.get(pk=story.pk)

    def edit(self, story: Story, **values: Any) -> Story:
        """Change and publish again."""
        fresh = Story.objects.get(pk=story.pk)
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.save_revision().publish()
        return fresh


def body(*paragraphs: str) -> str:
    return json.dumps([{"type": "paragraph", "value": f"<p>{text}</p>"} for text in paragraphs])
