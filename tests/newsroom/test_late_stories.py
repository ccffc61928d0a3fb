"""A scheduled story that is late raises an alarm: on the admin's home, and for `hecto doctor`."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Workflow

from hectograph.newsroom import late_stories
from hectograph.newsroom.access import accounts
from hectograph.newsroom.access.roles import ROLES
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom


@pytest.fixture
def scheduled(newsroom: Newsroom) -> Story:
    """One that goes live in an hour."""
    story = newsroom.story("The long night", publish=False)
    story.go_live_at = timezone.now() + timedelta(hours=1)
    story.save_revision(approved_go_live_at=story.go_live_at)
    return story


def home(client: Client) -> str:
    """The admin's home, as an editor sees it."""
    client.force_login(accounts.create_staff("ed", "a-long-enough-password", role="editor"))
    return client.get("/admin/").content.decode()


def test_a_scheduled_story_is_late_once_its_time_has_passed(scheduled: Story) -> None:
    assert late_stories.overdue(timezone.now()) == []
    assert [page.pk for page in late_stories.overdue(timezone.now() + timedelta(hours=2))] == [scheduled.pk]


def test_the_home_names_a_late_story(scheduled: Story, client: Client) -> None:
    scheduled.revisions.update(approved_go_live_at=timezone.now() - timedelta(hours=1))
    shown = home(client)
    assert "Scheduled stories that are late: 1." in shown
    assert f'<a href="/admin/pages/{scheduled.pk}/edit/">The long night</a>' in shown


def test_a_story_that_should_be_gone_is_late(newsroom: Newsroom) -> None:
    story = newsroom.story("The long night")
    Story.objects.filter(pk=story.pk).update(expire_at=timezone.now() - timedelta(hours=1))
    assert [page.pk for page in late_stories.overdue(timezone.now())] == [story.pk]


def test_an_hour_that_nobody_made_good_is_said_when_it_has_passed(newsroom: Newsroom, client: Client) -> None:
    story = newsroom.story("The long night", publish=False)
    story.go_live_at = timezone.now() + timedelta(hours=1)
    story.save_revision()  # the hour is set, and no more
    assert late_stories.unsettled(timezone.now()) == []
    story.go_live_at = timezone.now() - timedelta(hours=1)
    story.save_revision()
    shown = home(client)
    assert "nobody chose “Schedule to publish”: 1." in shown
    assert f'<a href="/admin/pages/{story.pk}/edit/">The long night</a>' in shown


def test_an_hour_that_was_kept_is_no_alarm_when_the_story_is_edited_again(newsroom: Newsroom) -> None:
    story = newsroom.story("The long night")
    story.go_live_at = story.last_published_at - timedelta(minutes=1)
    story.save_revision()
    assert late_stories.unsettled(timezone.now() + timedelta(hours=1)) == []


def test_a_story_that_came_and_went_by_its_schedule_is_no_alarm(newsroom: Newsroom) -> None:
    story = newsroom.story("The long night")
    story.go_live_at = story.last_published_at - timedelta(minutes=1)
    story.save_revision()
    story.unpublish(set_expired=True)
    assert late_stories.unsettled(timezone.now() + timedelta(hours=1)) == []


def test_a_schedule_that_holds_is_no_forgotten_hour(scheduled: Story) -> None:
    scheduled.revisions.update(approved_go_live_at=timezone.now() - timedelta(hours=1))
    assert late_stories.unsettled(timezone.now() + timedelta(hours=2)) == []


def test_an_approval_before_the_hour_keeps_the_embargo(newsroom: Newsroom) -> None:
    reporter, editor = (accounts.create_staff(role, "a-long-enough-password", role=role) for role in ROLES[:2])
    story = newsroom.story("The long night", publish=False)
    story.go_live_at = timezone.now() + timedelta(hours=1)
    story.save_revision()
    Workflow.objects.get().start(story, reporter)
    state = story.current_workflow_task_state
    state.task.specific.on_action(state, editor, "approve")
    story.refresh_from_db()
    assert not story.live
    assert list(story.revisions.exclude(approved_go_live_at=None).values_list("approved_go_live_at", flat=True)) == [
        story.get_latest_revision_as_object().go_live_at
    ]
