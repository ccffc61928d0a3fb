"""Whatever is typed as a headline or an address: a safe path of its own, or a clear refusal."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hectograph.stories.plain import PlainPage
from hectograph.stories.slugs import slug_for
from hectograph.stories.story import Story
from tests.newsroom.cast import Newsroom
from tests.newsroom.test_publish import work

SAFE = re.compile(r"[a-z0-9][a-z0-9_-]{0,119}")
NASTY = [
    "..",
    "../../etc",
    "a/b",
    "a\\b",
    "a\0b",
    "Ж" * 300,
    "🗞",
    "!?…",
    "\u202eabc",
    "A" * 300,
    "-",
    "con",
    "%2e%2e",
    " ",
]
any_words = st.one_of(st.sampled_from(NASTY), st.text(max_size=300))


@given(any_words)
def test_any_headline_gives_a_safe_address(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_for(text))
    assert len(slug_for(text)) <= 80


@pytest.mark.parametrize("kind", [Story, PlainPage])
def test_an_address_that_an_editor_types_is_safe_or_refused_by_the_form(db: None, kind: Any) -> None:
    field = kind.get_edit_handler().get_form_class().base_fields["slug"]

    def refused(text: str) -> str:
        """What the editor is told; empty where the address is taken."""
        try:
            slug = field.clean(text)
            kind(title="A title", slug=slug).clean()
        except ValidationError as error:
            return " ".join(error.messages)
        return "" if SAFE.fullmatch(slug) else f"{slug!r} was taken"

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @example("a" * 250)
    @given(any_words)
    def typed(text: str) -> None:
        assert "was taken" not in refused(text)

    typed()
    assert refused("a" * 250)
    assert not refused("a-good-address")


def test_two_headlines_that_spell_alike_get_addresses_of_their_own(newsroom: Newsroom) -> None:
    slugs = [newsroom.story(headline).slug for headline in ("Мир", "Mir", "мир!", "🗞", "…")]
    assert len(set(slugs)) == 5


def test_the_longest_address_that_is_taken_can_be_published(newsroom: Newsroom, site_root: Any) -> None:
    newsroom.story("Long", slug="a" * 120)
    work()
    assert list(site_root.rglob("a" * 120 + ".html.br"))
