"""The one approval step, and what it tells whom: on the admin's home, for mail is off."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Workflow

from hectograph.newsroom import settings as own_settings
from hectograph.newsroom.access import accounts
from hectograph.newsroom.editing.notices import notices_for
from hectograph.stories.story import Story

PASSWORD = "a-long-enough-password"


@pytest.fixture
def staff(newsroom: Any) -> dict[str, Any]:
    roles = ("reporter", "editor", "publisher", "operator")
    return {role: accounts.create_staff(role, PASSWORD, role=role) for role in roles}


def submitted(newsroom: Any, by: Any) -> Story:
    story = newsroom.story("For approval", publish=False)
    Workflow.objects.get().start(story, by)
    return Story.objects.get(pk=story.pk)


def signed_in(user: Any) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.get_username(), "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    return client


def home_of(user: Any) -> str:
    return signed_in(user).get("/admin/").content.decode()


def answer(story: Story, by: Any, *, yes: bool, words: str = "") -> None:
    state = story.current_workflow_task_state
    state.specific.approve(user=by, comment=words) if yes else state.specific.reject(user=by, comment=words)


def test_who_may_approve_sees_what_waits_and_others_do_not(newsroom: Any, staff: dict[str, Any]) -> None:
    submitted(newsroom, staff["reporter"])
    assert "For approval" in home_of(staff["editor"])
    assert "Awaiting your review" in home_of(staff["publisher"])
    assert "Awaiting your review" not in home_of(staff["reporter"])


def test_a_yes_publishes_and_is_told_to_who_asked(newsroom: Any, staff: dict[str, Any]) -> None:
    story = submitted(newsroom, staff["reporter"])
    answer(story, staff["editor"], yes=True)
    assert Story.objects.get(pk=story.pk).live
    assert "was approved by editor" in " ".join(home_of(staff["reporter"]).split())


def test_a_no_is_told_with_its_words_until_it_is_submitted_again(newsroom: Any, staff: dict[str, Any]) -> None:
    story = submitted(newsroom, staff["reporter"])
    answer(story, staff["editor"], yes=False, words="Who says so? <b>Name</b> it.")
    told = home_of(staff["reporter"])
    assert "was sent back to you by editor" in " ".join(told.split())
    assert "Who says so? &lt;b&gt;Name&lt;/b&gt; it." in told
    assert not Story.objects.get(pk=story.pk).live
    story.refresh_from_db()
    story.current_workflow_state.resume(user=staff["reporter"])
    assert notices_for(staff["reporter"], timezone.now()) == []


def test_nobody_else_is_told_and_it_is_over_in_a_week(newsroom: Any, staff: dict[str, Any]) -> None:
    answer(submitted(newsroom, staff["reporter"]), staff["editor"], yes=True)
    assert notices_for(staff["publisher"], timezone.now()) == []
    assert notices_for(staff["editor"], timezone.now()) == []
    assert len(notices_for(staff["reporter"], timezone.now())) == 1
    assert notices_for(staff["reporter"], timezone.now() + timedelta(days=8)) == []


def test_no_mail_is_sent_for_any_of_it() -> None:
    assert own_settings.EMAIL_BACKEND == "django.core.mail.backends.dummy.EmailBackend"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("reporter", set()),
        ("editor", {"publish", "outsider"}),
        ("publisher", {"publish", "outsider", "take-down", "retire"}),
        ("operator", {"publish", "outsider", "take-down", "retire", "staff"}),
    ],
)
def test_each_role_may_do_what_it_should_and_no_more(
    newsroom: Any, staff: dict[str, Any], role: str, may: set[str]
) -> None:
    story, byline = newsroom.story("Of another"), newsroom.bylines[0]
    client = signed_in(staff[role])
    doors = {
        "outsider": f"/admin/newsroom/outsider/{story.pk}/",
        "take-down": f"/admin/newsroom/take-down/{story.pk}/",
        "retire": f"/admin/newsroom/retire/{byline.pk}/",
        "staff": "/admin/users/",
    }
    opened = {name for name, address in doors.items() if client.get(address).status_code == 200}
    if story.permissions_for_user(staff[role]).can_publish():
        opened.add("publish")
    assert opened == may
