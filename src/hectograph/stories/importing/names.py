"""Sections, topics and bylines that an archive names: found by their name in one language, or made."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale

from hectograph.stories.byline import Byline, BylineName
from hectograph.stories.section import Section, Topic
from hectograph.stories.slugs import first_free, is_taken, slug_for


class Names:
    """Those of `locale`."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale

    def section(self, name: str) -> Section:
        found: Section = self._named(Section, name)
        return found

    def topic(self, name: str) -> Topic:
        found: Topic = self._named(Topic, name)
        return found

    def byline(self, name: str) -> Byline:
        name, language = name[:120], self._locale.language_code
        there = BylineName.objects.filter(language=language, name=name).select_related("byline").first()
        if there:
            return there.byline
        slug = first_free(slug_for(name)[:100], lambda one: not Byline.objects.filter(slug=one).exists())
        byline = Byline.objects.create(slug=slug)
        BylineName.objects.create(byline=byline, language=language, name=name)
        return byline

    def _named(self, model: Any, name: str) -> Any:
        name = name[:80]
        there = model.objects.filter(locale=self._locale)
        if row := there.filter(name=name).first():
            return row
        slug = first_free(
            slug_for(name)[:70],
            lambda one: not there.filter(slug=one).exists() and not (model is Section and is_taken(one)),
        )
        return model.objects.create(locale=self._locale, name=name, slug=slug)
