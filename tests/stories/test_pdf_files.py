"""PDFs come in clean or not at all."""

import io

import pikepdf
import pytest

from hectograph.errors import Problem
from hectograph.stories.pdf_files import clean_pdf
from tests.stories.test_photo_files import NEEDLE, jpeg


def planted() -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page()
    words = NEEDLE.decode()
    document.docinfo["/Author"] = words
    with document.open_metadata() as meta:
        meta["dc:creator"] = [words]
    document.attachments["note.txt"] = NEEDLE
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=words)
    page.obj.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=words))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=words, NM=words, M=words
    )
    page.obj.Annots = document.make_indirect(pikepdf.Array([note]))
    image = pikepdf.Stream(document, jpeg(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60, Height=40)
    image.ColorSpace, image.BitsPerComponent, image.Filter = pikepdf.Name.DeviceRGB, 8, pikepdf.Name.DCTDecode
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.obj.Contents = document.make_stream(b"q 60 0 0 40 0 0 cm /Im0 Do Q")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def unpacked(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return out.getvalue()


def test_nothing_that_names_anyone_survives() -> None:
    data = planted()
    assert NEEDLE in unpacked(data)
    clean = clean_pdf(data)
    assert NEEDLE not in clean
    assert NEEDLE not in unpacked(clean)


def test_the_page_and_its_picture_stay() -> None:
    with pikepdf.open(io.BytesIO(clean_pdf(planted()))) as document:
        assert len(document.pages) == 1
        assert document.pages[0].images["/Im0"].read_raw_bytes().startswith(b"\xff\xd8")


def test_the_same_document_gives_the_same_bytes() -> None:
    data = planted()
    assert clean_pdf(data) == clean_pdf(data)


@pytest.mark.parametrize("data", [b"", b"<html>", b"%PDF-1.7\nbroken", b"MZ%PDF-"])
def test_what_is_no_pdf_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Problem, match="PDF"):
        clean_pdf(data)


def test_a_locked_pdf_is_refused() -> None:
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(out, encryption=pikepdf.Encryption(user="x", owner="y"))
    with pytest.raises(Problem, match="password"):
        clean_pdf(out.getvalue())
