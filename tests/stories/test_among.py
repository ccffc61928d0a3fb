"""The lookup `among` finds what `in` finds, whatever is asked and on either database."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hectograph.stories.story import Story, StoryByline


@pytest.mark.parametrize("ask", [lambda ids: ids, set, tuple, lambda ids: (pk for pk in ids)])
def test_it_finds_what_in_finds(newsroom: Any, ask: Any) -> None:
    ids = [newsroom.story(f"Story {number}").pk for number in range(5)]
    asked = [*ids[1:4], 10**9, ids[1]]
    there = set(Story.objects.filter(pk__in=asked).values_list("pk", flat=True))
    assert set(Story.objects.filter(pk__among=ask(asked)).values_list("pk", flat=True)) == there == set(ids[1:4])


def test_it_takes_more_numbers_than_a_query_has_parameters(newsroom: Any) -> None:
    story = newsroom.story("One of very many").pk
    assert list(Story.objects.filter(pk__among=range(story + 300_000)).values_list("pk", flat=True)) == [story]


def test_it_goes_by_what_a_row_refers_to(newsroom: Any) -> None:
    story = newsroom.story("Signed")
    signed = StoryByline.objects.filter(page_id__among=[story.pk]).count()
    assert signed == StoryByline.objects.filter(page_id__in=[story.pk]).count()


def test_nothing_is_asked_of_the_database_where_nothing_is_asked_for(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert list(Story.objects.filter(pk__among=[])) == []
    assert len(asked) == 0


def test_what_is_no_number_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Story.objects.filter(pk__among=["1) OR (1=1"])
