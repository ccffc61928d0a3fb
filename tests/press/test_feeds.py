"""Feeds as a reader's program sees them: parsed by feedparser, and held to RSS 2.0 and RFC 4287."""

import locale
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hectograph.press import feeds, records

AT = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)
WORDS = tuple(
    records.Words(code, name, tagline, (), front)
    for code, name, tagline, front in (
        ("en", "Courier", "News & more", "index.html"),
        ("ru", "Курьер", "Новости", "ru/index.html"),
    )
)
SITE = records.Site("https://courier.example", WORDS)
CITY = records.Section(1, "Город", "ru/gorod.html")
STORY = records.Story(
    7,
    "ru",
    "ru/2026/05/mayak.html",
    "Маяк & <море>",
    "Он погас.",
    AT,
    AT + timedelta(hours=5),
    CITY,
    (),
    bylines=(records.Byline(1, "Анна Лис"), records.Byline(2, "О. Ветров")),
    topics=(records.Topic(1, "Порт", "ru/t/port.html"),),
)
OLDER = replace(STORY, id=6, path="ru/2026/05/most.html", modified=AT + timedelta(days=9), bylines=())
FEED = records.Feed("ru", "ru/feed.xml", "ru/atom.xml", "ru/index.html", "Курьер", (STORY, OLDER))
BODY = '<p>Свет <a href="https://courier.example/ru/x.html">был</a> виден & слышен.</p>'
ATOM = "{http://www.w3.org/2005/Atom}"
Maker = Callable[[records.Site, records.Feed, feeds.Body], bytes]
BOTH = pytest.mark.parametrize("make", [feeds.rss, feeds.atom])


def body(_: records.Story) -> str:
    return BODY


def parsed(make: Maker, feed: records.Feed = FEED) -> Any:
    return feedparser.parse(make(SITE, feed, body), sanitize_html=False)


def with_story(**changes: Any) -> records.Feed:
    return replace(FEED, stories=(replace(STORY, **changes),))


@BOTH
def test_a_feed_is_well_formed(make: Maker) -> None:
    assert not parsed(make).bozo


@BOTH
def test_the_whole_text_is_in_it(make: Maker) -> None:
    assert parsed(make).entries[0].content[-1].value == BODY


@BOTH
def test_headlines_come_out_as_they_were_written(make: Maker) -> None:
    assert "&amp; &lt;море&gt;" in make(SITE, FEED, body).decode()


@BOTH
def test_stories_stand_in_the_order_given(make: Maker) -> None:
    links = [entry.link for entry in parsed(make).entries]
    assert links == [f"https://courier.example/{path}" for path in (STORY.path, OLDER.path)]


@BOTH
def test_several_bylines_are_all_named(make: Maker) -> None:
    assert [author.name for author in parsed(make).entries[0].authors] == ["Анна Лис", "О. Ветров"]


@BOTH
def test_a_story_without_byline_is_by_the_newsroom(make: Maker) -> None:
    assert [author.name for author in parsed(make).entries[1].authors] == ["Курьер"]


@BOTH
def test_the_feed_says_where_it_stands(make: Maker) -> None:
    own = {feeds.rss: FEED.path, feeds.atom: FEED.atom_path}[make]
    links = [link.href for link in parsed(make).feed.links if link.rel == "self"]
    assert links == [f"https://courier.example/{own}"]


@BOTH
def test_the_feed_says_which_page_it_follows(make: Maker) -> None:
    assert parsed(make).feed.link == "https://courier.example/ru/"


@BOTH
def test_a_feed_changes_when_its_newest_change_does_and_never_by_the_clock(make: Maker) -> None:
    newest = parsed(make).feed.updated
    assert (parsedate_to_datetime(newest) if make is feeds.rss else datetime.fromisoformat(newest)) == OLDER.modified
    assert make(SITE, FEED, body) == make(SITE, FEED, body)


@BOTH
@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1b", "￾", "￿", "\ud800"])
@pytest.mark.parametrize("field", ["headline", "standfirst"])
def test_what_xml_cannot_hold_is_left_out(make: Maker, bad: str, field: str) -> None:
    entry = parsed(make, with_story(**{field: f"До{bad}сле"})).entries[0]
    assert {"headline": entry.title, "standfirst": entry.summary}[field] == "Досле"


@BOTH
def test_a_name_of_a_section_or_a_topic_cannot_break_it(make: Maker) -> None:
    section = records.Section(1, 'A "b" <c>\x08 & d', "ru/a.html")
    topics = (records.Topic(1, "e\x00f'\"<", "ru/t.html"),)
    found = parsed(make, with_story(section=section, topics=topics))
    assert not found.bozo
    assert [tag.term for tag in found.entries[0].tags] == ['A "b" <c> & d', "ef'\"<"]


@BOTH
def test_a_body_with_bytes_that_xml_cannot_hold_still_parses(make: Maker) -> None:
    data = make(SITE, FEED, lambda _: "<p>a\x0c]]>b</p>")
    assert "<p>a]]>b</p>" in feedparser.parse(data, sanitize_html=False).entries[0].content[-1].value


@BOTH
@given(words=st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_words_break_a_feed(make: Maker, words: str) -> None:
    feed = replace(with_story(headline=words, standfirst=words), title=words)
    etree.fromstring(make(SITE, feed, lambda _: words))


@BOTH
def test_a_feed_without_stories_is_still_a_feed(make: Maker) -> None:
    found = parsed(make, replace(FEED, stories=()))
    assert not found.bozo
    assert found.entries == []


def test_rss_gives_the_permanent_address_as_guid() -> None:
    item = etree.fromstring(feeds.rss(SITE, FEED, body)).find("channel/item")
    assert item is not None
    guid = item.find("guid")
    assert guid is not None
    assert (guid.get("isPermaLink"), guid.text) == ("true", item.findtext("link"))


@pytest.fixture(params=["C.UTF-8", "ru_RU.UTF-8", "fr_FR.UTF-8"])
def abroad(request: pytest.FixtureRequest) -> Iterator[None]:
    """Another locale, where the machine has it."""
    before = locale.setlocale(locale.LC_TIME)
    with suppress(locale.Error):
        locale.setlocale(locale.LC_TIME, request.param)
    yield
    locale.setlocale(locale.LC_TIME, before)


@pytest.mark.usefixtures("abroad")
def test_rss_dates_are_rfc_822_in_english_under_any_locale() -> None:
    document = etree.fromstring(feeds.rss(SITE, FEED, body))
    assert document.findtext("channel/lastBuildDate") == "Wed, 13 May 2026 21:30:00 +0000"
    assert document.findtext("channel/item/pubDate") == "Mon, 04 May 2026 21:30:00 +0000"


def test_atom_has_all_that_rfc_4287_asks_for() -> None:
    document = etree.fromstring(feeds.atom(SITE, FEED, body))
    for element in (document, *document.iter(f"{ATOM}entry")):  # §4.1.1, §4.1.2
        assert all(len(element.findall(ATOM + name)) == 1 for name in ("id", "title", "updated"))
    for entry in document.iter(f"{ATOM}entry"):
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None
        assert [link.get("rel") for link in entry.iter(f"{ATOM}link")] == ["alternate"]


def test_atom_ids_are_unique() -> None:
    ids = [node.text for node in etree.fromstring(feeds.atom(SITE, FEED, body)).iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == 3


def test_atom_says_its_language() -> None:
    assert etree.fromstring(feeds.atom(SITE, FEED, body)).get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
