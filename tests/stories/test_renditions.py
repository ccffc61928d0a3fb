"""What readers download: sizes and formats of a clean picture."""

import io

import pytest
from PIL import Image

from hectograph.errors import Problem
from hectograph.stories.photo_files import RenditionFile, make_renditions
from tests.stories.planted_photos import CARRIERS, MARK, picture, saved


def sizes(made: list[RenditionFile], kind: str) -> list[tuple[int, int]]:
    return [(file.width, file.height) for file in made if file.kind == kind and file.format == "jpeg"]


def made_of(size: tuple[int, int], *, focal: tuple[float, float] | None = None) -> list[RenditionFile]:
    return list(make_renditions(saved("JPEG", picture(size)), focal=focal))


@pytest.mark.parametrize(
    ("size", "full", "card"),
    [
        ((1800, 1200), [(480, 320), (960, 640), (1600, 1067)], [(480, 320), (960, 640)]),
        ((1600, 900), [(480, 270), (960, 540), (1600, 900)], [(480, 320), (960, 640)]),
        ((1300, 800), [(480, 295), (960, 591), (1300, 800)], [(480, 320), (960, 640)]),
        ((1000, 800), [(480, 384), (1000, 800)], [(480, 320), (960, 640)]),
        ((600, 900), [(480, 720), (600, 900)], [(480, 320)]),
        ((300, 300), [(300, 300)], [(300, 200)]),
        ((1, 1), [(1, 1)], [(1, 1)]),
        ((20, 9000), [(18, 8100)], [(20, 13)]),
    ],
)
def test_no_rendition_is_larger_than_the_picture(
    size: tuple[int, int], full: list[tuple[int, int]], card: list[tuple[int, int]]
) -> None:
    made = made_of(size)
    assert sizes(made, "full") == full
    assert sizes(made, "card") == card


def test_each_size_comes_in_three_formats_and_is_what_it_says() -> None:
    made = made_of((500, 400))
    assert len(made) == 6
    for file in made:
        again = Image.open(io.BytesIO(file.data))
        assert (again.format or "").lower() == file.format
        assert again.size == (file.width, file.height)
        assert file.extension == {"jpeg": "jpg"}.get(file.format, file.format)


@pytest.mark.parametrize(
    ("size", "focal", "colour"),
    [
        ((1500, 400), (0.05, 0.5), "red"),
        ((1500, 400), (0.5, 0.5), "lime"),
        ((1500, 400), (0.95, 0.5), "blue"),
        ((1500, 400), (0.0, 0.0), "red"),
        ((1500, 400), (9.0, 9.0), "blue"),  # a point outside is brought to the edge
        ((1500, 400), None, "lime"),
        ((400, 1500), (0.5, 0.02), "red"),
        ((400, 1500), (0.5, 0.98), "blue"),
    ],
)
def test_a_card_shows_what_the_focal_point_marks(
    size: tuple[int, int], focal: tuple[float, float] | None, colour: str
) -> None:
    """Three fields of colour, along the longer side."""
    flag = Image.new("RGB", (3, 1) if size[0] > size[1] else (1, 3))
    for place, field in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255))):
        flag.putpixel((place, 0) if size[0] > size[1] else (0, place), field)
    data = saved("PNG", flag.resize(size, Image.Resampling.NEAREST))
    card = next(file for file in make_renditions(data, focal=focal) if file.kind == "card" and file.format == "jpeg")
    seen = Image.open(io.BytesIO(card.data)).getpixel((card.width // 2, card.height // 2))
    assert seen == pytest.approx(Image.new("RGB", (1, 1), colour).getpixel((0, 0)), abs=8)


def test_a_transparent_picture_stands_on_white() -> None:
    data = saved("PNG", Image.new("RGBA", (60, 40), (0, 0, 0, 0)))
    for file in make_renditions(data, focal=None):
        assert Image.open(io.BytesIO(file.data)).convert("RGB").getpixel((5, 5)) == pytest.approx((255,) * 3, abs=2)


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert made_of((700, 500)) == made_of((700, 500))


@pytest.mark.parametrize("name", CARRIERS)
def test_a_rendition_carries_nothing_even_of_a_picture_that_was_not_cleaned(name: str) -> None:
    for file in make_renditions(CARRIERS[name](), focal=None):
        assert MARK not in file.data
        assert not Image.open(io.BytesIO(file.data)).getexif()


@pytest.mark.parametrize("data", [b"", b"<svg/>", saved("JPEG")[:200]])
def test_a_broken_original_is_a_problem_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Problem):
        list(make_renditions(data, focal=None))
