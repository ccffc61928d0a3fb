"""A scheduled story that is late raises an alarm: on the admin's home, and for `hecto doctor`."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hectograph.newsroom import health
from hectograph.newsroom.access import accounts
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom


@pytest.fixture
def scheduled(newsroom: Newsroom) -> Story:
    """One that goes live in an hour."""
    story = newsroom.story("The long night", publish=False)
    story.go_live_at = timezone.now() + timedelta(hours=1)
    story.save_revision(approved_go_live_at=story.go_live_at)
    return story


def test_a_scheduled_story_is_late_once_its_time_has_passed(scheduled: Story) -> None:
    assert health.late_stories(timezone.now()) == []
    assert [page.pk for page in health.late_stories(timezone.now() + timedelta(hours=2))] == [scheduled.pk]


def test_the_home_names_a_late_story(scheduled: Story, client: Client) -> None:
    scheduled.revisions.update(approved_go_live_at=timezone.now() - timedelta(hours=1))
    client.force_login(accounts.create_staff("ed", "a-long-enough-password", role="editor"))
    shown = client.get("/admin/").content.decode()
    assert "Scheduled stories that are late: 1." in shown
    assert f'<a href="/admin/pages/{scheduled.pk}/edit/">The long night</a>' in shown
