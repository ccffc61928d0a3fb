"""Pictures come in clean or not at all. Needles are planted wherever a format can carry them."""

import contextlib
import io
import struct
import zlib
from typing import Any

import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hectograph.errors import Problem
from hectograph.stories.photo_files import PhotoLimits, clean_photo, make_renditions

NEEDLE = b"NEEDLE-52.0907N-serial-4711"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + NEEDLE + b"</x:xmpmeta>"


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    made = Image.new(mode, size)
    made.putdata([tuple((x * 7 + c * 50) % 256 for c in range(len(mode))) for x in range(size[0] * size[1])])
    return made


def exif() -> Image.Exif:
    data = Image.Exif()
    data[0x010F] = data[0xA431] = NEEDLE.decode()  # maker, serial number
    data.get_ifd(0x8825)[1] = NEEDLE.decode()  # GPS
    return data


def saved(form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture().save(out, form, **options)
    return out.getvalue()


def jpeg() -> bytes:
    data = saved("JPEG", exif=exif(), comment=NEEDLE, xmp=XMP)
    photoshop = b"Photoshop 3.0\x008BIM" + NEEDLE
    irb = b"\xff\xed" + struct.pack(">H", len(photoshop) + 2) + photoshop
    return data[:2] + irb + data[2:] + NEEDLE  # and behind the end


def png() -> bytes:
    info = PngInfo()
    info.add_text("Author", NEEDLE.decode())
    info.add_text("Comment", NEEDLE.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved("PNG", pnginfo=info, exif=exif())


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(out, exif=exif().tobytes(), xmp=XMP)
    return out.getvalue()


CARRIERS = {
    "photo.jpg": jpeg,
    "photo.png": png,
    "photo.webp": lambda: saved("WEBP", exif=exif(), xmp=XMP),
    "photo.avif": lambda: saved("AVIF", exif=exif(), xmp=XMP),
    "photo.heic": heic,
    "photo.tiff": lambda: saved("TIFF", exif=exif(), description=NEEDLE.decode(), software=NEEDLE.decode()),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_nothing_but_pixels_survives(name: str) -> None:
    data = CARRIERS[name]()
    assert (
        NEEDLE in data or NEEDLE in zlib.decompress(data[data.find(b"zTXt") :]) if b"zTXt" in data else NEEDLE in data
    )
    clean = clean_photo(data, name)
    assert NEEDLE not in clean.data
    again = Image.open(io.BytesIO(clean.data))
    assert not again.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp", "photoshop"} & set(again.info)


def test_heic_and_tiff_are_converted() -> None:
    assert clean_photo(heic(), "a.heic").format == "JPEG"
    assert clean_photo(saved("TIFF"), "a.tif").extension == "jpg"


def test_a_picture_lying_on_its_side_is_set_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    assert (lambda clean: (clean.width, clean.height))(clean_photo(saved("JPEG", exif=turned), "a.jpg")) == (40, 60)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html>", "a.jpg", "web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "SVG"),
        (b"", "a.png", "empty"),
        (saved("PNG"), "a.jpg", "PNG"),
        (saved("GIF"), "a.gif", "GIF"),
        (saved("JPEG")[:300], "a.jpg", "picture"),
    ],
)
def test_a_file_that_is_no_such_picture_is_refused_with_a_sentence(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Problem, match=words):
        clean_photo(data, name)


def test_two_hundred_megapixels_are_refused_before_they_are_decoded() -> None:
    header = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk + saved("PNG")[33:]
    with pytest.raises(Problem, match="million pixels"):
        clean_photo(bomb, "a.png")


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(Problem, match="larger than"):
        clean_photo(saved("PNG"), "a.png", limits=PhotoLimits(max_bytes=10))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 5), st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_picture_is_taken_or_refused_and_never_more(which: int, place: int, value: int) -> None:
    name = list(CARRIERS)[which]
    data = bytearray(CARRIERS[name]())
    data[place % len(data)] = value
    with contextlib.suppress(Problem):
        assert NEEDLE not in clean_photo(bytes(data), name).data


def test_renditions_are_never_larger_than_the_picture_and_cards_are_three_to_two() -> None:
    out = io.BytesIO()
    picture((1000, 800)).save(out, "JPEG")
    made = list(make_renditions(out.getvalue(), focal=(0.2, 0.9)))
    assert {(file.width, file.height) for file in made if file.kind == "full"} == {(480, 384), (1000, 800)}
    assert {(file.width, file.height) for file in made if file.kind == "card"} == {(480, 320), (960, 640)}
    assert {file.format for file in made} == {"avif", "webp", "jpeg"}
