"""The front page in the admin: what stands first, the breaking line, and that it can't be lost by one press."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from hectograph.newsroom.flows import publish
from hectograph.stories.home import Home, HomeLead
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom


def _publish(client: Client, home: Home, **values: str) -> Any:
    form = {"title": "Front page", "slug": home.slug, "breaking_text": "", "breaking_link": "", "breaking_until": ""}
    lists = {"leads": inline_formset([]), "comments": inline_formset([])}
    sent = nested_form_data({**form, **values, **lists, "action-publish": "yes"})
    return client.post(f"/admin/pages/{home.pk}/edit/", sent)


def test_a_breaking_line_whose_hour_has_passed_is_refused(newsroom: Newsroom, publisher: Client) -> None:
    line = {"breaking_text": "The bridge is shut", "breaking_until": "2020-01-01 12:00"}
    assert b"This hour has passed" in _publish(publisher, newsroom.homes["en"], **line).content


def test_a_line_that_had_its_time_is_in_the_way_of_nothing(newsroom: Newsroom, publisher: Client) -> None:
    home = newsroom.homes["en"]
    line = {"breaking_text": "The bridge is shut", "breaking_until": "2020-01-01 12:00"}
    home.breaking_text = line["breaking_text"]
    home.breaking_until = datetime(2020, 1, 1, 12, tzinfo=timezone.get_current_timezone())
    home.save_revision().publish()
    assert _publish(publisher, home, **line, title="The front").status_code == 302


def test_the_front_page_does_not_go_by_the_clock(newsroom: Newsroom, publisher: Client) -> None:
    at = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%d %H:%M}"
    assert b"A front page stays" in _publish(publisher, newsroom.homes["en"], expire_at=at).content


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "//elsewhere:1", "ftp://a/b"]
)
def test_a_breaking_line_leads_to_no_script(newsroom: Newsroom, publisher: Client, link: str) -> None:
    until = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%d %H:%M}"
    line = {"breaking_text": "The bridge is shut", "breaking_until": until, "breaking_link": link}
    assert b"A page of ours" in _publish(publisher, newsroom.homes["en"], **line).content
    line["breaking_link"] = "/en/2026/11/the-bridge.html#when"
    assert _publish(publisher, newsroom.homes["en"], **line).status_code == 302


def test_a_lead_placed_twice_stands_once_and_one_that_was_unpublished_not_at_all(
    newsroom: Newsroom, site_root: Path
) -> None:
    first, second = newsroom.story("The bridge"), newsroom.story("The quay")
    home = Home.objects.get(pk=newsroom.homes["en"].pk)
    home.leads = [HomeLead(story=story) for story in (first, second, first)]
    home.save_revision().publish()
    publish.publish(timezone.now())
    front = (site_root / "index.html").read_text().partition('aria-labelledby="latest"')[0]
    assert (front.count(">The bridge<"), front.count(">The quay<")) == (1, 1)
    Story.objects.get(pk=first.pk).unpublish()
    publish.publish(timezone.now())
    assert ">The bridge<" not in (site_root / "index.html").read_text()


@pytest.mark.parametrize("act", ["delete", "unpublish"])
def test_no_press_takes_the_front_page_away(newsroom: Newsroom, publisher: Client, act: str) -> None:
    home = newsroom.homes["en"]
    publisher.post(f"/admin/pages/{home.pk}/{act}/")
    publisher.post(f"/admin/bulk/wagtailcore/page/{act}/?id={home.pk}", {"include_descendants": ""})
    publisher.post(f"/admin/api/main/pages/{home.pk}/action/{act}/")
    assert Home.objects.get(pk=home.pk).live


@pytest.mark.parametrize("act", ["delete", "unpublish"])
def test_a_story_still_goes_by_the_same_ways(newsroom: Newsroom, publisher: Client, act: str) -> None:
    first, second = newsroom.story("One"), newsroom.story("Two")
    publisher.post(f"/admin/pages/{first.pk}/{act}/")
    publisher.post(f"/admin/bulk/wagtailcore/page/{act}/?id={second.pk}")
    assert not Story.objects.filter(live=True).exists()
