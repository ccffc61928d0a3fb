"""A reader with a browser: scripts off, pictures off, from a folder of a strange host."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from hectograph.newsroom import site_server

pytestmark = pytest.mark.browser
STORY = "en/2026/11/the-meters-that-count-air.html"


@pytest.fixture
def below_a_folder(demo: Path, tmp_path: Path) -> Iterator[str]:
    """The same files on a host that serves them below a path of its own."""
    (tmp_path / "lent").mkdir()
    (tmp_path / "lent/copy").symlink_to(demo)
    with site_server.server(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/lent/copy"
        server.shutdown()


def test_a_story_is_whole_without_javascript(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{STORY}")
    assert page.locator("h1").inner_text() == "The water meters that count air"
    assert page.locator("#support").is_visible()
    assert page.get_by_role("heading", name="The Friday letter").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("path", "words"), [("ru/2026/11/nichego.html", "Такой страницы нет"), ("en/nothing.html", "There is no page")]
)
def test_where_nothing_stands_the_page_speaks_the_language_of_what_was_asked_for(
    page: Any, site: str, path: str, words: str
) -> None:
    page.goto(f"{site}/{path}")
    assert words in page.locator("h1").inner_text()


def test_a_page_asks_nobody_but_its_own_host(chromium: Browser, site: str) -> None:
    context = chromium.new_context()
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    for path in ("index.html", "ru/index.html", STORY, "en/search.html", "en/city.html"):
        page.goto(f"{site}/{path}", wait_until="networkidle")
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    context.close()


def test_a_story_without_its_pictures_is_one_request(chromium: Browser, site: str) -> None:
    context = chromium.new_context()
    page, asked = context.new_page(), list[str]()
    page.route("**/media/**", lambda route: route.abort())
    page.on("request", lambda request: asked.append(request.url) if "/media/" not in request.url else None)
    page.goto(f"{site}/{STORY}", wait_until="networkidle")
    assert asked == [f"{site}/{STORY}"]
    context.close()


def test_every_link_of_the_site_leads_somewhere_from_any_folder(page: Any, below_a_folder: str, demo: Path) -> None:
    broken = []
    paths = ["index.html", "ru/index.html", STORY, "en/archive.html", "en/months/2026-11.html", "en/by/ines-varga.html"]
    for path in paths:
        page.goto(f"{below_a_folder}/{path}")
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            inside = href.removeprefix(f"{below_a_folder}/").partition("#")[0]
            if href.startswith(below_a_folder) and inside and not (demo / inside).is_file():
                broken.append((path, inside))
            elif href.startswith("http://127.0.0.1") and not href.startswith(below_a_folder):
                broken.append((path, href))
    assert broken == []


def test_choosing_how_often_shows_the_amounts_that_go_with_it(page: Any, site: str) -> None:
    page.goto(f"{site}/{STORY}")
    page.get_by_text("Annual", exact=True).first.click()
    assert page.locator("fieldset.annual").is_visible()
    assert not page.locator("fieldset.monthly").is_visible()


def test_nothing_asks_for_support_beside_a_sensitive_story(page: Any, site: str) -> None:
    page.goto(f"{site}/en/2026/11/visiting-day.html")
    assert page.get_by_text("Support", exact=True).count() == 0


def test_a_removed_story_leaves_an_honest_page(page: Any, site: str) -> None:
    page.goto(f"{site}/en/2026/11/removed-report.html")
    assert "was removed" in page.locator("h1").inner_text()
    assert "private people without need" in page.locator("article").inner_text()


@pytest.mark.parametrize("path", ["index.html", STORY, "ru/gorod.html"])
def test_no_page_is_wider_than_a_phone(chromium: Browser, site: str, path: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
