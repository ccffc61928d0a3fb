"""Pixels, and nothing beside them: upright, in sRGB, eight bits a channel; and the bytes that carry them."""

from __future__ import annotations

import io
from typing import Any

from PIL import ExifTags, Image, ImageCms

_TURNS = {  # EXIF 2.32, §4.6.4 A, tag 274: how the stored pixels become upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_OF_SPACE = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}  # an ICC profile's colour space, and the mode it reads

# A library's original is encoded once and kept: near-lossless. Renditions are what readers download.
ORIGINAL: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "progressive": True, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 92, "method": 4},
    "AVIF": {"quality": 80, "speed": 8},
}
RENDITION: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 52, "speed": 7},
    "WEBP": {"quality": 76, "method": 4},
    "JPEG": {"quality": 76, "progressive": True, "optimize": True},
}


def bare(picture: Image.Image) -> Image.Image:
    """The decoded `picture` as RGB, or RGBA where something in it is transparent; nothing else hangs on it.

    May raise anything that a decoder raises on broken bytes.
    """
    picture.load()
    turn = _TURNS.get(_orientation(picture))
    pixels = _opaque_or_bare(_to_srgb(picture))
    pixels = pixels if turn is None else pixels.transpose(turn)
    pixels.info = {}
    return pixels


def encode(pixels: Image.Image, form: str, options: dict[str, dict[str, Any]]) -> bytes:
    """`pixels` as a file of `form` with the options of that form. Equal pixels give equal bytes."""
    out = io.BytesIO()
    (on_white(pixels) if form == "JPEG" else pixels).save(out, form, **options[form])
    return out.getvalue()


def on_white(pixels: Image.Image) -> Image.Image:
    """`pixels` as RGB; what was transparent is white."""
    if pixels.mode == "RGB":
        return pixels
    ground = Image.new("RGB", pixels.size, "white")
    ground.paste(pixels, mask=pixels.getchannel("A"))
    return ground


def _orientation(picture: Image.Image) -> int:
    """1 to 8; 1 where the picture's EXIF can't be read, which is no reason to refuse the picture."""
    try:
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 hostile EXIF raises whatever it likes
        return 1


def _to_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    picture = _eight_bits(picture)
    alpha = picture.convert("RGBA").getchannel("A") if picture.has_transparency_data else None
    if picture.mode == "LAB":
        plain = _through(picture, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    else:
        plain = _by_profile(picture, profile) if profile else picture.convert("RGB")
    if alpha is not None:
        plain.putalpha(alpha)
    return plain


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    """`picture` through its ICC profile; its numbers as they are where the profile is broken or for other colours."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = _OF_SPACE[source.profile.xcolor_space.strip()]
        grey, print_colours = picture.mode in ("1", "L", "LA"), picture.mode == "CMYK"
        if (mode == "CMYK") != print_colours or (mode == "L" and not grey):
            return picture.convert("RGB")
        return _through(picture.convert(mode), source)
    except (ImageCms.PyCMSError, OSError, ValueError, KeyError, TypeError):
        return picture.convert("RGB")


def _through(picture: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return converted if converted is not None else picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Scans of 16 or 32 bits a grey as 8 bits. Pillow's own conversion would cut all above 255 to white."""
    if not picture.mode.startswith("I") and picture.mode != "F":
        return picture
    wide = picture.convert("F")
    brightest = wide.getextrema()[1]
    steps = 65535.0 if picture.mode.startswith("I;16") else _full_scale(float(str(brightest)))
    return wide.point(lambda value: value * (255 / steps) + 0).convert("L")


def _full_scale(brightest: float) -> float:
    for full in (1.0, 255.0, 65535.0):
        if brightest <= full:
            return full
    return brightest


def _opaque_or_bare(picture: Image.Image) -> Image.Image:
    """RGB where nothing is transparent. Otherwise what is wholly transparent is emptied: erased need not be gone, and
    whoever takes the alpha channel away would see it."""
    if picture.mode != "RGBA":
        return picture
    alpha = picture.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return picture.convert("RGB")
    seen = alpha.point(lambda value: 255 if value else 0)
    return Image.composite(picture, Image.new("RGBA", picture.size, (0, 0, 0, 0)), seen)
