"""Takes out of a PDF all that is not on its pages: who made it, when, with what, and what it can do by itself.

Where the standard (ISO 32000-2) names what an object may hold, only what readers need of that stays; elsewhere what
tells of people is taken away. The document's text, its outline, its tags for screen readers, the names of its layers
and what is filled in in its forms stay.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from hectograph.stories import pdf_keys as keys
from hectograph.stories.pdf_pictures import bare_jpeg, bare_jpeg2000

_BARE: dict[str, Callable[[bytes], bytes]] = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpeg2000}
_DEVICE = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
MAX_STREAM = 256 * 1024 * 1024  # bytes; a page scanned at 600 dots an inch is 100 MB
_CHUNK = 1 << 20


class TooMuch(ValueError):
    """The document's streams unpack to more than was allowed."""


class Unapplied(ValueError):
    """Marks for redaction stand in the document, and what they were to cover as well."""


def scrub(document: pikepdf.Pdf, *, most: int) -> None:
    """Clean `document` in place. `most`: to how many bytes its streams may unpack in all.

    Raises TooMuch, Unapplied, or what pikepdf raises on a broken document.
    """
    _keep(document.trailer, keys.TRAILER)
    root = document.Root
    _keep(root, keys.CATALOG)
    for key, kept in keys.UNDER_CATALOG.items():
        if isinstance(part := root.get(key), Dictionary):
            _keep(part, kept)
    document.remove_unreferenced_resources()
    for page in document.pages:
        _keep(page.obj, keys.PAGE)
        _without_comments(document, page)
        _drop_annotations(page.obj)
    left = most
    for item, key in _everything(root):
        left -= _scrub_one(document, item, key)
        if left < 0:
            raise TooMuch


def _drop_annotations(page: Any) -> None:
    kept = keys.ANNOTATIONS_KEPT | {"/Widget", "/Redact"}
    if "/Annots" in page:
        notes = [note for note in _listed(page.Annots) if isinstance(note, Dictionary)]
        page.Annots = Array([note for note in notes if _kind(note) in kept])


def _everything(root: Any) -> Iterator[tuple[Any, str]]:
    """Every dictionary, stream and array below `root` with the key it was found under, the outer before the inner, so
    that what a caller deletes is not visited."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, str]] = [(root, "/Root")]
    while waiting:
        item, key = waiting.pop()
        if item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        yield item, key
        waiting.extend(_inside(item, key))


def _inside(item: Any, key: str) -> Iterator[tuple[Any, str]]:
    for name, value in list(enumerate(item) if isinstance(item, Array) else item.items()):
        if isinstance(value, Dictionary | Stream | Array):
            yield value, key if isinstance(item, Array) else f"{key}{name}" if key == "/AP" else str(name)


def _scrub_one(document: pikepdf.Pdf, item: Any, key: str) -> int:
    """How many bytes the object unpacks to, after it was cleaned."""
    if key in keys.RESOURCES_AT and isinstance(item, Dictionary):
        _keep(item, keys.RESOURCES)
    if not isinstance(item, Array) and key not in keys.NAMED_BY_AUTHOR:
        _scrub_keys(item)
    _plain_colours(item)
    return _scrub_stream(document, item) if isinstance(item, Stream) else 0


def _scrub_keys(item: Any) -> None:
    for key in list(item.keys()):
        if key in keys.TELLING or set("._:") & set(key):  # a program's own keys hold such a sign (annex E)
            del item[key]
    kind = _kind(item)
    if "/Rect" in item and kind:
        _scrub_annotation(item, kind)
    elif "/ByteRange" in item or _kind(item, "/Type") in keys.EMPTIED or _acts(item):
        _keep(item, frozenset())
    elif "/FT" in item or ("/T" in item and "/Kids" in item):
        _scrub_field(item)
    for key in ("/A", "/PA"):
        if _acts(item.get(key)):
            del item[key]


def _scrub_annotation(item: Any, kind: str) -> None:
    if kind == "/Redact":
        raise Unapplied
    if kind == "/Widget":
        _keep(item, keys.WIDGET)
        _scrub_field(item)
    else:
        _keep(item, keys.ANNOTATION if kind in keys.ANNOTATIONS_KEPT else frozenset())


def _scrub_field(item: Any) -> None:
    _keep(item, keys.WIDGET)
    if item.get("/FT") == Name.Sig and "/V" in item:  # the signer's name and certificate; void now in any case
        del item["/V"]


def _acts(action: Any) -> bool:
    """Whether it is an action that does more than lead to a page of the document, or to a public address."""
    if not isinstance(action, Dictionary) or "/S" not in action or "/P" in action:
        return False
    kind = _kind(action, "/S")
    if kind == "/URI":
        return not str(action.get("/URI", "")).lower().startswith(("http://", "https://", "mailto:"))
    return kind in keys.ACTIONS


def _plain_colours(item: Any) -> None:
    """A colour profile tells of the screen or scanner that it was made for: device colours stand in its place."""
    for key, value in list(enumerate(item) if isinstance(item, Array) else item.items()):
        if isinstance(value, Array) and len(value) == 2 and value[0] == Name.ICCBased:
            profile: Any = value[1]
            plain = _DEVICE.get(int(profile.get("/N", 0))) if isinstance(profile, Stream) else None
            if plain is not None:
                item[key] = plain


def _scrub_stream(document: pikepdf.Pdf, stream: Stream) -> int:
    for key in keys.OUTSIDE_DATA:
        if key in stream:
            del stream[key]
    kind = _kind(stream)
    if kind in keys.XOBJECTS:
        _keep(stream, keys.XOBJECTS[kind] | keys.STREAM)
    filters = [str(name) for name in _listed(stream.get("/Filter"))]
    if filters and filters[-1] in _BARE:
        _bare_picture(document, stream, filters)
        return 0
    if kind == "/Form" or "/PatternType" in stream:
        _without_comments(document, pikepdf.Page(Dictionary(Type=Name.Page, Contents=stream)), stream)
    return _unpacked_size(stream, filters)


def _bare_picture(document: pikepdf.Pdf, stream: Stream, filters: list[str]) -> None:
    data, parameters = stream.read_raw_bytes(), _listed(stream.get("/DecodeParms"))
    if len(filters) > 1:  # packed once more around the picture
        packed = document.make_stream(data)
        packed.Filter = Array([Name(name) for name in filters[:-1]])
        data = packed.read_bytes()
    own = parameters[-1] if len(parameters) == len(filters) else None
    stream.write(_BARE[filters[-1]](data), filter=Name(filters[-1]), decode_parms=own)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def _unpacked_size(stream: Stream, filters: list[str]) -> int:
    """Raises TooMuch, or for what is packed several times over what pikepdf raises at its own limit."""
    if len(filters) > 1 and set(filters) <= keys.UNPACKED:
        return len(stream.read_bytes())
    data = stream.read_raw_bytes()
    if filters[:1] != ["/FlateDecode"]:
        return len(data)
    unpacking, size = zlib.decompressobj(), 0
    try:
        while data and not unpacking.eof:
            size += len(unpacking.decompress(data, _CHUNK))
            data = unpacking.unconsumed_tail
            if size > MAX_STREAM:
                raise TooMuch
    except zlib.error:  # what pikepdf can't read either stays as it is
        return size
    return size


class _NoComments(pikepdf.TokenFilter):
    def handle_token(self, token: pikepdf.Token) -> pikepdf.Token | None:
        return None if token.type_ == pikepdf.TokenType.comment else token


def _without_comments(document: pikepdf.Pdf, page: pikepdf.Page, form: Stream | None = None) -> None:
    """Drawing programs leave their names, and their users', as comments among the drawing commands."""
    parts = [part for part in _listed(page.obj.get("/Contents")) if isinstance(part, Stream)]
    if not any(b"%" in part.read_bytes() for part in parts):
        return
    bare = page.get_filtered_contents(_NoComments())
    if form is None:
        page.obj.Contents = document.make_stream(bare)
    else:
        form.write(bare)


def _kind(item: Any, key: str = "/Subtype") -> str:
    """The name under `key`; empty where there is none. Names may be in any code page, so none is decoded here."""
    value = item.get(key)
    return value.unparse().decode("latin-1") if isinstance(value, Name) else ""


def _keep(item: Any, kept: frozenset[str]) -> None:
    for key in list(item.keys()):
        if key not in kept:
            del item[key]
