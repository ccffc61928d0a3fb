"""Before something is deleted the admin says what uses it."""

import pytest
from django.test import Client

from hectograph.stories.section import Section
from tests.newsroom.cast import Newsroom


@pytest.mark.parametrize("kind", ["topic", "byline"])
def test_what_is_used_names_its_stories_before_it_goes(newsroom: Newsroom, publisher: Client, kind: str) -> None:
    story = newsroom.story("The long night", topics=newsroom.topics["en"][:1], bylines=newsroom.bylines[:1])
    row = newsroom.topics["en"][0] if kind == "topic" else newsroom.bylines[0]
    shown = publisher.get(f"/admin/snippets/stories/{kind}/delete/{row.pk}/").content.decode()
    assert f'<a href="/admin/pages/{story.pk}/edit/">The long night' in shown
    assert "1 place</a>, which goes on without it" in shown
    assert ("<em>Retire</em>" in shown) == (kind == "byline")


def test_a_section_with_stories_is_refused_and_says_which(newsroom: Newsroom, publisher: Client) -> None:
    story, section = newsroom.story("The long night", publish=False), newsroom.sections["en"][0]
    way = f"/admin/snippets/stories/section/delete/{section.pk}/"
    shown = publisher.get(way).content.decode()
    assert "be deleted while it is" in shown
    assert f'<a href="/admin/pages/{story.pk}/edit/">The long night' in shown
    publisher.post(way)
    assert Section.objects.filter(pk=section.pk).exists()


def test_what_is_used_nowhere_says_so(newsroom: Newsroom, publisher: Client) -> None:
    topic = newsroom.topics["en"][1]
    assert "used nowhere" in publisher.get(f"/admin/snippets/stories/topic/delete/{topic.pk}/").content.decode()
