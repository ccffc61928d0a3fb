"""Pages from records: order, safety, and the same bytes for the same record."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.press import feeds, records, sitemap
from hectograph.press.pieces import _letter_spot
from hectograph.press.records import Heading, LetterHere, Paragraph
from hectograph.press.render import Renderer
from hectograph.press.sitemap_records import NewsItem
from hectograph.press.words import Vocabulary, spoken

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
LETTER = records.Letter("The Friday letter", "Every Friday.", "https://desk.example/letter")
WORDS = tuple(
    records.Words(code, name, "Tagline", (), front, "Message", ("Please.",), LETTER)
    for code, name, front in (("en", "Courier", "index.html"), ("ru", "Курьер", "ru/index.html"))
)
SITE = records.Site(
    "https://courier.example", WORDS, "Europe/Riga", records.Support(action="https://desk.example/give")
)
SECTION = records.Section(1, "City", "en/city.html")
BODY = tuple(Paragraph(f"Paragraph {number}.") for number in range(8))
STORY = records.Story(7, "en", "en/2026/11/a.html", "Headline", "Standfirst", AT, AT, SECTION, BODY)


def page(**changes: object) -> str:
    return Renderer(SITE).story(replace(STORY, **changes)).decode()  # type: ignore[arg-type]


def test_a_story_stands_in_its_order() -> None:
    fix = records.Correction(records.CorrectionKind.CORRECTION, AT, "It was two.")
    card = records.Card(8, "en/2026/11/b.html", "Another", "", AT)
    html = page(corrections=(fix,), read_more=(card,)).partition("<body>")[2]
    order = [
        "Support</a>",
        "City</a>",
        "<h1>Headline",
        "Standfirst",
        "20 November 2026",
        "Paragraph 0",
        "Friday letter",
    ]
    order += ["Paragraph 7", "It was two.", 'id="support"', "Another</a>", "<footer>"]
    places = [html.index(words) for words in order]
    assert places == sorted(places)


def test_machines_are_told_of_corrections_and_of_the_page() -> None:
    fix = records.Correction(records.CorrectionKind.CORRECTION, AT, "It was <b>two</b>.")
    head = page(corrections=(fix,)).partition("<body>")[0]
    told = json.loads(head.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert told["correction"] == [
        {"@type": "CorrectionComment", "text": "It was two.", "datePublished": "2026-11-20T08:00:00Z"}
    ]
    shared = dict(re.findall(r'property="og:(\w+)" content="([^"]*)"', head))
    assert shared == {"type": "article", "url": "https://courier.example/en/2026/11/a.html", "title": "Headline"}


def test_the_same_record_gives_the_same_bytes() -> None:
    assert Renderer(SITE).story(STORY) == Renderer(SITE).story(STORY)


def test_a_sensitive_story_asks_for_nothing() -> None:
    html = page(sensitive=True)
    assert "desk.example/give" not in html.partition("<body>")[2]
    assert ">Support<" not in html


def test_forms_may_go_to_the_desk_alone() -> None:
    assert 'form-action https://desk.example"' in page()


def test_without_a_desk_the_form_says_that_it_is_not_connected() -> None:
    quiet = replace(SITE, support=records.Support())
    html = Renderer(quiet).story(STORY).decode()
    assert "not connected yet" in html
    assert '<button disabled="">' in html or "<button disabled>" in html


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_words_of_an_editor_break_the_page(headline: str, kicker: str) -> None:
    html = page(headline=headline, kicker=kicker, standfirst=headline)
    document = html5lib.parse(html, namespaceHTMLElements=False)
    assert len(document.findall(".//h1")) == 1
    assert [node.get("type") for node in document.iter("script")] == ["application/ld+json", None]
    json.loads(re.search(r'ld\+json">(.*?)</script>', html, re.S)[1])  # type: ignore[index]


def test_a_link_to_our_own_page_works_from_any_folder() -> None:
    assert 'href="../../../en/2026/11/b.html"' in page(body=(Paragraph('<a href="/en/2026/11/b.html">x</a>'),))


@pytest.mark.parametrize(
    ("body", "spot"),
    [
        (BODY, 4),
        (BODY[:2], 2),
        ((*BODY[:6], LetterHere(), *BODY[6:]), 6),
        ((*BODY[:3], Heading("Between"), *BODY[3:6]), 3),
    ],
)
def test_the_sign_up_box_finds_its_place(body: tuple[records.Block, ...], spot: int) -> None:
    assert _letter_spot(body) == spot


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1\u00a0минута чтения"),
        (3, "3\u00a0минуты чтения"),
        (5, "5\u00a0минут чтения"),
        (21, "21\u00a0минута чтения"),
    ],
)
def test_russian_counts_in_its_own_forms(count: int, words: str) -> None:
    assert Vocabulary("ru", "UTC").plural("reading_minutes", count) == words


def test_words_that_a_no_break_space_or_a_line_joins_are_read_one_by_one() -> None:
    long = records.Paragraph("в\u00a0доме\nи " * 200)
    assert "3-minute read" in page(body=(long,))


def test_every_language_has_every_word() -> None:
    english = set(Vocabulary("en", "UTC")._words)
    for code in spoken():
        own = Vocabulary(code, "UTC")._words
        assert [word for word in english if own[word] == Vocabulary("en", "UTC")._words[word] and code != "en"] in (
            [],
            ["feed"],
            ["download"],
            ["feed", "download"],
            ["download", "feed"],
        )


@pytest.mark.parametrize(("minor", "words"), [(200, "$2"), (250, "$2.50"), (120000, "$1,200")])
def test_amounts_have_no_empty_decimals(minor: int, words: str) -> None:
    assert Vocabulary("en", "UTC").amount(minor, "USD") == words


def test_a_feed_dates_in_english_whatever_it_speaks() -> None:
    story = replace(STORY, language="ru", path="ru/2026/11/a.html")
    feed = records.Feed("ru", "ru/feed.xml", "ru/atom.xml", "ru/index.html", "Курьер", (story,))
    assert b"<pubDate>Fri, 20 Nov 2026 08:00:00 +0000</pubDate>" in feeds.rss(SITE, feed, lambda _: "x")


def test_the_news_sitemap_holds_two_days_and_no_more() -> None:
    items = [NewsItem(f"en/{day}.html", "x", datetime(2026, 11, day, 12, tzinfo=UTC)) for day in (20, 22, 23, 24)]
    data = sitemap.news(SITE, "en", items, now=datetime(2026, 11, 24, 12, tzinfo=UTC)).decode()
    assert re.findall(r"en/(\d+)\.html", data) == ["23", "24"]
