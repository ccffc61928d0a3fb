"""What a browser makes of an appeal: whether it is shown, what is kept on the device, what is sent (nothing)."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hectograph.newsroom import site_server
from hectograph.press import asking, records
from hectograph.press.render import Renderer
from hectograph.press.support_records import Appeal, AppealText, Offered, Place
from tests.press.test_pages import BODY, LETTER, SITE, STORY, WORDS

NOW = datetime.now(UTC)
CULTURE = records.Section(2, "Culture", "en/culture.html")
RU = records.Section(3, "Город", "ru/city.html")
LONG = BODY * 12
STORIES = {
    "plain": replace(STORY, body=LONG),
    "sensitive": replace(STORY, id=8, path="en/2026/11/s.html", sensitive=True, body=LONG),
    "culture": replace(STORY, id=9, path="en/2026/11/c.html", section=CULTURE, body=LONG),
    "at the root": replace(STORY, id=11, path="front.html", body=LONG),
    "russian": replace(STORY, id=10, language="ru", path="ru/2026/11/r.html", section=RU, body=LONG),
}
APPEAL = Appeal(
    slug="winter",
    starts=NOW - timedelta(days=1),
    ends=NOW + timedelta(days=1),
    places=(Place.BANNER, Place.STORY, Place.PAGE),
    texts={"en": AppealText("A hard winter", ("We need lawyers.",)), "ru": AppealText("Трудная зима", ("Юристы.",))},
    offers=(Offered("USD", once=(), monthly=(300, 750), annual=()), Offered("EUR", (), (400,), ())),
    frequency="annual",
    choice=1,
    goal=1_000_000,
    currency="USD",
    raised=250_000,
)


class Paper:
    """A small site in `folder`, at `address`."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address

    def appeals(self, *appeals: Appeal) -> None:
        (self.folder / "campaign.json").write_bytes(asking.campaigns(appeals))

    def read(self, page: Any, name: str) -> None:
        """Open the story, or the page at that path, and scroll, as who reads does."""
        path = STORIES[name].path if name in STORIES else name
        page.goto(f"{self.address}/{path}")
        with page.expect_response("**/campaign.json"):
            page.mouse.wheel(0, 400)
        page.wait_for_load_state("networkidle")

    def open(self, page: Any, name: str) -> None:
        """Open and scroll, where nothing is to be fetched but the script."""
        page.goto(f"{self.address}/{STORIES[name].path}")
        with page.expect_response("**/ask.js"):
            page.mouse.wheel(0, 400)
        page.wait_for_load_state("networkidle")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    folder = tmp_path_factory.mktemp("paper")
    with site_server.server(folder, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        letter = replace(LETTER, action=f"{address}/take", key="09" * 32)
        support = records.Support(
            (Offered(), Offered("EUR")), action=f"{address}/take", remind_action=f"{address}/take"
        )
        words = tuple(replace(one, letter=letter) for one in WORDS)
        record = replace(SITE, languages=words, support=support)
        renderer = Renderer(record)
        made = {story.path: renderer.story(story) for story in STORIES.values()}
        made |= {f"{code}/support.html": renderer.support(code, NOW) for code in ("en", "ru")}
        made |= {"ask.js": asking.script(record), "seal.js": b"document.currentScript.closest('form').dataset.ready=1"}
        for path, data in made.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        yield Paper(folder, address)
        server.shutdown()


@pytest.fixture
def paper(served: Paper) -> Paper:
    served.appeals(APPEAL)
    return served


def kept(page: Any) -> dict[str, str]:
    return dict(page.evaluate("({...localStorage})"))


def properties(data: bytes) -> dict[str, str]:
    """The content lines of a calendar (RFC 5545, §3.1), unfolded."""
    lines = data.replace(b"\r\n ", b"").decode().split("\r\n")
    return dict(line.split(":", 1) for line in lines if line)


def test_a_story_that_is_only_opened_is_one_request(paper: Paper, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{paper.address}/{STORIES['plain'].path}", wait_until="networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [f"{paper.address}/{STORIES['plain'].path}"]


def test_an_appeal_is_laid_over_the_standing_message(paper: Paper, page: Any) -> None:
    paper.read(page, "plain")
    box = page.locator("#support")
    assert box.locator("h2").inner_text() == "A hard winter"
    assert box.get_by_text("We need lawyers.").is_visible()
    assert box.get_by_text("$2,500 of $10,000").is_visible()
    assert box.locator("[name=frequency]:checked").get_attribute("value") == "annual"
    assert box.locator("[name=appeal]").get_attribute("value") == "winter"


def test_the_banner_begins_where_the_page_does(paper: Paper, page: Any) -> None:
    paper.read(page, "plain")
    title = page.locator("#banner h2")
    title.wait_for()
    assert title.bounding_box()["x"] == page.locator("header .name").bounding_box()["x"]


def test_a_page_at_the_root_asks_and_seals_as_all_others_do(paper: Paper, page: Any) -> None:
    paper.read(page, "at the root")
    assert page.locator("#support h2").inner_text() == "A hard winter"
    page.locator("[name=address]").focus()
    page.wait_for_selector("form[data-ready]", state="attached")


def test_an_appeal_brings_amounts_of_its_own_for_each_currency(paper: Paper, page: Any) -> None:
    paper.read(page, "plain")
    box = page.locator("#support")
    box.get_by_label("Monthly").check()
    assert box.locator(".a.monthly label:visible").all_inner_texts() == ["$3", "$7.50"]
    assert box.locator("[name=monthly]:checked").get_attribute("value") == "7.5"
    box.get_by_label("Currency").select_option("EUR")
    assert box.locator(".a.monthly label:visible").all_inner_texts() == ["€4"]
    box.get_by_label("Once").check()
    assert box.locator(".a.once label:visible").all_inner_texts() == ["€5", "€15", "€50"]


def test_what_a_reader_chose_before_the_appeal_came_stays(paper: Paper, page: Any) -> None:
    page.goto(f"{paper.address}/{STORIES['plain'].path}")
    with page.expect_response("**/campaign.json"):
        page.locator("#support").get_by_label("Once").check()
    page.get_by_text("A hard winter").first.wait_for()
    assert page.locator("[name=frequency]:checked").get_attribute("value") == "once"


def test_amounts_are_shown_in_the_chosen_currency(paper: Paper, page: Any) -> None:
    paper.appeals()
    paper.read(page, "plain")
    box = page.locator("#support")
    assert box.locator(".a.monthly label:visible").all_inner_texts() == ["$2", "$5", "$10"]
    box.get_by_label("Currency").select_option("EUR")
    assert box.locator(".a.monthly label:visible").all_inner_texts() == ["€2", "€5", "€10"]


def test_the_page_for_support_shows_the_appeal_too(paper: Paper, page: Any) -> None:
    paper.read(page, "ru/support.html")
    assert page.locator("#support h2").inner_text() == "Трудная зима"
    assert page.locator("#banner").count() == 0


@pytest.mark.parametrize("place", ["#banner", "#support"])
def test_who_opens_the_reminder_can_still_put_the_matter_off(paper: Paper, page: Any, place: str) -> None:
    paper.read(page, "plain")
    page.locator("#banner").get_by_role("button", name="Not now").wait_for()
    if place == "#support":
        page.evaluate("document.querySelector('#banner').remove()")
    asked = page.locator(place)
    asked.get_by_role("link", name="Remind me later").click()
    asked.get_by_role("button", name="Make the entry").wait_for()
    asked.get_by_role("button", name="Not now").click()
    assert page.locator("#banner").count() == 0
    assert page.locator("#support").is_hidden()


@pytest.mark.parametrize("press", ["Not now", "Continue", "Remind me later"])
def test_each_answer_keeps_one_day_of_the_same_kind_and_nothing_else(paper: Paper, page: Any, press: str) -> None:
    paper.read(page, "plain")
    box = page.locator("#support")
    page.locator("#banner").get_by_role("button", name="Not now").wait_for()
    page.evaluate("document.querySelector('#banner').remove()")
    if press == "Continue":
        page.route("**/take", lambda route: route.fulfill(status=204))
        box.get_by_role("button", name=press).click()
    elif press == "Remind me later":
        box.get_by_role("link", name=press).click()
        with page.expect_download():
            box.get_by_role("button", name="Make the entry").click()
    else:
        box.get_by_role("button", name=press).click()
    assert list(kept(page)) == ["not-before"]
    ahead = datetime.fromisoformat(kept(page)["not-before"]).replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(days=59) <= ahead <= timedelta(days=90)


def test_who_is_not_to_be_asked_finds_no_appeal_and_may_still_give(paper: Paper, page: Any) -> None:
    paper.read(page, "plain")
    page.locator("#banner").get_by_role("button", name="Not now").click()
    assert page.locator("#support").is_hidden()
    paper.open(page, "culture")
    page.wait_for_function("document.querySelector('#support').hidden")
    assert page.locator("#banner").count() == 0
    page.locator("a.go").click()
    page.wait_for_url("**/en/support.html")
    assert page.locator("#support").is_visible()


@pytest.mark.parametrize("value", ["2999-01-01", "yesterday"])
def test_a_day_that_cannot_be_ours_silences_nothing(paper: Paper, page: Any, value: str) -> None:
    page.goto(f"{paper.address}/{STORIES['plain'].path}")
    page.evaluate("value => { localStorage['not-before'] = value }", value)
    paper.read(page, "plain")
    assert page.locator("#banner").is_visible()


def test_a_browser_that_keeps_nothing_is_asked_and_nothing_breaks(paper: Paper, page: Any) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })")
    faults: list[Any] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    paper.read(page, "plain")
    page.locator("#banner").get_by_role("button", name="Not now").click()
    assert page.locator("#support").is_hidden()
    assert faults == []


def test_nothing_asks_beside_a_sensitive_story(paper: Paper, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    paper.open(page, "sensitive")
    assert not any("campaign" in url for url in asked)
    assert page.get_by_text("A hard winter").count() == 0
    assert page.locator("#banner, #support, .go").count() == 0


CASES = {
    "running": ({}, "plain"),
    "ended": ({"ends": NOW - timedelta(hours=1)}, "plain"),
    "to come": ({"starts": NOW + timedelta(hours=1)}, "plain"),
    "its section": ({"sections": ("en/culture.html",)}, "culture"),
    "another section": ({"sections": ("en/culture.html",)}, "plain"),
    "its story": ({"stories": (STORY.path,)}, "plain"),
    "another story": ({"stories": (STORY.path,)}, "culture"),
    "another place": ({"places": (Place.PAGE,)}, "plain"),
    "another language": ({"texts": {"ru": AppealText("Зима")}}, "plain"),
    "its language": ({"texts": {"ru": AppealText("Зима")}}, "russian"),
}


@pytest.mark.parametrize("case", CASES)
def test_browsers_decide_as_editors_are_told(paper: Paper, page: Any, case: str) -> None:
    changes, name = CASES[case]
    appeal, story = replace(APPEAL, **changes), STORIES[name]
    paper.appeals(appeal)
    paper.read(page, name)
    view = asking.View(story.path, story.language, NOW, story.section.path, story.sensitive)
    for place, shown in ((Place.BANNER, "#banner"), (Place.STORY, "[name=appeal]")):
        assert (page.locator(shown).count() == 0) == bool(asking.why_not(appeal, view, place)), place


def test_an_entry_for_the_calendar_is_sound_neutral_and_made_here(paper: Paper, page: Any) -> None:
    paper.read(page, "ru/support.html")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    block = page.locator("#remind")
    month = block.locator("select").first
    month.select_option(index=2)
    chosen = month.input_value()
    with page.expect_download() as download:
        block.get_by_role("button", name="Сделать запись").click()
    data = Path(download.value.path()).read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    entry = properties(data)
    assert datetime.strptime(entry["DTSTART;VALUE=DATE"], "%Y%m%d").strftime("%Y-%m") == chosen  # noqa: DTZ007 (a day)
    assert entry["SUMMARY"] == "Напоминание"
    assert re.fullmatch(r"\d{8}T000000Z", entry["DTSTAMP"])
    assert "Курьер" not in data.decode()
    assert "courier" not in data.decode()
    assert [url for url in sent if not url.startswith("blob:")] == []


def test_a_long_title_is_folded_between_letters_and_comes_back_whole(paper: Paper, page: Any) -> None:
    title = "Вспомнить, что весна; и «всё» остальное \\ " * 2
    source = (paper.folder / "ask.js").read_text()
    page.route(
        "**/ask.js",
        lambda route: route.fulfill(
            body=re.sub(r'"title":"Напоминание"', lambda _: f'"title":{json.dumps(title)}', source),
            content_type="text/javascript",
        ),
    )
    paper.read(page, "ru/support.html")
    with page.expect_download() as download:
        page.locator("#remind").get_by_role("button", name="Сделать запись").click()
    data = Path(download.value.path()).read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert re.sub(r"\\(.)", r"\1", properties(data)["SUMMARY"]) == title


def test_days_of_a_reminder_are_spread_over_the_month(paper: Paper, page: Any) -> None:
    paper.read(page, "en/support.html")
    days = set()
    for _ in range(8):
        with page.expect_download() as download:
            page.locator("#remind").get_by_role("button", name="Make the entry").click()
        days.add(re.search(rb"DATE:(\d+)", Path(download.value.path()).read_bytes())[1])  # type: ignore[index]
    assert len(days) > 1


def test_the_sign_up_form_is_readied_for_sealing_when_it_is_entered(paper: Paper, page: Any) -> None:
    page.goto(f"{paper.address}/{STORIES['plain'].path}")
    page.locator("[name=address]").focus()
    page.wait_for_selector("form[data-ready]", state="attached")
