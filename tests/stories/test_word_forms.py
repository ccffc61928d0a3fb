"""The admin's search finds words in other forms than the one that was typed."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hectograph.newsroom.access import accounts
from hectograph.stories.word_forms import beginnings
from tests.newsroom.cast import Newsroom


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [("счётчиков", "счётчик"), ("Мостом", "мост"), ("happy", "happ"), ("water meters", "water meter"), ("мир", "мир")],
)
def test_a_word_is_looked_for_as_far_as_its_forms_begin_alike(typed: str, looked_for: str) -> None:
    assert beginnings(typed) == looked_for


def test_words_of_requests_side_by_side_are_not_mixed_up() -> None:
    words = ["счётчиков", "мостом", "happy", "meters"] * 300
    alone, before = [beginnings(word) for word in words], sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(beginnings, words)) == alone
    finally:
        sys.setswitchinterval(before)


@given(st.text(alphabet="абвгдеёжстиойыьъя-' happysnd", max_size=30))
def test_what_is_looked_for_begins_what_was_typed(typed: str) -> None:
    words, found = (re.findall(r"\w+", text.lower()) for text in (typed, beginnings(typed)))
    assert all(word.startswith(start) for word, start in zip(words, found, strict=True))


@pytest.mark.parametrize("typed", ["счётчиков", "СЧЁТЧИКАМИ", "вод"])
def test_the_list_of_stories_finds_a_russian_word_in_any_form(newsroom: Newsroom, client: Client, typed: str) -> None:
    client.force_login(accounts.create_staff("rep", "a-long-enough-password", role="reporter"))
    newsroom.story("Счётчики воды", language="ru")
    newsroom.story("Другое", language="ru")
    shown = client.get("/admin/stories/", {"q": typed}).content.decode()
    assert ("Счётчики воды" in shown, "Другое" in shown) == (True, False)
