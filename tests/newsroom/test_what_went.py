"""What a take-down says of what went with the story."""

import pytest

from hectograph.newsroom.editing import views
from hectograph.newsroom.flows.take_down import Gone


@pytest.mark.parametrize(
    ("photos", "names", "said"),
    [
        (0, 1, "Gone, with 1 name that stood nowhere else."),
        (2, 1, "Gone, with 2 photos and 1 name that stood nowhere else."),
        (1, 0, "Gone, with 1 photo that stood nowhere else."),
        (0, 0, "Gone."),
    ],
)
def test_what_went_is_counted_in_plain_words(photos: int, names: int, said: str) -> None:
    assert views._what_went(Gone(photos=photos, bylines=names)) == said
