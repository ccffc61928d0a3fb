"""Compressed pictures as they lie inside a PDF, without what is written beside their pixels, which don't change."""

from __future__ import annotations

from collections.abc import Iterator

_SOI, _EOI, _SOS, _COM, _TEM = 0xD8, 0xD9, 0xDA, 0xFE, 0x01
_LONE = {_TEM, _SOI, *range(0xD0, 0xD8)}  # markers without a length
_JP2_KEPT = {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}  # signature, type, header, pixels; the rest is XML, UUIDs, rights
_J2K_SOC, _J2K_COM, _J2K_SOT = b"\xff\x4f", 0x64, 0x90


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG stream without its application segments and comments (ITU-T T.81, annex B).

    Only what says how to read the pixels stays: JFIF's density without its thumbnail, and Adobe's colour transform.
    What follows the end goes. Raises ValueError where there is no JPEG.
    """
    start = data.find(b"\xff\xd8\xff")
    if start < 0:
        raise ValueError("no JPEG")
    return b"\xff\xd8" + b"".join(_bare_segments(data, start + 2)) + b"\xff\xd9"


def _bare_segments(data: bytes, place: int) -> Iterator[bytes]:
    while (marker_at := _marker(data, place)) is not None:
        marker = data[marker_at + 1]
        if marker == _EOI:
            return
        if marker in _LONE:
            place = marker_at + 2
            continue
        end = marker_at + 2 + int.from_bytes(data[marker_at + 2 : marker_at + 4], "big")
        if end < marker_at + 4 or end > len(data):
            raise ValueError("a segment beyond the end")
        yield _bare_segment(marker, data[marker_at:end])
        if marker == _SOS:
            place = _end_of_scan(data, end)
            yield data[end:place]
        else:
            place = end


def _marker(data: bytes, place: int) -> int | None:
    """Where the next marker begins; None where the bytes end first. Fill bytes before it (B.1.1.2) are passed over."""
    place = data.find(b"\xff", place)
    while 0 <= place < len(data) - 1:
        if data[place + 1] not in (0x00, 0xFF):
            return place
        place = data.find(b"\xff", place + 1)
    return None


def _end_of_scan(data: bytes, place: int) -> int:
    """The first marker that is not a restart: stuffed zeros and restarts belong to the pixels."""
    at = _marker(data, place)
    while at is not None and 0xD0 <= data[at + 1] <= 0xD7:
        at = _marker(data, at + 2)
    return len(data) if at is None else at


def _bare_segment(marker: int, segment: bytes) -> bytes:
    if marker == 0xE0:
        if segment[4:9] != b"JFIF\0" or len(segment) < 16:
            return b""
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"
    if marker == 0xEE:
        return b"\xff\xee\x00\x0e" + segment[4:16] if segment[4:9] == b"Adobe" and len(segment) >= 16 else b""
    return b"" if 0xE0 <= marker <= 0xEF or marker == _COM else segment


def bare_jpeg2000(data: bytes) -> bytes:
    """A JPEG 2000 stream, with or without boxes, without XML, UUID and rights boxes and comments
    (ITU-T T.800, annexes A and I). Raises ValueError where there is none."""
    if data.startswith(_J2K_SOC):
        return _bare_codestream(data)
    kept = b"".join(_bare_box(kind, body) for kind, body in _boxes(data) if kind in _JP2_KEPT)
    if b"jp2c" not in kept:
        raise ValueError("no JPEG 2000")
    return kept


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box, one after the other."""
    place = 0
    while place + 8 <= len(data):
        length, kind, header = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8], 8
        if length == 1:
            length, header = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        length = length or len(data) - place
        if length < header or place + length > len(data):
            raise ValueError("a box beyond the end")
        yield kind, data[place + header : place + length]
        place += length


def _bare_box(kind: bytes, body: bytes) -> bytes:
    body = _bare_codestream(body) if kind == b"jp2c" else body
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def _bare_codestream(data: bytes) -> bytes:
    """Comments of the main header go; tiles, and with them all lengths, stay as they are. Nothing follows the end."""
    kept, place = bytearray(data[:2]), 2
    while data[place : place + 1] == b"\xff" and data[place + 1 : place + 2] != bytes([_J2K_SOT]):
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if length < 2 or place + 2 + length > len(data):
            raise ValueError("a segment beyond the end")
        if data[place + 1] != _J2K_COM:
            kept += data[place : place + 2 + length]
        place += 2 + length
    end = data.rfind(b"\xff\xd9")
    return bytes(kept) + (data[place : end + 2] if end >= place else data[place:])
