"""Nobody's publication waits behind what many pages show, behind an archive, or behind what a whole build has done."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hectograph.errors import Problem
from hectograph.newsroom import timetable, worker
from hectograph.newsroom.command import removing
from hectograph.newsroom.flows import build_all, publish
from hectograph.stories import photo_store, queue, registering
from hectograph.stories.photo import Photo
from hectograph.stories.press_state import Place, Shown
from hectograph.stories.queue import Kind, Turn
from tests.newsroom.test_publish import SAMPLES, full, tree, work

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were many more stories than are made here."""
    for name in ("STORIES_AT_ONCE", "PAGES_AT_ONCE"):
        monkeypatch.setattr(publish, name, 2)
    monkeypatch.setattr(queue, "LATER_AT_ONCE", 2)


def page(site_root: Path, slug: str) -> str:
    return (site_root / f"en/2026/11/{slug}.html").read_text()


@pytest.fixture
def archive(newsroom: Any) -> list[Any]:
    stories = [newsroom.story(topics=newsroom.topics["en"][:1], bylines=newsroom.bylines[:1]) for _ in range(9)]
    work()
    return stories


def rename_topic(newsroom: Any) -> None:
    topic = newsroom.topics["en"][0]
    topic.name = "Flood"
    topic.save()


@pytest.mark.usefixtures("small_parts")
def test_who_publishes_while_a_topic_of_many_stories_gets_its_name_is_next(
    newsroom: Any, archive: list[Any], site_root: Path
) -> None:
    rename_topic(newsroom)
    publish.publish(NOW)
    newsroom.story("Just in")
    publish.publish(NOW)
    assert "Just in" in page(site_root, "just-in")
    assert queue.waiting() > 0


@pytest.mark.usefixtures("small_parts")
def test_in_the_end_every_page_has_the_topics_new_name(newsroom: Any, archive: list[Any], site_root: Path) -> None:
    rename_topic(newsroom)
    work()
    assert all("Flood" in page(site_root, story.slug) for story in archive)


@pytest.mark.usefixtures("small_parts")
def test_a_byline_of_many_stories_is_renamed_in_parts_with_the_newest_first(
    newsroom: Any, archive: list[Any], site_root: Path
) -> None:
    name = newsroom.bylines[0].names.get(language="en")
    name.name = "Ada Falk"
    name.save()
    publish.publish(NOW)
    named = ["Ada Falk" in page(site_root, story.slug) for story in archive]
    assert named == [False] * 7 + [True] * 2


@pytest.mark.usefixtures("small_parts")
def test_a_photo_of_many_stories_changes_on_pages_and_cards_in_parts(
    newsroom: Any, site_root: Path, tmp_path: Path
) -> None:
    photo = Photo(title="Hills", credit="Us", alt="Hills in the morning")
    photo_store.take_in(photo, (SAMPLES / "hills.jpg").read_bytes(), "hills.jpg")
    photo.save()
    photo_store.render(photo)
    for _ in range(6):
        newsroom.story(lead_photo=photo)
    work()
    photo.alt = "Hills at noon"
    photo.save()
    work()
    assert not any(b"in the morning" in data for data in tree(site_root).values())
    assert tree(site_root) == full(tmp_path / "whole")


@pytest.mark.usefixtures("small_parts")
def test_stories_that_show_each_other_come_to_an_end(newsroom: Any, archive: list[Any], site_root: Path) -> None:
    for story in archive:
        newsroom.edit(story, title=f"{story.title}, again")
    runs = len(work())
    assert runs < 60
    assert queue.waiting() == 0


def test_few_stories_are_placed_in_one_transaction_whatever_waits(
    newsroom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(queue.FIRST_AT_ONCE + 5):
        newsroom.story()
    sizes: list[int] = []
    register = registering.register
    monkeypatch.setattr(registering, "register", lambda ids: sizes.append(len(ids)) or register(ids))
    work()
    assert max(sizes) <= queue.FIRST_AT_ONCE
    assert sum(sizes) >= queue.FIRST_AT_ONCE + 5


def test_what_waits_for_a_later_turn_is_never_taken_up_with_what_goes_first(db: None) -> None:
    with queue.in_turn(Turn.LAST):
        queue.put(Kind.STORY, 1)
    with queue.in_turn(Turn.SOON):
        queue.put(Kind.STORY, 2)
    queue.put(Kind.STORY, 3)
    taken = []
    while (batch := queue.take(site=False)).rows:
        taken.append(batch.of(Kind.STORY))
        queue.strike_off(batch)
    assert taken == [{3}, {2}, {1}]


def test_a_page_that_waits_already_is_not_queued_again(db: None) -> None:
    queue.put_pages({4, 5})
    queue.put_pages({5, 6})
    assert queue.waiting() == 3


def test_the_whole_site_moves_on_while_others_wait(newsroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable, "_JOBS", {})
    newsroom.story()
    work()
    queue.put(Kind.SITE, 0)
    with queue.in_turn(Turn.LAST):
        queue.put_all(Kind.HOME, range(1000, 1300))
    at_work = worker.Worker()
    for _ in range(3):
        at_work.step()
    assert not queue.take(site=True).rows
    assert queue.waiting() > 0


# --- a whole build ------------------------------------------------------------------------------------------------


def build(progress: Any = lambda done, whole: None) -> None:
    build_all.build_all(NOW, build_all.Options(processes=1), progress=progress)


def test_after_a_whole_build_nothing_is_done_a_second_time(newsroom: Any, site_root: Path) -> None:
    newsroom.story(topics=newsroom.topics["en"], bylines=newsroom.bylines)
    build()
    assert queue.waiting() == 0


@pytest.mark.parametrize("kind", ["topic", "byline"])
def test_what_goes_before_a_whole_build_is_forgotten_as_by_a_publication(
    newsroom: Any, archive: list[Any], site_root: Path, kind: str
) -> None:
    row = newsroom.topics["en"][0] if kind == "topic" else newsroom.bylines[0]
    number = row.pk
    row.delete()
    build_all.build_all(NOW, build_all.Options(processes=1), progress=lambda done, whole: None)
    assert queue.waiting() == 0
    assert not Shown.objects.filter(kind=kind, target=number).exists()
    assert not Place.objects.filter(list__kind=kind, list__key=str(number)).exists()


def test_what_comes_while_the_whole_site_is_built_waits_for_its_turn(newsroom: Any, site_root: Path) -> None:
    story = newsroom.story()
    build(lambda done, whole: queue.put(Kind.STORY, story.pk))
    assert queue.take(site=False).of(Kind.STORY) == {story.pk}


def test_a_story_that_moved_before_a_whole_build_stands_where_it_belongs(
    newsroom: Any, archive: list[Any], site_root: Path
) -> None:
    moved, gone = archive[3], archive[4]
    newsroom.edit(moved, section=newsroom.sections["en"][1], slug="moved-on")
    gone.unpublish()
    build()
    city = (site_root / "en/city.html").read_text()
    assert "moved-on" in (site_root / "en/culture.html").read_text()
    assert "moved-on" not in city
    assert (f"/{archive[5].slug}.html" in city, f"/{gone.slug}.html" in city) == (True, False)
    assert not (site_root / f"en/2026/11/{gone.slug}.html").exists()


# --- take-down and retirement wait for their own end ---------------------------------------------------------------


class Hurried:
    """A clock in which every look costs a minute."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 60
        return self.now

    def sleep(self, seconds: float) -> None:
        return


def test_a_take_down_waits_as_long_as_the_worker_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    left = iter(range(30, -1, -1))
    monkeypatch.setattr(removing, "time", Hurried())
    monkeypatch.setattr(queue, "waiting_for_pages", lambda: next(left))
    removing.wait_for_the_worker()


def test_a_take_down_does_not_wait_for_a_worker_that_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removing, "time", Hurried())
    monkeypatch.setattr(queue, "waiting_for_pages", lambda: 3)
    with pytest.raises(Problem, match="does not get on"):
        removing.wait_for_the_worker()
