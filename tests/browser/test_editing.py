"""An editor with a browser: sign in, write, preview, publish, undo; and what the admin may load."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hectograph.newsroom.access import accounts
from hectograph.newsroom.access.session_row import StaffSession
from hectograph.newsroom.flows import publish
from hectograph.stories.photo import Photo
from hectograph.stories.story import Story
from tests.browser.signing_in import sign_in
from tests.newsroom.cast import Newsroom
from tests.stories import planted_photos

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-password"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def room(db: None, ground: None, site_root: Path) -> Newsroom:
    made = Newsroom()
    accounts.create_staff("editor", PASSWORD, role="editor")
    return made


def _press_publish(page: Any) -> None:
    button = page.get_by_role("button", name="Publish", exact=True)
    if not button.is_visible():
        page.get_by_role("button", name="More actions").click()
    button.click()


def _is_ours(message: Any) -> bool:
    """A complaint of the editor's own page. In the preview's frame the policy stays strict: the press's pages
    hold no script, and what Wagtail would put in there is kept out."""
    return message.type == "error" and "preview" not in message.location["url"]


def test_edit_preview_publish_and_the_page_changes(
    page: Any, room: Newsroom, live_server: Any, site_root: Path
) -> None:
    table = json.dumps([{"type": "table", "value": {"data": [["Quay", "Depth"], ["Lower", "3 m"]]}}])
    story = room.edit(room.story("Before the edit"), body=table)
    publish.publish(NOW)
    complaints: list[str] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, live_server.url, "editor", PASSWORD)
    page.on("console", lambda message: complaints.append(message.text) if _is_ours(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/admin/pages/{story.pk}/edit/")
    page.fill("input[name=title]", "After the edit")
    page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("iframe#w-preview-iframe, iframe[title*=review]").first.locator("h1")
    shown.filter(has_text="After the edit").wait_for()  # what was typed, not what was saved
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_selector(".messages >> text=published")
    assert Story.objects.get(pk=story.pk).title == "After the edit"
    publish.publish(NOW)
    assert b"<h1>After the edit</h1>" in (site_root / "en/2026/11/before-the-edit.html").read_bytes()
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:", "about:"))] == []
    assert complaints == []


def test_a_new_story_is_published_without_a_thought_for_its_address(
    page: Any, room: Newsroom, live_server: Any
) -> None:
    sign_in(page, live_server.url, "editor", PASSWORD)
    page.goto(f"{live_server.url}/admin/pages/add/stories/story/{room.homes['ru'].pk}/")
    page.fill("input[name=title]", "Счётчики воды")
    page.get_by_role("button", name="Choose section").click()
    page.locator(".modal-body table a", has_text="city ru").click()
    page.wait_for_selector(".modal-body", state="detached")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_selector(".messages >> text=published")
    assert (Story.objects.get().slug, Story.objects.get().live) == ("schetchiki-vody", True)


def test_whoever_is_signed_out_while_writing_loses_nothing_by_pressing_publish(
    page: Any, room: Newsroom, live_server: Any
) -> None:
    story = room.story("Before the end")
    sign_in(page, live_server.url, "editor", PASSWORD)
    page.goto(f"{live_server.url}/admin/pages/{story.pk}/edit/")
    StaffSession.objects.all().delete()  # the operator ended it
    page.fill("textarea[name=standfirst]", "Typed in a room without a door")
    _press_publish(page)
    page.get_by_role("alert").filter(has_text="You are signed out").wait_for()
    other = page.context.new_page()
    sign_in(other, live_server.url, "editor", PASSWORD)
    other.close()
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.get_by_role("alert").filter(has_text="You can go on").wait_for()
    _press_publish(page)
    page.wait_for_selector(".messages >> text=published")
    assert Story.objects.get(pk=story.pk).standfirst == "Typed in a room without a door"


def test_the_note_of_being_signed_out_lies_over_no_button(page: Any, room: Newsroom, live_server: Any) -> None:
    story = room.story("Before the end")
    sign_in(page, live_server.url, "editor", PASSWORD)
    page.goto(f"{live_server.url}/admin/pages/{story.pk}/edit/")
    StaffSession.objects.all().delete()
    _press_publish(page)
    note = page.get_by_role("alert").filter(has_text="You are signed out")
    note.wait_for()
    button = page.get_by_role("button", name="Publish", exact=True)
    if not button.is_visible():
        page.get_by_role("button", name="More actions").click()
    pressed = button.bounding_box()
    assert note.bounding_box()["x"] >= pressed["x"] + pressed["width"]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_page_of_a_photo_asks_for_no_inline_handler(page: Any, room: Newsroom, live_server: Any) -> None:
    file = SimpleUploadedFile("quay.jpg", planted_photos.saved("JPEG"))
    photo = Photo.objects.create(title="The quay", credit="Ada Finch", width=40, height=40, file=file)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, live_server.url, "editor", PASSWORD)
    page.goto(f"{live_server.url}/admin/images/{photo.pk}/")
    page.locator(".jcrop-holder").wait_for()
    photo.file.close()
    assert complaints == []


def test_on_a_phone_the_names_of_changed_fields_stand_in_one_line(page: Any, room: Newsroom, live_server: Any) -> None:
    story = room.edit(room.story("Before the edit"), standfirst="The quay is shut")
    first, last = story.revisions.order_by("pk").values_list("pk", flat=True)
    sign_in(page, live_server.url, "editor", PASSWORD)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/admin/pages/{story.pk}/revisions/compare/{first}...{last}/")
    name = page.locator(".title-wrapper", has_text="Standfirst")
    assert name.bounding_box()["height"] < 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_buttons_of_a_list_leave_its_name_in_sight(page: Any, room: Newsroom, live_server: Any) -> None:
    room.story("Eighty-seven million marks short of a pavement")
    sign_in(page, live_server.url, "editor", PASSWORD)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/admin/stories/")
    name = page.get_by_role("navigation", name="Breadcrumb").get_by_text("Stories")
    button = page.get_by_role("link", name="Add: Русский")
    assert name.bounding_box()["width"] > 40
    assert name.is_visible()
    assert button.bounding_box()["y"] >= name.bounding_box()["y"] + name.bounding_box()["height"]
    assert button.bounding_box()["x"] + button.bounding_box()["width"] <= 390
    assert page.locator("table.listing").bounding_box()["width"] <= 390
