"""Search in a real browser, from any folder: word forms are found, and it works without a server of ours."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def answered(page: Any) -> None:
    page.locator("#status", has_text=re.compile("Found|Найдено|Nothing|Ничего")).wait_for()


@pytest.mark.parametrize(
    ("language", "asked", "found"),
    [
        ("en", "meter", "The water meters that count air"),
        ("ru", "счётчиками", "Счётчики воды, которые считают воздух"),
        ("ru", "желатина", "В читальном зале открыли последний шкаф"),
    ],
)
def test_word_forms_are_found(page: Any, site: str, language: str, asked: str, found: str) -> None:
    page.goto(f"{site}/{language}/search.html?q={asked}")
    answered(page)
    titles = page.locator("#results h2").all_inner_texts()
    assert found in titles


def test_a_result_leads_to_its_story(page: Any, site: str) -> None:
    page.goto(f"{site}/en/search.html?q=cranes")
    page.locator("#results a").first.click()
    assert page.url.endswith("/en/2026/11/lower-quay-loses-its-night-shift.html")


def test_a_taken_down_story_is_not_found(page: Any, site: str) -> None:
    page.goto(f"{site}/en/search.html?q=celebration")
    answered(page)
    assert page.locator("#results a").count() == 0


def test_a_result_is_told_as_the_pages_tell_it(page: Any, site: str) -> None:
    page.goto(f"{site}/en/search.html?q=water")
    answered(page)
    met = page.locator("#results li", has_text="The water meters that count air")
    assert met.locator(".m").inner_text() == "Investigations · 23 November 2026"


def test_an_excerpt_shows_where_it_is_cut_and_does_not_say_the_headline_again(page: Any, site: str) -> None:
    page.goto(f"{site}/ru/search.html?q=вода")
    answered(page)
    rows = [
        (row.locator("h2").inner_text(), row.locator(".s").inner_text()) for row in page.locator("#results li").all()
    ]
    assert [said for headline, said in rows if said.startswith(headline)] == []
    assert any(said.startswith("… ") for _, said in rows)
    assert [said for _, said in rows if said[:1].islower() or said[-1] not in '.!?…»”"'] == []
