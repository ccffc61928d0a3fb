"""Appeals in the admin: written, looked at as a reader would, by those who may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hectograph.support.appeal import Appeal
from tests.newsroom.test_letters_admin import person
from tests.newsroom.test_publish import work

NOW = datetime.now(UTC)


@pytest.fixture
def editor(newsroom: Any) -> Client:
    return person("ada")


def typed(**changes: Any) -> dict[str, Any]:
    """What the browser would post."""
    return {
        "slug": "winter",
        "starts": f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "ends": f"{NOW + timedelta(days=9):%Y-%m-%dT%H:%M}",
        "in_banner": "on",
        "after_story": "on",
        "frequency": "monthly",
        "choice": "2",
        "currency": "USD",
        "goal_amount": "5000",
        "title_en": "A hard winter",
        "text_en": "One.\n\nTwo.",
        "monthly_USD": "3, 7.50",
    } | changes


def add(editor: Client, **changes: Any) -> Any:
    return editor.post(reverse("newsroom_appeal_new"), typed(**changes))


def test_an_appeal_is_written_and_led_to_its_preview(editor: Client, newsroom: Any) -> None:
    answer = add(editor, sections=[str(newsroom.sections["en"][0].pk)])
    row = Appeal.objects.get()
    assert answer.url == reverse("newsroom_appeal_preview", args=["winter"])
    assert (row.goal, row.sections, row.on_page) == (500_000, [newsroom.sections["en"][0].pk], False)
    assert row.texts.get(language="en").title == "A hard winter"
    assert row.amounts.get(currency="USD").monthly == "3, 7.50"


def test_what_was_written_stands_in_the_form_again(editor: Client) -> None:
    add(editor)
    page = editor.get(reverse("newsroom_appeal", args=["winter"])).content.decode()
    for words in ("A hard winter", "3, 7.50", "5000"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"monthly_USD": "1, 5"}, "Less than the least"),
        ({"monthly_USD": "five"}, "Write amounts like"),
        ({"story_addresses": "/en/2020/01/nothing.html"}, "No page of the site stands at"),
        ({"ends": "2001-01-01T00:00"}, "must end after it begins"),
        ({"title_en": ""}, "Write a title"),
    ],
)
def test_what_can_not_stand_is_said(editor: Client, changes: dict[str, str], words: str) -> None:
    answer = add(editor, **changes)
    assert words in answer.content.decode()
    assert not Appeal.objects.exists()


def test_the_preview_says_of_each_page_why_it_is_not_shown(editor: Client, newsroom: Any, site_root: Any) -> None:
    newsroom.story("Plain")
    newsroom.story("Grave", sensitive=True)
    newsroom.story("Elsewhere", section=newsroom.sections["en"][1])
    work()
    add(editor, sections=[str(newsroom.sections["en"][0].pk)])
    page = editor.get(reverse("newsroom_appeal_preview", args=["winter"])).content.decode()
    for reason in ("sensitive story", "other section", "no words in this language", "not before", "no such place"):
        assert reason in page
    assert "Shown." in page


def test_an_appeal_that_is_over_says_so_and_can_be_looked_at(editor: Client, newsroom: Any, site_root: Any) -> None:
    story = newsroom.story("Plain")
    work()
    add(editor, starts="2026-01-01T00:00", ends="2026-02-01T00:00", stories="")
    page = editor.get(reverse("newsroom_appeal_preview", args=["winter"])).content.decode()
    assert "Not shown: it has ended." in page
    told = editor.get(reverse("newsroom_appeal_site", args=["winter", "campaign.json"])).json()
    assert told["appeals"][0]["to"] > f"{NOW:%Y-%m-%d}"
    shown = editor.get(reverse("newsroom_appeal_site", args=["winter", f"en/2026/11/{story.slug}.html"]))
    assert b"<h1>Plain</h1>" in shown.content
    assert b"ask.js" in shown.content
    assert "form-action 'none'" in shown["Content-Security-Policy"]


def test_a_preview_keeps_nothing_on_the_editors_device(editor: Client) -> None:
    add(editor)
    script = editor.get(reverse("newsroom_appeal_site", args=["winter", "ask.js"])).content
    assert b"localStorage" not in script


@pytest.mark.parametrize("where", ["en/2020/01/nothing.html", "robots.txt", "../settings.py"])
def test_the_preview_serves_no_other_file(editor: Client, where: str) -> None:
    add(editor)
    assert editor.get(f"/admin/newsroom/appeals/winter/site/{where}").status_code == 404


def test_reporters_see_no_appeals_and_editors_take_none_away(editor: Client) -> None:
    add(editor)
    reporter = person("rita", "reporter")
    for name in ("newsroom_appeal", "newsroom_appeal_preview"):
        assert reporter.get(reverse(name, args=["winter"])).url == "/admin/"  # what Wagtail answers to who may not
    assert reporter.get(reverse("newsroom_appeals")).url == "/admin/"
    editor.post(reverse("newsroom_appeal_drop", args=["winter"]))
    assert Appeal.objects.exists()
    assert person("paul", "publisher").post(reverse("newsroom_appeal_drop", args=["winter"])).status_code == 302
    assert not Appeal.objects.exists()
