"""What an edit costs does not grow with the archive: no question that a publish asks goes through a table that does."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from hectograph.newsroom import timetable
from hectograph.newsroom.flows import read_more
from hectograph.stories import page_index, registering
from hectograph.stories.feed.reader import Reader
from hectograph.stories.home import HomeLead
from tests.newsroom.cast import body
from tests.newsroom.test_publish import NOW, work

# A row or more for each story.
GROWING = {
    "wagtailcore_page",
    "wagtailcore_revision",
    "stories_story",
    "stories_storybyline",
    "stories_storytopic",
    "stories_storycorrection",
    "stories_handpicked",
    "stories_place",
    "stories_address",
    "stories_shown",
    "stories_term",
    "stories_termcount",
    "stories_readmorechoice",
}
# What many stories have in common: an index that leads by these alone leads to all of them.
BROAD = {"locale_id", "content_type_id", "live", "list_id", "language", "kind", "section_id"}
# What a month's sitemap asks: all that the month holds, and no more.
OF_A_MONTH = re.compile(
    r'"story" (AS "story" )?FROM "stories_place"( U0)? WHERE \S+"list_id" = %s(\)| ORDER BY \S+ ASC$)'
)


def goes_through_all(sql: str, steps: list[str]) -> bool:
    """Whether SQLite's plan looks at every row of a growing table, or at all that share something broad, and can't
    stop early because it has them in order."""
    sorts = any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
    stops = " LIMIT " in sql and not sorts
    for step in steps:
        act, table = step.split()[:2]
        columns = set(re.findall(r"(\w+)[=<>]", step.rpartition("(")[2]))
        if table in GROWING and not stops and (act == "SCAN" or (columns and columns <= BROAD)):
            return True
    return False


def through_all(act: Callable[[], object]) -> list[str]:
    """The questions of `act` that grow with the archive."""
    asked: dict[str, Any] = {}

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")):
            asked[re.sub(r"%s(, %s)+", "%s", sql)] = (sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    assert len(asked) > 20
    return [sql for sql, params in asked.values() if goes_through_all(sql, _steps(sql, params))]


def _steps(sql: str, params: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [row[3] for row in cursor.fetchall()]
    return [step for step in steps if not (OF_A_MONTH.search(sql) and step.startswith("SEARCH stories_place "))]


@pytest.fixture
def archive(newsroom: Any) -> list[Any]:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite plans without looking at what a table holds: a small one tells of a large one")
    words = ["Rivers and quays", "Trams in the rain", "Water on the quay"]
    stories = [newsroom.story(words=words[n % 3], topics=newsroom.topics["en"]) for n in range(9)]
    work()
    return stories


def test_an_edit_goes_through_no_table_of_all_stories(newsroom: Any, archive: list[Any]) -> None:
    newsroom.edit(archive[3], title="Another headline", body=body("Quays, trams and a river."))
    assert through_all(work) == []


def test_a_new_story_goes_through_no_table_of_all_stories(newsroom: Any, archive: list[Any]) -> None:
    newsroom.story("The newest", topics=newsroom.topics["en"], bylines=newsroom.bylines, corrections=["Not so."])
    assert through_all(work) == []


def test_an_unpublished_story_goes_through_no_table_of_all_stories(newsroom: Any, archive: list[Any]) -> None:
    archive[6].unpublish()
    assert through_all(work) == []


def test_another_front_goes_through_no_table_of_all_stories(newsroom: Any, archive: list[Any]) -> None:
    home = newsroom.homes["en"]
    home.refresh_from_db()
    home.leads = [HomeLead(story=archive[5])]
    home.save_revision().publish()
    assert through_all(work) == []


def test_what_the_clock_asks_goes_through_no_table_of_all_stories(newsroom: Any, archive: list[Any]) -> None:
    jobs = [job for name, (_, job) in timetable._JOBS.items() if name != "search"]  # that one is a process of its own
    assert through_all(lambda: [job(NOW) for job in jobs]) == []


def test_a_story_that_ended_is_found_by_an_index_that_is_made_wherever_it_is_missing(archive: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX stories_pages_that_end")
    ended = Page.objects.filter(live=True, expire_at__lt=NOW).order_by("expire_at")
    assert "SCAN wagtailcore_page" in ended.explain()
    page_index.ensure()
    assert "USING INDEX stories_pages_that_end (expire_at<?)" in ended.explain()


def questions(act: Callable[[list[int]], object], window: list[int]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act(window)
    return len(asked)


def test_an_archive_is_placed_and_indexed_by_the_window(newsroom: Any) -> None:
    ids = [newsroom.story(words="Trams in the rain").pk for _ in range(15)]
    registering.register_new(ids[:1])  # makes the lists
    small, large = ids[1:4], ids[4:]
    assert questions(registering.register_new, small) == questions(registering.register_new, large)
    few, many = (questions(lambda some: read_more.index_all(some, Reader()), window) for window in (small, large))
    assert few == many


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        ("SELECT 1", ["SCAN wagtailcore_page"]),
        ("SELECT 1", ["SEARCH wagtailcore_page USING INDEX wagtailcore_page_locale (locale_id=?)"]),
        ("SELECT 1 LIMIT 9", ["SEARCH stories_place USING INDEX x (list_id=?)", "USE TEMP B-TREE FOR ORDER BY"]),
    ],
)
def test_a_plan_that_grows_is_seen(sql: str, steps: list[str]) -> None:
    assert goes_through_all(sql, steps)


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        ("SELECT 1", ["SCAN stories_plainpage", "SEARCH wagtailcore_page USING INTEGER PRIMARY KEY (rowid=?)"]),
        ("SELECT 1 LIMIT 9", ["SEARCH stories_place USING INDEX x (list_id=?)"]),
        ("SELECT 1", ["SEARCH stories_place USING INDEX x (list_id=? AND number>?)"]),
    ],
)
def test_a_plan_that_stays_is_let_be(sql: str, steps: list[str]) -> None:
    assert not goes_through_all(sql, steps)


def test_a_months_sitemap_names_a_story_once_and_its_twin_beside_it(newsroom: Any, site_root: Path) -> None:
    english = newsroom.story("The quay")
    newsroom.story("Alone")
    newsroom.story("Набережная", language="ru", translation_key=english.translation_key)
    work()
    text = (site_root / "sitemaps/en/2026-11.xml").read_text()
    assert text.count("<loc>") == 2
    assert re.findall(r'hreflang="(\w+)" href="[^"]*?//[^/"]*/(\S+)"', text) == [
        ("en", "en/2026/11/the-quay.html"),
        ("ru", "ru/2026/11/naberezhnaya.html"),
    ]
