"""A story's twin in another language: it begins in the twin of its section, under the twins of its topics."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, TranslatableMixin

from hectograph.stories.story import HandPicked, Story, StoryTopic


def settle(source_obj: Any, target_obj: Any, **_of_the_signal: Any) -> None:
    """After Wagtail copied a story for another language with everything of the first: what has a twin leads there,
    topics and stories without one go, and a section without one is left for the writer to choose."""
    if not isinstance(target_obj, Story):
        return
    draft = target_obj.get_latest_revision_as_object()
    locale = target_obj.locale
    draft.section = _twin(draft.section, locale) or draft.section
    topics = [_twin(row.topic, locale) for row in draft.story_topics.all()]
    draft.story_topics = [StoryTopic(topic=topic) for topic in topics if topic]
    picked = [_twin(row.story, locale) for row in draft.hand_picked.all()]
    draft.hand_picked = [HandPicked(story=story) for story in picked if story]
    draft.save_revision(clean=False, log_action=False)
    Story.objects.filter(pk=target_obj.pk).update(section=draft.section)


def _twin(one: TranslatableMixin, locale: Locale) -> Any:
    return one.get_translation_or_none(locale)
