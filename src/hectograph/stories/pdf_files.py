"""PDFs in, clean PDFs out: what readers see stays; who made it, when, with what, and what was there before goes."""

from __future__ import annotations

import io

import pikepdf

from hectograph.errors import Problem
from hectograph.stories.pdf_scrubbing import MAX_STREAM, TooMuch, Unapplied, scrub

MAX_BYTES = 40 * 1024 * 1024
_MAX_UNPACKED = 1024 * 1024 * 1024  # bytes, all streams of a document together
_HEADER_WITHIN, _END_WITHIN = 1024, 2048  # bytes, as readers of PDFs take them

# Of the whole process, as the library has it: a few packed bytes must not become all of our memory.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MAX_STREAM, run_length_max_memory=MAX_STREAM, max_stream_filters=4, doc_max_warnings=1000
)


class BadPdf(Problem):
    """A file that can't be taken as a PDF. Nothing of it is kept."""


def clean_pdf(data: bytes, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The document in `data`, written whole and anew without anything that names people, programs or earlier states.

    The same input gives the same bytes. Raises BadPdf for what is no PDF, is encrypted, broken or too large, and for
    one whose redactions were marked and never applied.
    """
    _check_outside(data, max_bytes)
    try:
        return _rewritten(data)
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except TooMuch as error:
        raise BadPdf("This PDF unpacks to far more than it seems.", "Print it to a new PDF and try again.") from error
    except Unapplied as error:
        raise BadPdf(
            "This PDF holds marks for redaction that were never applied: what they cover is still in it.",
            "Apply the redactions in the program that made them, look that the words are gone, and try again.",
        ) from error
    except BadPdf:
        raise
    except Exception as error:  # readers of hostile bytes raise whatever they like
        raise BadPdf("This PDF is damaged and can't be cleaned.", "Print it to a new PDF and try again.") from error


def _check_outside(data: bytes, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise BadPdf(f"This PDF is larger than {max_bytes / 2**20:.3g} MB.", "Save it smaller and try again.")
    if b"%PDF-" not in data[:_HEADER_WITHIN] or data[:2] in (b"MZ", b"PK"):
        raise BadPdf("This file is not a PDF.", "Only PDF documents are taken.")
    if b"%%EOF" not in data.rstrip(b"\0\r\n\t ")[-_END_WITHIN:]:
        raise BadPdf("This PDF is cut off: its end is missing.", "Send the whole file, or print it to a new PDF.")


def _locked() -> BadPdf:
    return BadPdf("This PDF is encrypted or locked with a password.", "Save it without one and try again.")


def _rewritten(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        if document.is_encrypted:  # one that opens for anyone and forbids copying
            raise _locked()
        if not len(document.pages):
            raise ValueError("no pages")
        scrub(document, most=_MAX_UNPACKED)
        document.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            recompress_flate=True,  # what stands behind the end of a packed stream goes
            fix_metadata_version=False,
        )
    return out.getvalue()
