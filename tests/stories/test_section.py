"""Sections keep clear of what else stands in a language's folder."""

import pytest
from django.core.exceptions import ValidationError

from hectograph.stories.section import Section
from tests.newsroom.cast import Newsroom


@pytest.mark.parametrize("slug", ["search", "topics", "2026", "feed"])
def test_a_section_cannot_take_an_address_of_the_presss_own(newsroom: Newsroom, slug: str) -> None:
    section = Section(locale=newsroom.languages["en"], name="Any", slug=slug)
    with pytest.raises(ValidationError, match="press's own"):
        section.full_clean(exclude=["translation_key"])
