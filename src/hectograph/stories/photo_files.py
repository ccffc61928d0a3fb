"""Pictures in, clean pictures out. Only pixels survive: they are decoded, and encoded anew without anything else.

What a camera, a phone or an editing program wrote beside them (place, serial number, names, thumbnails) is never kept,
not even in the original.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import pillow_heif
from PIL import Image

from hectograph.errors import Problem
from hectograph.stories.photo_pixels import ORIGINAL, RENDITION, bare, encode, on_white

pillow_heif.register_heif_opener(thumbnails=False)

# What a name may end in, for each format that the content may be.
_ENDINGS = {
    "JPEG": {"jpg", "jpeg", "jpe", "jfif"},
    "MPO": {"jpg", "jpeg", "mpo"},  # two JPEGs in one file, as some phones make
    "PNG": {"png"},
    "WEBP": {"webp"},
    "AVIF": {"avif"},
    "HEIF": {"heic", "heif", "hif"},
    "TIFF": {"tif", "tiff"},
}
_KEPT = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}  # others are converted
_FORMATS = tuple(form for form in _ENDINGS if form != "MPO")  # which the JPEG reader opens
_OTHERS = (  # how files begin that people take for pictures, and what they are
    (rb"GIF8[79]a", "a GIF"),
    (rb"(?:PK\x03\x04|PK\x05\x06)", "a ZIP archive or an office document"),
    (rb"%PDF-", "a PDF"),
    (rb"BM.{4}\0\0\0\0", "a BMP picture"),
    (rb"8BPS", "a Photoshop document"),
    (rb"(?:\xff\x0a|\0\0\0\x0cJXL )", "a JPEG XL picture"),
    (rb"....ftyp(?:mp4|isom|qt |M4V|3gp)", "a film"),
    (rb"(?s)(?:\xef\xbb\xbf)?\s*<.{0,2000}?<?svg\b", "an SVG drawing"),
    (rb"(?:\xef\xbb\xbf)?\s*<", "a web page or another text"),
)
_PNG_END = b"IEND\xaeB`\x82"
_TALLEST = 8_192  # pixels; a rendition higher than that is no help to a phone, and WebP ends at 16,383
_NEARLY = 1.15  # a width this close below the picture's own is left out


class BadPhoto(Problem):
    """A file that can't be taken as a picture. Nothing of it is kept."""


@dataclass(frozen=True)
class PhotoLimits:
    """`max_bytes` of the file; `max_pixels`, width times height, and `max_side`, the longer of them. Both are looked at
    before anything is decoded."""

    max_bytes: int = 40 * 1024 * 1024
    max_pixels: int = 60_000_000
    max_side: int = 30_000


@dataclass(frozen=True)
class CleanPhoto:
    """`data` holds pixels and no more; `format` is JPEG, PNG, WEBP or AVIF."""

    data: bytes
    extension: str
    width: int
    height: int
    format: str


@dataclass(frozen=True)
class RenditionFile:
    """One size and format of a photo; `kind` is full (its own shape) or card (3:2 around the focal point)."""

    kind: str
    width: int
    height: int
    format: str  # avif, webp or jpeg
    extension: str
    data: bytes


def clean_photo(data: bytes, name: str, *, limits: PhotoLimits = PhotoLimits()) -> CleanPhoto:
    """The picture in `data` without anything but its pixels, upright, in sRGB, its first frame alone.

    The content says what it is; `name` must not say otherwise. HEIC and TIFF become JPEG, or PNG where something is
    transparent. Raises BadPhoto where it is too large, broken, of a kind we don't take, or not what `name` says.
    """
    with _open(data, limits) as picture:
        form = picture.format or ""
        _check_name(name, form)
        pixels = _decode(picture)
        kept = form if form in _KEPT else ("PNG" if pixels.mode == "RGBA" else "JPEG")
    return CleanPhoto(_encode(pixels, kept), _KEPT[kept], pixels.width, pixels.height, kept)


def make_renditions(
    data: bytes,
    *,
    focal: tuple[float, float] | None,
    widths: tuple[int, ...] = (480, 960, 1600),
    card: tuple[int, int] = (480, 320),
) -> Iterator[RenditionFile]:
    """The sizes and formats of a clean picture, smallest first, each as AVIF, WebP and JPEG; none is larger than the
    picture. Cards have the shape of `card`, at that size and twice that size.

    `focal` is a point in fractions of width and height from the upper left; a card has it as near its middle as the
    edges let it. Raises BadPhoto where `data` is no whole picture.
    """
    with _open(data, PhotoLimits()) as opened:
        picture = on_white(_decode(opened))
    for width in _widths(picture, widths):
        height = max(1, round(picture.height * width / picture.width))
        yield from _formats("full", picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0))
    box = _card_box(picture.size, card[0] / card[1], focal or (0.5, 0.5))
    for size in _card_sizes(box, card):
        yield from _formats("card", picture.resize(size, Image.Resampling.LANCZOS, box, reducing_gap=3.0))


def _open(data: bytes, limits: PhotoLimits) -> Image.Image:
    """The picture's header, read and found within the limits; its pixels not yet."""
    if not data:
        raise BadPhoto("This file is empty.", "Look at it on your computer, and send it again.")
    if len(data) > limits.max_bytes:
        raise BadPhoto(
            f"This file is larger than {limits.max_bytes / 2**20:.3g} MB.", "Save the picture smaller and try again."
        )
    _check_size(_declared_sizes(data), limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which goes anyway, and of sizes: our own limit follows
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    except Exception as error:  # readers of hostile bytes raise whatever they like
        raise _not_read(data) from error
    _check_size([picture.size], limits)
    if picture.format == "PNG" and _PNG_END not in data:  # Pillow is content once it has all rows
        raise _damaged()
    return picture


def _declared_sizes(data: bytes) -> list[tuple[int, int]]:
    """What a WebP canvas (RFC 9649, §2.7.1) or HEIF and AVIF items (ISO 23008-12, `ispe`) say of their size: their
    readers reserve memory for it before we could ask them."""
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X":
        return [(1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little"))]
    if data[4:8] != b"ftyp":
        return []
    found = re.findall(rb"(?s)\0\0\0\x14ispe\0{4}(.{4})(.{4})", data[:1_000_000])
    return [(int.from_bytes(width, "big"), int.from_bytes(height, "big")) for width, height in found]


def _check_size(sizes: list[tuple[int, int]], limits: PhotoLimits) -> None:
    for width, height in sizes:
        if width * height > limits.max_pixels:
            raise _too_many_pixels(limits)
        if max(width, height) > limits.max_side:
            raise BadPhoto(
                f"This picture is more than {limits.max_side:,} pixels long.", "Save it smaller and try again."
            )


def _too_many_pixels(limits: PhotoLimits) -> BadPhoto:
    return BadPhoto(
        f"This picture has more than {limits.max_pixels / 1_000_000:g} million pixels.",
        "Save it smaller (6,000 pixels on the long side are plenty) and try again.",
    )


def _not_read(data: bytes) -> BadPhoto:
    remedy = "Take a JPEG, PNG, WebP, AVIF, HEIC or TIFF file."
    for start, what in _OTHERS:
        if re.match(start, data[:4096]):
            return BadPhoto(f"This file is {what}, whatever its name says; it is not a picture that we take.", remedy)
    return BadPhoto("This file is not a picture that can be read, or it is damaged.", remedy)


def _check_name(name: str, form: str) -> None:
    _stem, dot, ending = name.rpartition(".")
    if dot and ending.lower() not in _ENDINGS.get(form, set()):
        known = {"HEIF": "HEIC", "MPO": "JPEG", "WEBP": "WebP"}.get(form, form)
        said = f"“.{ending}”" if re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) else "something else"
        raise BadPhoto(
            f"The name of this file ends in {said}, but it is a {known} picture.",
            "Give it the right ending, if you know where it comes from, and try again.",
        )


def _decode(picture: Image.Image) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bare(picture)
    except Exception as error:  # decoders of hostile bytes raise whatever they like
        raise _damaged() from error


def _damaged() -> BadPhoto:
    return BadPhoto("This picture is damaged: it can't be read to its end.", "Save it anew and try again.")


def _encode(pixels: Image.Image, form: str) -> bytes:
    try:
        return encode(pixels, form, ORIGINAL)
    except (OSError, ValueError, RuntimeError) as error:
        raise BadPhoto("This picture can't be saved in its shape.", "Save it smaller and try again.") from error


def _widths(picture: Image.Image, widths: tuple[int, ...]) -> list[int]:
    most = max(1, min(picture.width, max(widths), picture.width * _TALLEST // picture.height))
    return [width for width in sorted(widths) if width * _NEARLY < most] + [most]


def _card_box(size: tuple[int, int], shape: float, focal: tuple[float, float]) -> tuple[int, int, int, int]:
    """The largest box of that shape (width / height) in a picture, its middle as near `focal` as can be."""
    width, height = min(size[0], max(1, round(size[1] * shape))), min(size[1], max(1, round(size[0] / shape)))
    left = min(max(round(focal[0] * size[0] - width / 2), 0), size[0] - width)
    top = min(max(round(focal[1] * size[1] - height / 2), 0), size[1] - height)
    return left, top, left + width, top + height


def _card_sizes(box: tuple[int, int, int, int], card: tuple[int, int]) -> list[tuple[int, int]]:
    own = box[2] - box[0], box[3] - box[1]
    fitting = [(card[0] * n, card[1] * n) for n in (1, 2) if card[0] * n <= own[0] and card[1] * n <= own[1]]
    return fitting or [own]


def _formats(kind: str, picture: Image.Image) -> Iterator[RenditionFile]:
    for form, extension in (("AVIF", "avif"), ("WEBP", "webp"), ("JPEG", "jpg")):
        data = encode(picture, form, RENDITION)
        yield RenditionFile(kind, picture.width, picture.height, form.lower(), extension, data)
