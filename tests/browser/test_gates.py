"""Outside judges over the built demo: the W3C's validator and axe's accessibility rules."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from itertools import product
from pathlib import Path
from typing import Any

import feedparser
import pytest
from playwright.sync_api import Browser, ConsoleMessage

from tests.browser import shown

pytestmark = pytest.mark.gate
ROOT = Path(__file__).parents[2]
JUDGES = ROOT / ".tools/judges/node_modules"
TEMPLATES = {path.stem for path in (ROOT / "src/hectograph/press/templates").glob("*.html")}
PARTS = {
    "page",
    "tools",
    "top",
    "footer",
    "letter",
    "support",
    "remind_form",
    "desk_head",
}  # they stand inside the others
TOLD = (  # one of each form, the languages by turns
    *("en/ask", "ru/under-way", "en/paid", "ru/declined", "en/refused", "ru/refused-asked", "en/caution", "ru/watched"),
    *("en/transfer", "ru/plan", "en/plan-away", "ru/crowded", "en/remind-address", "ru/remind-watched"),
    *("en/remind-confirm", "ru/failed"),
)
PAGES = {
    "story": ("en/2026/11/the-meters-that-count-air.html", "ru/2026/11/schetchiki-kotorye-schitayut-vozdukh.html"),
    "lite": (
        "lite/en/2026/11/the-meters-that-count-air.html",
        "lite/ru/2026/11/schetchiki-kotorye-schitayut-vozdukh.html",
    ),
    "removed": ("en/2026/11/removed-report.html",),
    "plain": ("en/pages/privacy.html", "ru/pages/kak-nas-chitat.html"),
    "front": ("index.html", "ru/index.html"),
    "list": ("en/city.html", "ru/gorod.html"),
    "corrections": ("en/corrections.html", "ru/corrections.html"),
    "letter_page": ("en/letters/weekly/newest.html", "ru/letters/weekly/newest.html"),
    "letters": ("en/letters/weekly.html", "ru/letters/weekly.html"),
    "support_page": ("en/support.html", "ru/support.html"),
    "months": ("en/archive.html", "ru/archive.html"),
    "search": ("en/search.html", "ru/search.html"),
    "not_found": ("404.html", "ru/404.html"),
    "redirect": ("en/index.html",),
    "desk": ("../desk/pages/en/prefer.html", "../desk/pages/ru/watched.html", "../desk/pages/ru/address.html"),
    "pay": ("../shown/en/pay-again.html", "../shown/ru/pay-once.html", "../shown/en/card.html"),
    "told": tuple(f"../shown/{page}.html" for page in TOLD),
}


@pytest.fixture(scope="session")
def paying(demo: Path) -> list[Path]:
    """The pages about paying, filled."""
    return shown.fill(demo.parent / "desk/pages", demo.parent / "shown")


def _address(site: str, demo: Path, path: str) -> str:
    """Pages of the desk are no part of the site: they are opened as the files that they are."""
    return (demo / path).resolve().as_uri() if path.startswith("..") else f"{site}/{path}"


def test_every_template_has_a_page_for_the_judges() -> None:
    assert PAGES.keys() == TEMPLATES - PARTS


def test_all_pages_are_valid_html(demo: Path, paying: list[Path]) -> None:
    jar = JUDGES / "vnu-jar/build/dist/vnu.jar"
    if not jar.exists() or not shutil.which("java"):
        pytest.skip("vnu-jar or Java is not installed")
    at_desks = (demo.parent / "desk/pages").glob("??/*.html")  # those about paying are among the filled ones
    files = [str(path) for path in [*demo.rglob("*.html"), *at_desks, *paying]]
    done = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", "--errors-only", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [(row["url"].rpartition("/site/")[2], row["message"]) for row in json.loads(done.stderr)["messages"]]
    assert found == []


@pytest.mark.parametrize("template", sorted(PAGES))
def test_pages_are_accessible_at_every_width_and_in_both_schemes(
    chromium: Browser, site: str, demo: Path, paying: list[Path], template: str
) -> None:
    script = JUDGES / "axe-core/axe.min.js"
    if not script.exists():
        pytest.skip("axe-core is not installed")
    broken = []
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    for path in PAGES[template]:
        _open(page, _address(site, demo, path), stays=template != "redirect")
        page.add_script_tag(path=script)
        for width, scheme in product((390, 1280), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
            broken += [(path, width, scheme, row["id"], row["nodes"][0]["target"]) for row in found]
    context.close()
    assert broken == []


def test_pages_about_paying_break_none_of_their_own_rules(chromium: Browser, paying: list[Path]) -> None:
    said: list[tuple[str, str]] = []
    page = chromium.new_page()

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            said.append((page.url, message.text))

    page.on("console", note)
    for path in paying:
        page.goto(path.resolve().as_uri())
    page.close()
    assert said == []


def _open(page: Any, url: str, *, stays: bool) -> None:
    """A redirect is looked at before it leads away."""
    if stays:
        page.goto(url)
    else:
        html = page.request.get(url).text()
        page.set_content(re.sub(r'<meta http-equiv="refresh"[^>]*>', "", html))


@pytest.mark.parametrize("path", ["en/feed.xml", "en/atom.xml", "ru/feed.xml", "ru/atom.xml", "en/city/feed.xml"])
def test_feeds_are_read_whole_by_a_feed_reader(demo: Path, path: str) -> None:
    feed = feedparser.parse((demo / path).read_bytes())
    assert not feed.bozo
    assert feed.entries
    for entry in feed.entries:
        assert entry.link.startswith("https://courier.example/")
        assert len(entry.content[0].value) > 200
        assert entry.published_parsed.tm_year == 2026


def test_sitemaps_name_only_pages_that_stand(demo: Path) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ElementTree.parse(demo / "sitemap.xml").getroot()
    children = [node.text or "" for node in index.iter(f"{space}loc")]
    assert children
    for child in children:
        tree = ElementTree.parse(demo / child.removeprefix("https://courier.example/")).getroot()
        for node in tree.iter(f"{space}loc"):
            path = (node.text or "").removeprefix("https://courier.example/")
            assert (demo / (path or "index.html")).exists() or (demo / path / "index.html").exists(), path
