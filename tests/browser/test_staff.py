"""Staff at work in a browser: a passkey, a schedule, a take-down."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hectograph.newsroom import timetable
from hectograph.newsroom.access import accounts
from hectograph.newsroom.flows import publish
from hectograph.stories.story import Story
from tests.browser.signing_in import give_password, sign_in
from tests.newsroom.cast import Newsroom

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-password"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def room(db: None, ground: None, site_root: Path) -> Newsroom:
    made = Newsroom()
    accounts.create_staff("publisher", PASSWORD, role="publisher")
    return made


def own_authenticator(page: Any) -> None:
    """A passkey in software, as the DevTools protocol has it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_production_asks_for_a_passkey_and_the_passkey_alone_signs_in(
    page: Any, room: Newsroom, live_server: Any, settings: Any
) -> None:
    settings.PRODUCTION = True
    own_authenticator(page)
    give_password(page, live_server.url, "publisher", PASSWORD)
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_role("button", name="Set up the passkey").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.goto(f"{live_server.url}/admin/")
    assert page.title().startswith("Dashboard")
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{live_server.url}/admin/")
    assert page.title().startswith("Dashboard")


def test_a_story_with_a_schedule_is_published_when_its_time_comes(
    page: Any, room: Newsroom, live_server: Any, site_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = room.story("At seven", publish=False)
    sign_in(page, live_server.url, "publisher", PASSWORD)
    page.goto(f"{live_server.url}/admin/pages/{story.pk}/edit/")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    page.locator("input[name=go_live_at]").fill(later)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.get_by_role("button", name="Save schedule").press("Enter")  # the calendar may still lie over it
    page.get_by_role("button", name="More actions").click()
    with page.expect_navigation():  # what is pressed goes off once the page knows that its writer is signed in
        page.get_by_role("button", name="Schedule to publish").click()
    page.wait_for_selector(".messages >> text=scheduled")
    assert not Story.objects.get(pk=story.pk).live
    then = datetime.now(UTC) + timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: then)
    timetable._publish_scheduled(then)
    publish.publish(then)
    assert Story.objects.get(pk=story.pk).live
    assert list(site_root.glob("en/*/*/at-seven.html"))


def test_a_story_is_taken_down_with_a_reason_for_readers(
    page: Any, room: Newsroom, live_server: Any, site_root: Path
) -> None:
    story = room.story("Named without need")
    publish.publish(NOW)
    sign_in(page, live_server.url, "publisher", PASSWORD)
    page.goto(f"{live_server.url}/admin/newsroom/take-down/{story.pk}/")
    page.get_by_label("Reason, for readers").fill("It named a child.")
    page.get_by_role("button", name="Take down for good").click()
    page.wait_for_load_state("networkidle")
    publish.publish(NOW)
    assert not Story.objects.filter(pk=story.pk).exists()
    left = (site_root / "en/2026/11/named-without-need.html").read_text()
    assert "It named a child." in left
    assert "The river rose" not in left
