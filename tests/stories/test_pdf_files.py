"""PDFs come in clean or not at all."""

import contextlib
import io
import zlib
from functools import cache

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name
from PIL import Image

from hectograph.errors import Problem
from hectograph.stories.pdf_files import clean_pdf
from hectograph.stories.pdf_pictures import bare_jpeg, bare_jpeg2000
from tests.stories import planted_pdf


@cache
def planted() -> bytes:
    return planted_pdf.planted()


@cache
def cleaned() -> bytes:
    return clean_pdf(planted())


def unpacked(data: bytes) -> bytes:
    """The file, the file written without packing, and each stream raw and decoded as far as it goes."""
    out = io.BytesIO()
    parts = [data]
    with pikepdf.open(io.BytesIO(data)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                parts.append(item.read_raw_bytes())
                with contextlib.suppress(pikepdf.PdfError):
                    parts.append(item.read_bytes())
                with contextlib.suppress(zlib.error):
                    parts.append(zlib.decompress(item.read_raw_bytes()))
        document.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return b"\n".join([*parts, out.getvalue()])


def blank(content: bytes = b"") -> pikepdf.Pdf:
    document = pikepdf.new()
    document.add_blank_page().obj.Contents = document.make_stream(content)
    return document


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(("place", "forms"), planted_pdf.needles())
def test_what_is_planted_does_not_survive(place: str, forms: list[bytes]) -> None:
    before, after = unpacked(planted()), unpacked(cleaned())
    assert any(form in before for form in forms), "the needle is not in the upload: the test proves nothing"
    assert not any(form in after for form in forms)


@pytest.mark.parametrize("words", planted_pdf.STAYS)
def test_what_readers_need_stays(words: str) -> None:
    assert words.encode() in unpacked(cleaned())


@pytest.mark.parametrize("key", ["Info", "Metadata", "PieceInfo", "JavaScript", "EmbeddedFile", "ICCBased", "XFA"])
def test_no_key_of_those_that_tell_is_left(key: str) -> None:
    assert f"/{key}".encode() in unpacked(planted())
    assert f"/{key}\n".encode() not in unpacked(cleaned()).replace(b" ", b"\n")


def test_a_font_whose_name_is_that_of_a_script_key_is_still_there() -> None:
    with pikepdf.open(io.BytesIO(cleaned())) as document:
        assert document.pages[0].obj.Resources.Font.AA.BaseFont == Name.Helvetica


def test_pictures_keep_their_pixels() -> None:
    with pikepdf.open(io.BytesIO(planted())) as before, pikepdf.open(io.BytesIO(cleaned())) as after:
        for name in ("/Im0", "/Im1", "/Im3"):
            pictures = [pikepdf.PdfImage(each.pages[0].obj.Resources.XObject[name]) for each in (before, after)]
            assert pictures[0].as_pil_image().tobytes() == pictures[1].as_pil_image().tobytes(), name


def test_a_needless_picture_goes_and_a_used_one_stays() -> None:
    with pikepdf.open(io.BytesIO(cleaned())) as document:
        assert "/Gone" not in document.pages[0].obj.Resources.XObject
        assert "/Im2" in document.pages[0].obj.Resources.XObject


def test_the_same_document_gives_the_same_bytes() -> None:
    assert clean_pdf(planted()) == cleaned()


def test_the_identifier_says_nothing_of_the_one_that_was_there() -> None:
    with pikepdf.open(io.BytesIO(planted())) as before, pikepdf.open(io.BytesIO(cleaned())) as after:
        assert bytes(after.trailer.ID[0]) not in {bytes(part) for part in before.trailer.ID}


def test_cleaning_twice_changes_nothing_that_is_seen() -> None:
    again = clean_pdf(cleaned())
    assert planted_pdf.VISIBLE in unpacked(again)
    assert len(again) == pytest.approx(len(cleaned()), abs=64)


def test_an_earlier_revision_goes() -> None:
    first = saved(blank(b"BT (FIRST-WORDS) Tj ET"), compress_streams=False)
    old = first.index(b"FIRST-WORDS")
    number = int(first[: first.rindex(b" 0 obj", 0, old)].rsplit(b"\n", 1)[1])
    start = int(first.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    body = b"BT (OTHER-WORDS) Tj ET"
    later = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(body), body)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size 9 /Root 1 0 R /Prev %d >>\n" % (number, len(first), start)
    whole = first + later + table + b"startxref\n%d\n%%%%EOF\n" % (len(first) + len(later))
    after = unpacked(clean_pdf(whole))
    assert b"OTHER-WORDS" in after
    assert b"FIRST-WORDS" not in after


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"%PDF-1.7\nbroken", b"MZ%PDF-", b"%PDF-1.7\n%%EOF", b"PK\x03\x04%PDF-1.7 %%EOF", b"\0" * 2000],
)
def test_what_is_no_pdf_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Problem, match="PDF"):
        clean_pdf(data)


def test_a_pdf_that_was_cut_off_is_refused() -> None:
    data = saved(blank(b"BT (a) Tj ET" * 900), compress_streams=False)
    with pytest.raises(Problem, match="cut off"):
        clean_pdf(data[: len(data) // 2])


@pytest.mark.parametrize("user", ["x", ""])
def test_a_locked_pdf_is_refused_even_where_anyone_may_read_it(user: str) -> None:
    data = saved(blank(), encryption=pikepdf.Encryption(user=user, owner="y"))
    with pytest.raises(Problem, match="password"):
        clean_pdf(data)


def test_a_pdf_over_the_limit_is_refused() -> None:
    with pytest.raises(Problem, match="larger than"):
        clean_pdf(saved(blank()), max_bytes=100)


def test_redactions_that_only_cover_are_refused() -> None:
    document = blank(b"BT (a name) Tj ET")
    document.pages[0].obj.Annots = pikepdf.Array([Dictionary(Subtype=Name.Redact, Rect=[0, 0, 9, 9])])
    with pytest.raises(Problem, match="never applied"):
        clean_pdf(saved(document))


@pytest.mark.parametrize("twice", [False, True])
def test_a_stream_that_unpacks_to_far_too_much_is_refused(twice: bool) -> None:
    packing, bomb = zlib.compressobj(9), b""
    for _ in range(300):
        bomb += packing.compress(bytes(1 << 20))
    bomb += packing.flush()
    document = blank()
    stream = document.make_stream(zlib.compress(bomb) if twice else bomb)
    stream.Filter = pikepdf.Array([Name.FlateDecode] * (2 if twice else 1))
    document.pages[0].obj.Resources = Dictionary(Pattern=Dictionary(P0=stream))
    document.pages[0].obj.Contents = document.make_stream(b"/Pattern cs /P0 scn")
    with pytest.raises(Problem, match="PDF"):
        clean_pdf(saved(document))


def test_a_picture_that_is_none_is_refused() -> None:
    document = blank(b"/Im0 Do")
    image = pikepdf.Stream(document, b"no picture", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    image.Filter = Name.DCTDecode
    document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
    with pytest.raises(Problem, match="damaged"):
        clean_pdf(saved(document))


def test_a_place_for_a_note_that_is_empty_is_no_reason_to_refuse() -> None:
    document = blank()
    document.pages[0].obj.Annots = pikepdf.Array([None, 7])
    assert clean_pdf(saved(document)).startswith(b"%PDF-")


def test_names_in_an_old_cyrillic_code_page_are_taken() -> None:
    document = blank(b"/OldNames cs BT /OldNames 9 Tf (a) Tj ET")
    old = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.OldNames, OldNames=1, S=Name.OldNames)
    profile = pikepdf.Array([Name.ICCBased, document.make_indirect(pikepdf.Stream(document, b"", N=3))])
    document.pages[0].obj.Resources = Dictionary(Font=Dictionary(OldNames=old), ColorSpace=Dictionary(OldNames=profile))
    document.Root.StructTreeRoot = Dictionary(K=Dictionary(S=Name.OldNames, A=Dictionary(S=Name.OldNames)))
    data = saved(document, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    assert b"/#d0#f3#f1" in unpacked(clean_pdf(data.replace(b"/OldNames", b"/#d0#f3#f1")))


def test_objects_that_hold_one_another_in_a_circle_are_cleaned() -> None:
    document = blank(b"/Fm0 Do")
    form = document.make_stream(b"/Fm0 Do")
    form.Subtype, form.BBox = Name.Form, pikepdf.Array([0, 0, 1, 1])
    form.Resources = Dictionary(XObject=Dictionary(Fm0=form))
    document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fm0=form))
    assert clean_pdf(saved(document)).startswith(b"%PDF-")


def test_a_bare_jpeg_has_the_same_pixels_and_ends_at_its_end() -> None:
    data = planted_pdf.jpeg()
    clean = bare_jpeg(data)
    assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(io.BytesIO(data)).tobytes()
    assert b"ndl-" not in clean
    assert clean.endswith(b"\xff\xd9")


def test_a_bare_cmyk_jpeg_keeps_its_colour_transform() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (16, 16), (10, 200, 30, 40)).save(out, "JPEG")
    assert Image.open(io.BytesIO(bare_jpeg(out.getvalue()))).tobytes() == Image.open(out).tobytes()


def test_a_bare_jpeg_2000_has_the_same_pixels() -> None:
    data = planted_pdf.jpeg2000()
    clean = bare_jpeg2000(data)
    assert b"ndl-" not in clean
    assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_of_a_pdf_or_a_value_error(data: bytes) -> None:
    for bare in (bare_jpeg, bare_jpeg2000):
        with contextlib.suppress(ValueError):
            bare(b"\xff\xd8\xff" + data)
            bare(b"\xff\x4f" + data)
            bare(data)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_pdf_is_taken_or_refused_and_never_more(data: st.DataObject) -> None:
    damaged = bytearray(planted())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    end = data.draw(st.integers(0, len(damaged))) if data.draw(st.booleans()) else len(damaged)
    with contextlib.suppress(Problem):
        clean_pdf(bytes(damaged[:end]))
