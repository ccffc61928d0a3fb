"""*Translate* makes the twin of a story in another language, ready to be written."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hectograph.newsroom.access import accounts
from hectograph.newsroom.flows import publish, take_down
from hectograph.newsroom.staff import Staff
from hectograph.stories.story import HandPicked, Story
from tests.newsroom.cast import Newsroom


def _client(client: Client, role: str) -> Client:
    client.force_login(accounts.create_staff(role, "a-long-enough-password", role=role))
    return client


def _translate(client: Client, newsroom: Newsroom, story: Story) -> Any:
    form = {"locales": [newsroom.languages["ru"].pk]}
    return client.post(f"/admin/translation/submit/page/{story.pk}/", form, follow=True)


def _pair(newsroom: Newsroom, kind: str) -> None:
    """Make the first section or topic of both languages twins."""
    first, second = getattr(newsroom, kind)["en"][0], getattr(newsroom, kind)["ru"][0]
    type(first).objects.filter(pk=second.pk).update(translation_key=first.translation_key)


@pytest.mark.parametrize("role", ["editor", "publisher", "operator"])
def test_whoever_edits_can_translate(newsroom: Newsroom, client: Client, role: str) -> None:
    story = newsroom.story("The long night")
    shown = _client(client, role).get(f"/admin/pages/{story.pk}/edit/").content.decode()
    assert f"/admin/translation/submit/page/{story.pk}/" in shown
    assert _translate(client, newsroom, story).status_code == 200
    assert story.get_translations().get().locale.language_code == "ru"


def test_a_reporter_translates_a_story_of_ones_own_and_no_section(newsroom: Newsroom, client: Client) -> None:
    _client(client, "reporter")
    story, other = newsroom.story("The long night", publish=False), newsroom.story("Of another")
    Story.objects.filter(pk=story.pk).update(owner=Staff.objects.get(username="reporter"))
    _translate(client, newsroom, story)
    assert story.get_translations().exists()
    _translate(client, newsroom, other)
    assert not other.get_translations().exists()
    section = newsroom.sections["en"][1]
    locales = {"locales": [newsroom.languages["ru"].pk]}
    client.post(f"/admin/translation/submit/snippet/stories/section/{section.pk}/", locales)
    assert not section.get_translations().exists()


def test_a_twin_stands_in_the_twin_of_its_section_and_topics(newsroom: Newsroom, client: Client) -> None:
    _pair(newsroom, "sections"), _pair(newsroom, "topics")
    story = newsroom.story("The long night", topics=newsroom.topics["en"])
    story.hand_picked = [HandPicked(story=newsroom.story("Another"))]
    story.save_revision().publish()
    _translate(_client(client, "editor"), newsroom, story)
    draft = story.get_translations().get().get_latest_revision_as_object()
    assert draft.section == newsroom.sections["ru"][0]
    assert [row.topic for row in draft.story_topics.all()] == newsroom.topics["ru"][:1]  # the other has no twin
    assert list(draft.hand_picked.all()) == []  # nor has the other story
    draft.full_clean()


def test_a_twin_whose_section_has_none_asks_for_one_and_for_no_address(newsroom: Newsroom, client: Client) -> None:
    form = _translate(_client(client, "editor"), newsroom, newsroom.story("The long night")).context["form"]
    assert form["section"].value() is None
    assert form["slug"].value() == ""


def test_a_story_leads_no_more_to_a_twin_that_was_taken_down(newsroom: Newsroom, site_root: Path) -> None:
    story = newsroom.story("The long night")
    twin = newsroom.story("Долгая ночь", language="ru")
    Story.objects.filter(pk=twin.pk).update(translation_key=story.translation_key)
    page, now = site_root / "en/2026/11/the-long-night.html", datetime(2026, 11, 24, tzinfo=UTC)
    publish.publish(now)
    assert b'hreflang="ru"' in page.read_bytes()
    take_down.take_down(twin.pk)
    publish.publish(now)
    assert b'hreflang="ru"' not in page.read_bytes()
