"""What moves leads on from where it stood, and pictures leave with the last page that shows them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hectograph.newsroom.flows import register_archive, whole_site
from hectograph.newsroom.flows.take_down import retire
from hectograph.stories import addresses, photo_store
from hectograph.stories.photo import Photo
from hectograph.stories.press_state import FormerSlug
from hectograph.stories.story import Story
from tests.newsroom.test_publish import SAMPLES, full, tree, work

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_photo(name: str = "hills.jpg") -> Photo:
    photo = Photo(title=name, credit="Us")
    photo_store.take_in(photo, (SAMPLES / name).read_bytes(), name)
    photo.save()
    photo_store.render(photo)
    return photo


def media(root: Path) -> set[str]:
    return {path.name for path in (root / "media").glob("*")}


def as_a_full_build(newsroom: Any, root: Path, spare: Path) -> bool:
    return tree(root) == full(spare)


@pytest.mark.parametrize("kind", ["section", "topic", "byline"])
def test_a_renamed_list_leads_on_from_its_old_address_and_both_builds_agree(
    newsroom: Any, site_root: Path, tmp_path: Path, kind: str
) -> None:
    for _ in range(45):
        newsroom.story(topics=newsroom.topics["en"][:1], bylines=newsroom.bylines[:1])
    work()
    rows = {
        "section": (newsroom.sections["en"][0], "en/city", "en/town"),
        "topic": (newsroom.topics["en"][0], "en/topics/water", "en/topics/town"),
        "byline": (newsroom.bylines[0], "en/by/ada-finch", "en/by/town"),
    }
    row, old, new = rows[kind]
    row.slug = "town"
    row.save()
    work()
    for page in ("", "/1"):
        assert f"{new.split('/')[-1]}{page}.html".encode() in (site_root / f"{old}{page}.html").read_bytes()
        assert b"<h1" in (site_root / f"{new}{page}.html").read_bytes()
    newsroom.story(topics=newsroom.topics["en"][:1], bylines=newsroom.bylines[:1])
    work()
    assert as_a_full_build(newsroom, site_root, tmp_path / "whole")


def test_a_renamed_section_goes_on_feeding_those_who_read_the_old_feed(newsroom: Any, site_root: Path) -> None:
    newsroom.story("Before")
    section = newsroom.sections["en"][0]
    section.slug = "town"
    section.save()
    work()
    newsroom.story("After")
    work()
    assert b"After" in (site_root / "en/city/feed.xml").read_bytes()


def test_a_slug_that_another_list_takes_belongs_to_that_one(newsroom: Any, site_root: Path, tmp_path: Path) -> None:
    first, second = newsroom.topics["en"]
    newsroom.story("One", topics=[first])
    newsroom.story("Two", topics=[second])
    first.slug = "rivers"
    first.save()
    work()
    second.slug = "water"
    second.save()
    work()
    assert b">Two<" in (site_root / "en/topics/water.html").read_bytes()
    assert as_a_full_build(newsroom, site_root, tmp_path / "whole")


def test_a_retired_bylines_old_slugs_go_with_it(newsroom: Any, site_root: Path) -> None:
    byline = newsroom.bylines[0]
    newsroom.story(bylines=[byline])
    byline.slug = "another-name"
    byline.save()
    work()
    assert (site_root / "en/by/ada-finch.html").exists()
    retire(byline.pk)
    work()
    assert not FormerSlug.objects.exists()
    assert not list(site_root.glob("*/by/ada-finch*"))


@pytest.mark.parametrize("act", ["unpublish", "delete", "another picture"])
def test_a_picture_leaves_with_the_last_page_that_shows_it(
    newsroom: Any, site_root: Path, tmp_path: Path, act: str
) -> None:
    photo, other = a_photo(), a_photo("pylons.jpg")
    story = newsroom.story("With a picture", lead_photo=photo)
    newsroom.story("Another", lead_photo=other)
    work()
    before = media(site_root)
    if act == "unpublish":
        story.unpublish()
    elif act == "delete":
        Story.objects.get(pk=story.pk).delete()
    else:
        newsroom.edit(story, lead_photo=other)
    work()
    theirs = {str(row[4]).rpartition("/")[2] for row in other.files}
    assert media(site_root) == before & theirs
    assert as_a_full_build(newsroom, site_root, tmp_path / "whole")


def test_a_picture_that_another_page_shows_stays(newsroom: Any, site_root: Path) -> None:
    photo = a_photo()
    first = newsroom.story("First", lead_photo=photo)
    newsroom.story("Second", lead_photo=photo)
    work()
    before = media(site_root)
    first.unpublish()
    work()
    assert media(site_root) == before != set()


def test_a_picture_that_was_replaced_leaves_the_site_at_once(newsroom: Any, site_root: Path) -> None:
    photo = a_photo()
    newsroom.story("With a picture", lead_photo=photo)
    work()
    before = media(site_root)
    photo_store.take_in(photo, (SAMPLES / "pylons.jpg").read_bytes(), "pylons.jpg")
    photo.save()
    photo_store.render(photo)
    work()
    assert media(site_root)
    assert not media(site_root) & before


def test_a_full_build_takes_up_old_addresses_too(newsroom: Any, site_root: Path) -> None:
    newsroom.story(topics=newsroom.topics["en"][:1])
    topic = newsroom.topics["en"][0]
    topic.slug = "rivers"
    topic.save()
    register_archive.register_all()
    whole_site.build(NOW, processes=1)
    assert b"rivers.html" in (site_root / "en/topics/water.html").read_bytes()


def test_of_a_window_that_wants_one_address_each_page_gets_its_own(db: None) -> None:
    addresses.settle(7, "en/2026/11/taken.html")
    addresses.settle_new({7: "en/2026/11/taken.html", 8: "en/2026/11/taken.html", 1: "en/a.html", 2: "en/a.html"})
    assert addresses.current([1, 2, 7, 8]) == {
        1: "en/a.html",
        2: "en/a-2.html",
        7: "en/2026/11/taken.html",
        8: "en/2026/11/taken-2.html",
    }
