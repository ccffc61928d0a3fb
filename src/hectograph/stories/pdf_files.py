"""PDFs in, clean PDFs out: what readers see stays; who made it, when, with what, and what was there before goes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf

from hectograph.errors import Problem
from hectograph.stories.pdf_pictures import bare_jpeg

MAX_BYTES = 40 * 1024 * 1024
# Keys that tell of people, programs, times and earlier states, wherever they stand (ISO 32000-2).
_TELLING = (
    "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AF", "/JS", "/OpenAction", "/AA", "/Lang", "/SpiderInfo",
    "/Collection", "/Perms", "/Legal", "/DSS",
)  # fmt: skip
_OF_NOTES = ("/T", "/NM", "/M", "/CreationDate", "/RC", "/Popup", "/IRT")
_SILENT_ACTIONS = {"/URI", "/GoTo"}  # all a reader's document needs


class BadPdf(Problem):
    """A file that can't be taken as a PDF. Nothing of it is kept."""


def clean_pdf(data: bytes, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The document in `data`, written whole and anew without anything that names people, programs or earlier states.

    The same input gives the same bytes. Raises BadPdf for what is no PDF, is encrypted, broken or too large.
    """
    if len(data) > max_bytes:
        raise BadPdf(f"This PDF is larger than {max_bytes // 2**20} MB.", "Save it smaller and try again.")
    if not data.lstrip()[:5] == b"%PDF-":
        raise BadPdf("This file is not a PDF.", "Only PDF documents are taken.")
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            _strip(document)
            out = io.BytesIO()
            document.save(
                out,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                recompress_flate=True,
                fix_metadata_version=False,
            )
    except pikepdf.PasswordError as error:
        raise BadPdf("This PDF is locked with a password.", "Save it without one and try again.") from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, KeyError, RecursionError) as error:
        raise BadPdf("This PDF is damaged and can't be cleaned.", "Print it to a new PDF and try again.") from error
    return out.getvalue()


def _strip(document: pikepdf.Pdf) -> None:
    _without(document.trailer, "/Info")
    _without(document.Root, "/AcroForm")
    if "/Names" in document.Root:
        _without(document.Root.Names, "/EmbeddedFiles", "/JavaScript")
    for item in document.objects:
        _strip_whole(item)
    document.remove_unreferenced_resources()


def _strip_whole(item: Any) -> None:
    """An object and the ones written inside it; those that stand alone in the file are visited by themselves."""
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        _strip_object(item)
        inside = [item[key] for key in list(item.keys())]
    elif isinstance(item, pikepdf.Array):
        inside = list(item)
    else:
        return
    for part in inside:
        if isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect:
            _strip_whole(part)


def _without(item: Any, *keys: str) -> None:
    for key in keys:
        if key in item:
            del item[key]


def _strip_object(item: Any) -> None:
    _without(item, *_TELLING)
    for name, clean in _CLEANERS:
        if item.get("/Type") == name or item.get("/Subtype") == name:
            clean(item)
    _still(item)
    if isinstance(item, pikepdf.Stream) and item.get("/Filter") == pikepdf.Name.DCTDecode:
        item.write(bare_jpeg(item.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def _clean_note(item: Any) -> None:
    _without(item, *_OF_NOTES)


def _clean_file(item: Any) -> None:
    _without(item, "/EF", "/F", "/UF", "/Desc")


def _still(item: Any) -> None:
    """Take away an action that does more than lead to a page or an address."""
    action = item.get("/A")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) not in _SILENT_ACTIONS:
        del item["/A"]


_CLEANERS: tuple[tuple[pikepdf.Name, Callable[[Any], None]], ...] = (
    (pikepdf.Name.Annot, _clean_note),
    (pikepdf.Name.Text, _clean_note),
    (pikepdf.Name.Filespec, _clean_file),
)
