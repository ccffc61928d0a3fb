"""Places never renumber: a page with a number keeps its stories for ever."""

from hypothesis import given
from hypothesis import strategies as st

from hectograph.press.records import ListKind
from hectograph.stories import paging
from hectograph.stories.slugs import slug_for


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_numbered_page_never_loses_or_gains_a_place(before: int, more: int) -> None:
    size = paging.size(ListKind.SECTION)
    for page in range(1, paging.numbered_pages(before, size) + 1):
        assert paging.span(page, before, size) == paging.span(page, before + more, size)


@given(st.integers(1, 500))
def test_every_place_stands_on_one_page(count: int) -> None:
    size = paging.size(ListKind.TOPIC)
    for number in range(count):
        start, end = paging.span(paging.page_of(number, count, size), count, size)
        assert start <= number < end


@given(st.integers(1, 500))
def test_a_front_is_never_empty_and_never_longer_than_two_pages(count: int) -> None:
    start, end = paging.span(0, count, 20)
    assert 0 < end - start <= 40


@given(st.text(max_size=300))
def test_any_headline_gives_a_safe_slug(text: str) -> None:
    slug = slug_for(text)
    assert 0 < len(slug) <= 80
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")


def test_cyrillic_headlines_are_spelt_as_news_sites_do() -> None:
    assert slug_for("Счётчики, которые считают воздух") == "schetchiki-kotorye-schitayut-vozdukh"
