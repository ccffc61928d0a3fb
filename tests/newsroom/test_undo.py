"""Undo: ten minutes, and nothing is lost by it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom.flows import outsider, undo
from hectograph.stories.site_words import SiteRecord
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom


def test_undo_brings_back_what_stood_before_and_keeps_the_undone_words_as_a_draft(newsroom: Newsroom) -> None:
    story = newsroom.edit(newsroom.story("First words"), title="Second words")
    undo.undo(Story.objects.get(pk=story.pk), timezone.now(), None)
    after = Story.objects.get(pk=story.pk)
    assert after.title == "First words"
    assert after.get_latest_revision_as_object().title == "Second words"


def test_undo_keeps_what_was_written_since_the_publication(newsroom: Newsroom) -> None:
    story = newsroom.edit(newsroom.story("First words"), title="Second words")
    story.title = "Third words"
    story.save_revision()
    undo.undo(Story.objects.get(pk=story.pk), timezone.now(), None)
    after = Story.objects.get(pk=story.pk)
    assert (after.title, after.get_latest_revision_as_object().title) == ("First words", "Third words")


def test_undoing_a_first_publication_takes_the_story_off(newsroom: Newsroom) -> None:
    story = newsroom.story("Too early")
    undo.undo(story, timezone.now(), None)
    assert not Story.objects.get(pk=story.pk).live


def test_after_ten_minutes_there_is_nothing_to_undo(newsroom: Newsroom) -> None:
    story = newsroom.story("Old news")
    with pytest.raises(Problem, match="ten minutes"):
        undo.undo(story, timezone.now() + timedelta(minutes=11), None)


def test_what_an_outsider_gets_is_one_marked_file_that_loads_nothing(newsroom: Newsroom, site_root: Path) -> None:
    page = outsider.one_file(newsroom.story("For the lawyer", publish=False))
    assert b"DRAFT" in page
    assert b"For the lawyer" in page
    assert b"<script" not in page
    assert b'src="' not in page


def test_an_outsiders_links_lead_to_the_site_and_not_to_a_disk(newsroom: Newsroom, site_root: Path) -> None:
    SiteRecord.objects.update(base_url="https://courier.example")
    page = outsider.one_file(newsroom.story("For the lawyer", publish=False)).decode()
    links = re.findall(r'href="([^"]*)"', page)
    assert [link for link in links if not link.startswith(("https://courier.example/", "#", "data:"))] == []
    assert "https://courier.example/index.html" in links
    assert not any("/../" in link for link in links)
