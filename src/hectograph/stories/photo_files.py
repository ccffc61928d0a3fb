"""Pictures in, clean pictures out. Only pixels survive: they are decoded, and encoded anew without anything else.

What a camera, a phone or an editing program wrote beside them (place, serial number, names, thumbnails) is never kept,
not even in the original.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from hectograph.errors import Problem

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
_FORMATS = tuple(_ENDINGS)


class BadPhoto(Problem):
    """A file that can't be taken as a picture. Nothing of it is kept."""


@dataclass(frozen=True)
class PhotoLimits:
    """`max_bytes` of the file; `max_pixels`, width times height, looked at before anything is decoded."""

    max_bytes: int = 40 * 1024 * 1024
    max_pixels: int = 60_000_000


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
    """The picture in `data` without anything but its pixels, upright, in sRGB.

    Raises BadPhoto where it is too large, broken, of a kind we don't take, or not what `name` says.
    """
    if len(data) > limits.max_bytes:
        raise BadPhoto(
            f"This file is larger than {limits.max_bytes // 2**20} MB.", "Save the picture smaller and try again."
        )
    with _open(data, limits) as picture:
        form = picture.format or ""
        _check_name(name, form)
        pixels = _pixels(picture)
    kept = form if form in _KEPT else ("PNG" if _has_alpha(pixels) else "JPEG")
    return CleanPhoto(_encode(pixels, kept), _KEPT[kept], pixels.width, pixels.height, kept)


def _open(data: bytes, limits: PhotoLimits) -> Image.Image:
    """The picture's header, read; its pixels not yet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit follows
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, RuntimeError) as error:
        raise BadPhoto(
            "This file is not a picture that can be read.", "Take a JPEG, PNG, WebP, AVIF, HEIC or TIFF file."
        ) from error
    if picture.width * picture.height > limits.max_pixels:
        picture.close()
        raise _too_many_pixels(limits)
    return picture


def _too_many_pixels(limits: PhotoLimits) -> BadPhoto:
    return BadPhoto(
        f"This picture has more than {limits.max_pixels // 1_000_000} million pixels.",
        "Save it smaller (6,000 pixels on the long side are plenty) and try again.",
    )


def _check_name(name: str, form: str) -> None:
    ending = name.rpartition(".")[2].lower()
    if ending not in _ENDINGS.get(form, set()):
        known = "HEIC" if form == "HEIF" else form
        raise BadPhoto(
            f"The name of this file ends in “.{ending[:10]}”, but it is a {known} picture.",
            "Give it the right ending, if you know where it comes from, and try again.",
        )


def _pixels(picture: Image.Image) -> Image.Image:
    """The first frame, decoded, upright, in sRGB, with nothing else on it."""
    try:
        picture.seek(0)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        plain = _to_srgb(upright)
    except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, MemoryError, TypeError, KeyError) as error:
        raise BadPhoto(
            "This picture is damaged: it can't be read to its end.", "Save it anew and try again."
        ) from error
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _to_srgb(picture: Image.Image) -> Image.Image:
    mode = "RGBA" if _has_alpha(picture) else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: take the numbers as they are
            return picture.convert(mode)
    return picture.convert(mode)


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _encode(pixels: Image.Image, form: str, *, quality: int = 90) -> bytes:
    if form == "JPEG" and pixels.mode != "RGB":
        pixels = _on_white(pixels)
    out = io.BytesIO()
    choices: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": quality, "progressive": True, "optimize": True},
        "PNG": {"optimize": False},
        "WEBP": {"quality": quality, "method": 4},
        "AVIF": {"quality": quality - 25, "speed": 8, "max_threads": 2},
    }
    pixels.save(out, form, **choices[form])
    return out.getvalue()


def _on_white(pixels: Image.Image) -> Image.Image:
    ground = Image.new("RGB", pixels.size, "white")
    ground.paste(pixels, mask=pixels.getchannel("A"))
    return ground


def make_renditions(
    data: bytes,
    *,
    focal: tuple[float, float] | None = None,
    widths: tuple[int, ...] = (480, 960, 1600),
    cards: tuple[tuple[int, int], ...] = ((480, 320), (960, 640)),
) -> Iterator[RenditionFile]:
    """The sizes and formats of a clean picture. `focal` is a point in fractions of width and height. None is larger
    than the picture itself."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = _on_white(opened) if opened.mode == "RGBA" else opened.convert("RGB")
    for width in _fitting(picture.width, widths):
        height = max(1, round(picture.height * width / picture.width))
        yield from _formats("full", picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0))
    for size in cards:
        if size == cards[0] or picture.width >= size[0]:
            yield from _formats("card", ImageOps.fit(picture, size, centering=focal or (0.5, 0.5)))


def _fitting(own: int, widths: tuple[int, ...]) -> list[int]:
    return [width for width in widths if width < own] + ([own] if own <= widths[-1] else [widths[-1]])


def _formats(kind: str, picture: Image.Image) -> Iterator[RenditionFile]:
    for form, extension, quality in (("JPEG", "jpg", 78), ("WEBP", "webp", 76), ("AVIF", "avif", 82)):
        data = _encode(picture, form, quality=quality)
        yield RenditionFile(kind, picture.width, picture.height, form.lower(), extension, data)


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG stream without its application segments and comments, its pixels untouched (ITU T.81, annex B).

    APP0 (JFIF) and APP14 (Adobe's colour transform) say how to read the pixels and stay; what follows the end goes.
    """
    kept, place = bytearray(data[:2]), 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == 0xDA:  # the scan begins: all up to the end marker is pixels
            end = data.rfind(b"\xff\xd9")
            kept += data[place : end + 2 if end > place else len(data)]
            break
        telling = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)
        if not telling:
            kept += data[place : place + 2 + length]
        place += 2 + length
    return bytes(kept)
