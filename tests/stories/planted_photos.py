"""Pictures of every format that we take, with a needle of its own in each place that can carry one."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pillow_heif
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

MARK = b"ndl-"  # every needle begins so


def needle(place: str) -> bytes:
    return MARK + place.encode() + b"-4711"


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """A slope from dark to bright in every channel, so that turning or cutting it shows."""
    slope = Image.linear_gradient("L")
    bands = [slope, slope.rotate(90), slope.rotate(180), slope.rotate(270)]
    return Image.merge(mode, [bands[number].resize(size) for number in range(len(mode))])


def saved(form: str, made: Image.Image | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    (made or picture()).save(out, form, **options)
    return out.getvalue()


def exif() -> bytes:
    """Maker, owner, place, serial number, maker's note, and a thumbnail behind it all."""
    tags = Image.Exif()
    tags[0x010F], tags[0x013B], tags[0x9C9B] = needle("make").decode(), needle("artist").decode(), needle("xp_title")
    inner = tags.get_ifd(0x8769)
    inner[0xA431], inner[0x927C], inner[0x9286] = (
        needle("serial").decode(),
        needle("maker_note"),
        needle("user_comment"),
    )
    tags.get_ifd(0x8825)[0x1D] = needle("gps").decode()
    return tags.tobytes() + saved("JPEG", picture((16, 12)), comment=needle("thumbnail"))


def xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>' + needle("xmp") + b"</a></x:xmpmeta>"


def icc() -> bytes:
    """sRGB, with a needle behind its last tag."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + needle("icc")
    return struct.pack(">I", len(profile)) + profile[4:]


def swapped_icc() -> bytes:
    """sRGB with red and green changed for one another."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"****", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"****", b"gXYZ", 1)


def iptc() -> bytes:
    body = b"\x1c\x02\x50" + struct.pack(">H", len(needle("iptc"))) + needle("iptc")
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg() -> bytes:
    data = saved("JPEG", exif=exif(), comment=needle("com"), xmp=xmp(), icc_profile=icc())
    more = segment(0xED, iptc()) + segment(0xE0, b"JFXX\0\x13" + needle("jfxx")) + segment(0xEB, needle("app11"))
    more += segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + needle("extended_xmp"))
    return data[:2] + more + data[2:] + needle("behind_the_end")


def two_in_one() -> bytes:
    """As phones make it: a second picture behind the first."""
    second = picture((32, 24))
    second.info["comment"] = needle("second_frame")
    return saved("MPO", save_all=True, append_images=[second], exif=exif()) + needle("behind_the_end")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png() -> bytes:
    info = PngInfo()
    info.add_text("Author", needle("text").decode())
    info.add_itxt("XML:com.adobe.xmp", xmp().decode())
    data = saved("PNG", pnginfo=info, exif=exif(), icc_profile=icc(), dpi=(300, 300))
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(needle("packed_text")))
    more = packed + chunk(b"tIME", struct.pack(">HBBBBB", 2026, 11, 24, 9, 8, 7)) + chunk(b"prVt", needle("private"))
    return data[:33] + more + data[33:] + needle("behind_the_end")


def riff(data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    body = data[8:] + b"".join(
        kind + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for kind, part in more
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp() -> bytes:
    data = saved("WEBP", exif=exif(), xmp=xmp(), icc_profile=icc())
    return riff(data, (b"ABCD", needle("unknown_chunk"))) + needle("behind_the_end")


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def avif() -> bytes:
    data = saved("AVIF", exif=exif(), xmp=xmp(), icc_profile=icc())
    return data + box(b"free", needle("free_box")) + box(b"uuid", bytes(16) + needle("uuid_box"))


def heic(made: Image.Image | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(made or picture()).save(out, **options)
    return out.getvalue()


def planted_heic() -> bytes:
    tagged = picture()
    tagged.info["icc_profile"] = icc()
    return heic(tagged, exif=exif(), xmp=xmp()) + box(b"free", needle("free_box"))


def tiff() -> bytes:
    tags = ImageFileDirectory_v2()
    words = {270: "description", 305: "software", 315: "artist", 316: "host", 33432: "copyright", 42033: "serial"}
    for tag, place in words.items():
        tags[tag] = needle(place).decode()
    for tag, body in {700: xmp(), 33723: iptc(), 34377: iptc(), 50341: needle("private")}.items():
        tags[tag], tags.tagtype[tag] = body, 7
    second = picture((32, 24))
    return saved("TIFF", tiffinfo=tags, icc_profile=icc(), save_all=True, append_images=[second]) + needle("end")


CARRIERS: dict[str, Callable[[], bytes]] = {
    "photo.jpg": jpeg,
    "phone.jpg": two_in_one,
    "photo.png": png,
    "photo.webp": webp,
    "photo.avif": avif,
    "photo.heic": planted_heic,
    "photo.tiff": tiff,
}
