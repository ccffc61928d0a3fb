"""Pictures come in clean or not at all. Needles are planted wherever a format can carry them."""

import contextlib
import io
import re
import struct
import zlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hectograph.errors import Problem
from hectograph.stories.photo_files import CleanPhoto, PhotoLimits, clean_photo
from tests.stories.planted_photos import (
    CARRIERS,
    MARK,
    chunk,
    exif,
    heic,
    icc,
    picture,
    png,
    saved,
    segment,
    swapped_icc,
    two_in_one,
    xmp,
)


@cache
def planted(name: str) -> bytes:
    return CARRIERS[name]()


@cache
def cleaned(name: str) -> CleanPhoto:
    return clean_photo(planted(name), name)


def opened(clean: CleanPhoto) -> Image.Image:
    return Image.open(io.BytesIO(clean.data))


def jpeg_markers(data: bytes) -> list[int]:
    markers, place = [], 2
    while data[place + 1] != 0xD9:
        markers.append(data[place + 1])
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if markers[-1] == 0xDA:
            place += re.search(rb"\xff[^\x00\xd0-\xd7\xff]", data[place:]).start()  # type: ignore[union-attr]
    assert place + 2 == len(data), "something stands behind the end"
    return markers


def png_chunks(data: bytes) -> list[bytes]:
    kinds, place = [], 8
    while place < len(data):
        kinds.append(data[place + 4 : place + 8])
        place += 12 + int.from_bytes(data[place : place + 4], "big")
    return kinds


def webp_chunks(data: bytes) -> list[bytes]:
    kinds, place = [], 12
    while place < len(data):
        kinds.append(data[place : place + 4])
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return kinds


@pytest.mark.parametrize("name", CARRIERS)
def test_no_needle_survives(name: str) -> None:
    assert planted(name).count(MARK) >= 4, "too little is planted: the test proves nothing"
    assert MARK not in cleaned(name).data


@pytest.mark.parametrize("name", CARRIERS)
def test_nothing_but_pixels_is_read_back(name: str) -> None:
    again = opened(cleaned(name))
    again.load()
    assert not again.getexif()
    assert getattr(again, "n_frames", 1) == 1
    assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp", "photoshop", "text"} & set(again.info)


@pytest.mark.parametrize("name", ["photo.jpg", "phone.jpg", "photo.tiff", "photo.heic"])
def test_a_jpeg_holds_only_tables_and_scans(name: str) -> None:
    allowed = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA}  # JFIF, tables, frame, scans
    assert set(jpeg_markers(cleaned(name).data)) <= allowed


def test_a_png_holds_only_header_pixels_and_end() -> None:
    assert set(png_chunks(cleaned("photo.png").data)) == {b"IHDR", b"IDAT", b"IEND"}


def test_a_webp_holds_only_pixels() -> None:
    assert set(webp_chunks(cleaned("photo.webp").data)) <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}


def test_an_avif_holds_no_other_item() -> None:
    data = cleaned("photo.avif").data
    assert not [kind for kind in (b"Exif", b"mime", b"prof", b"uuid", b"free") if kind in data]


def test_text_packed_in_a_png_was_there_and_is_gone() -> None:
    packed = planted("photo.png").split(b"zTXtComment\0\0")[1]
    assert zlib.decompressobj().decompress(packed).startswith(MARK)
    assert b"zTXt" not in cleaned("photo.png").data


@pytest.mark.parametrize(
    ("name", "form", "extension"),
    [
        ("photo.jpg", "JPEG", "jpg"),
        ("phone.jpg", "JPEG", "jpg"),
        ("photo.png", "PNG", "png"),
        ("photo.webp", "WEBP", "webp"),
        ("photo.avif", "AVIF", "avif"),
        ("photo.heic", "JPEG", "jpg"),
        ("photo.tiff", "JPEG", "jpg"),
    ],
)
def test_what_browsers_show_keeps_its_format_and_the_rest_is_converted(name: str, form: str, extension: str) -> None:
    clean = cleaned(name)
    assert (clean.format, clean.extension, opened(clean).format) == (form, extension, form)


@pytest.mark.parametrize("data", [saved("TIFF", picture(mode="RGBA")), heic(picture(mode="RGBA"))])
def test_a_converted_picture_that_is_transparent_becomes_a_png(data: bytes) -> None:
    assert clean_photo(data, "a.tif" if data[:2] in (b"II", b"MM") else "a.heic").format == "PNG"


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert clean_photo(planted("photo.avif"), "a.avif") == cleaned("photo.avif")


# --- what is seen ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("TIFF", "a.tif"), ("AVIF", "a.avif")]
)
def test_a_picture_is_set_upright(form: str, name: str, orientation: int) -> None:
    """Stored the other way round and marked, it comes out as it was seen."""
    seen = picture((64, 48))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that the mark takes back
    stored = seen.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else seen
    tags = Image.Exif()
    tags[0x0112] = orientation
    clean = clean_photo(saved(form, stored, exif=tags), name)
    assert (clean.width, clean.height) == (64, 48)
    result = opened(clean).convert("RGB")
    for spot in ((4, 4), (59, 4), (4, 43), (59, 43)):
        assert result.getpixel(spot) == pytest.approx(seen.getpixel(spot), abs=24)


def test_a_heic_lying_on_its_side_is_set_upright_once() -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    out = io.BytesIO()
    picture((64, 48)).save(out, "HEIF", exif=tags.tobytes())
    clean = clean_photo(out.getvalue(), "a.heic")
    assert (clean.width, clean.height) == (48, 64)


def test_broken_exif_is_no_reason_to_refuse_a_picture() -> None:
    data = saved("JPEG")
    broken = data[:2] + segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f") + data[2:]
    assert clean_photo(broken, "a.jpg").width == 64


def test_colours_are_converted_before_their_profile_goes() -> None:
    red = saved("PNG", Image.new("RGB", (8, 8), (255, 0, 0)), icc_profile=swapped_icc())
    pixel = opened(clean_photo(red, "a.png")).getpixel((4, 4))
    assert pixel == pytest.approx((0, 255, 0), abs=12)


@pytest.mark.parametrize("profile", [b"no profile", icc()[:200], swapped_icc()])
@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_a_broken_profile_or_one_for_other_colours_is_passed_over(mode: str, profile: bytes) -> None:
    assert clean_photo(saved("TIFF", Image.new(mode, (8, 8)), icc_profile=profile), "a.tif").format == "JPEG"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "LAB", "YCbCr"])
def test_every_kind_of_pixels_is_taken(mode: str) -> None:
    form = "TIFF" if mode in ("CMYK", "F", "LAB", "YCbCr", "I") else "PNG"
    made = Image.new(mode, (8, 8))
    assert clean_photo(saved(form, made), "a.tif" if form == "TIFF" else "a.png").width == 8


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_a_scan_of_sixteen_bits_keeps_its_greys(form: str) -> None:
    made = Image.new("I;16", (4, 1))
    for place, value in enumerate((0, 16384, 32768, 65535)):
        made.putpixel((place, 0), value)
    big = made.resize((64, 16), Image.Resampling.NEAREST)
    result = opened(clean_photo(saved(form, big), f"a.{form.lower()}")).convert("L")
    assert [result.getpixel((x, 8)) for x in (8, 24, 40, 56)] == pytest.approx([0, 64, 128, 255], abs=6)


def test_what_was_erased_to_transparency_is_not_kept_underneath() -> None:
    made = Image.new("RGBA", (8, 8), (200, 30, 40, 0))
    made.putpixel((0, 0), (1, 2, 3, 255))
    result = opened(clean_photo(saved("PNG", made), "a.png"))
    assert result.getpixel((4, 4)) == (0, 0, 0, 0)
    assert result.getpixel((0, 0)) == (1, 2, 3, 255)


@pytest.mark.parametrize(
    ("form", "name"), [("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif"), ("TIFF", "a.tif")]
)
def test_a_moving_picture_keeps_its_first_frame_alone(form: str, name: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    clean = clean_photo(saved(form, frames[0], save_all=True, append_images=frames[1:]), name)
    assert getattr(opened(clean), "n_frames", 1) == 1
    assert opened(clean).convert("RGB").getpixel((8, 8)) == pytest.approx((255, 0, 0), abs=6)


def test_the_second_picture_of_a_phone_goes() -> None:
    assert two_in_one().count(b"\xff\xd8\xff") > 1
    assert cleaned("phone.jpg").data.count(b"\xff\xd8\xff") == 1


# --- what is refused ------------------------------------------------------------------------------------------------

SVG = b"<?xml version='1.0'?>\n<!-- a --><svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.png", "empty"),
        (b"<!doctype html><script>1</script>", "a.jpg", "web page"),
        (SVG, "a.svg", "SVG"),
        (b"\xef\xbb\xbf" + SVG, "a.jpg", "SVG"),
        (saved("GIF"), "a.gif", "GIF"),
        (saved("GIF"), "a.jpg", "GIF"),
        (saved("BMP"), "a.bmp", "BMP"),
        (b"PK\x03\x04" + bytes(60), "a.jpg", "ZIP"),
        (b"%PDF-1.7 ", "a.jpg", "PDF"),
        (b"\0\0\0\x18ftypmp42" + bytes(60), "a.heic", "film"),
        (b"8BPS\0\1" + bytes(60), "a.tif", "Photoshop"),
        (b"\xff\xd8\xff", "a.jpg", "not a picture"),
        (b"plain words", "a.png", "not a picture"),
        (saved("PNG"), "a.jpg", "PNG"),
        (saved("JPEG"), "a.png", "JPEG"),
        (saved("WEBP"), "a.jpg", "WebP"),
        (heic(), "a.jpg", "HEIC"),
        (saved("JPEG"), "a.html", "JPEG"),
        (saved("TIFF"), "a.dng", "TIFF"),
    ],
)
def test_a_file_that_is_no_such_picture_is_refused_with_a_sentence(data: bytes, name: str, words: str) -> None:
    with pytest.raises(Problem, match=words) as refused:
        clean_photo(data, name)
    assert refused.value.remedy


@pytest.mark.parametrize("name", ["photo", "PHOTO.JPG", "my.cat.Jpeg", "кот.jpg"])
def test_a_name_that_does_not_contradict_is_taken(name: str) -> None:
    assert clean_photo(saved("JPEG"), name).format == "JPEG"


def test_the_message_does_not_repeat_what_a_hostile_name_says() -> None:
    with pytest.raises(Problem) as refused:
        clean_photo(saved("JPEG"), "a.<script>alert(1)</script>")
    assert "<" not in str(refused.value)


def big_png() -> bytes:
    small = saved("PNG")
    return small[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0)) + small[33:]


def big_jpeg() -> bytes:
    data = saved("JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", 10_000, 20_000) + data[at + 4 :]


def big_webp() -> bytes:
    data = saved("WEBP", exif=exif(), xmp=xmp())
    return data[:24] + (16_000).to_bytes(3, "little") + (12_500).to_bytes(3, "little") + data[30:]


def big_tiff() -> bytes:
    data = bytearray(saved("TIFF"))
    start = int.from_bytes(data[4:8], "little")
    for entry in range(start + 2, start + 26, 12):
        tag = int.from_bytes(data[entry : entry + 2], "little")
        if tag in (256, 257):
            data[entry + 2 : entry + 12] = struct.pack("<HII", 4, 1, 20_000 if tag == 256 else 10_000)
    return bytes(data)


def big_boxes(data: bytes) -> bytes:
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", 20_000, 10_000) + data[at + 8 :]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (big_png(), "a.png"),
        (big_jpeg(), "a.jpg"),
        (big_webp(), "a.webp"),
        (big_tiff(), "a.tif"),
        (big_boxes(saved("AVIF")), "a.avif"),
        (big_boxes(heic()), "a.heic"),
    ],
)
def test_two_hundred_megapixels_are_refused_before_they_are_decoded(
    data: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("decoded"))
    with pytest.raises(Problem, match="60 million pixels"):
        clean_photo(data, name)


def test_a_picture_a_little_over_the_limit_is_refused_and_one_at_it_is_taken() -> None:
    limits = PhotoLimits(max_pixels=64 * 48)
    assert clean_photo(saved("PNG"), "a.png", limits=limits).width == 64
    with pytest.raises(Problem, match="million pixels"):
        clean_photo(saved("PNG", picture((64, 49))), "a.png", limits=limits)


def test_a_picture_too_long_for_any_screen_is_refused() -> None:
    with pytest.raises(Problem, match="30,000 pixels"):
        clean_photo(saved("PNG", Image.new("L", (30_001, 2))), "a.png")


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(Problem, match="larger than 40 MB"):
        clean_photo(bytes(40 * 1024 * 1024 + 1), "a.png")


def test_text_that_unpacks_to_far_too_much_is_refused() -> None:
    data = png()
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))
    with pytest.raises(Problem):
        clean_photo(data[:33] + bomb + data[33:], "a.png")


@pytest.mark.parametrize("name", [name for name in CARRIERS if name != "phone.jpg"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_picture_that_was_cut_off_is_refused(name: str, share: float) -> None:
    form = {"jpg": "JPEG", "heic": "HEIF", "tiff": "TIFF"}.get(name.split(".")[1], name.split(".")[1].upper())
    data = saved(form, picture((256, 192)))
    with pytest.raises(Problem):
        clean_photo(data[: int(len(data) * share)], name)


def test_a_png_without_its_end_is_refused() -> None:
    with pytest.raises(Problem, match="damaged"):
        clean_photo(saved("PNG")[:-12], "a.png")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_picture_is_taken_or_refused_and_never_more(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(CARRIERS)))
    damaged = bytearray(planted(name))
    reach = data.draw(st.sampled_from([64, 512, len(damaged)]))  # headers are where readers stumble
    for _ in range(data.draw(st.integers(0, 6))):
        damaged[data.draw(st.integers(0, min(reach, len(damaged)) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(damaged))) if data.draw(st.booleans()) else len(damaged)
    with contextlib.suppress(Problem):
        assert MARK not in clean_photo(bytes(damaged[:end]), name).data


@given(
    st.binary(max_size=200),
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"II*\0", b""]),
)
def test_any_bytes_behind_a_good_beginning_are_refused(data: bytes, start: bytes) -> None:
    with pytest.raises(Problem):
        clean_photo(start + data, "a")
