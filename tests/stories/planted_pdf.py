"""A PDF with a needle of its own in every place that can carry one, and words that must stay."""

import io
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

VISIBLE = b"SEEN-ON-THE-PAGE"
STAYS = ("SEEN-ON-THE-PAGE", "KEPT-FIELD-VALUE", "KEPT-LAYER-NAME", "KEPT-CHAPTER", "https://example.org/kept")
PLACES = """
    info catalog_xmp page_xmp image_xmp form_pieceinfo page_pieceinfo catalog_pieceinfo last_modified trailer_key
    trailer_stream id attachment filespec_desc associated_file page_attachment javascript_names open_action page_aa
    field_aa field_js launch gotor file_uri js_uri next_action submit thumb note_author note_name note_modified
    note_created note_rich note_subject popup reply jpeg_exif jpeg_com jpeg_app13 jpeg_tail jpeg_thumb jpeg_in_flate
    jp2_xml jp2_uuid jp2_com icc output_intent comment form_comment flate_tail signature signer xfa ocg_creator
    spider pdftex vendor old_revision unreachable preamble tail alternates opi image_id
    external_stream web_capture usage_user struct_file private_resource deleted_image movie sound
""".split()  # noqa: SIM905 a list of seventy words reads better so


def needle(place: str) -> str:
    return f"ndl-{place}-4711"


def needles() -> Iterator[tuple[str, list[bytes]]]:
    """Each place, and how its needle may be written: as bytes, UTF-16 and hexadecimal."""
    for place in PLACES:
        plain = needle(place).encode()
        wide = needle(place).encode("utf-16-be")
        yield place, [plain, wide, plain.hex().encode(), plain.hex().upper().encode(), wide.hex().encode()]


def planted() -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(300, 300)).obj
    _plant_document(document)
    _plant_actions(document, page)
    _plant_notes(document, page)
    _plant_fields(document, page)
    _plant_pictures(document, page)
    out = io.BytesIO()
    document.save(out, static_id=False, fix_metadata_version=False)
    return _outside(out.getvalue())


def _outside(data: bytes) -> bytes:
    """An earlier revision, a trailer that tells, and bytes before and after the document."""
    old = f"{_last_object(data)} 0 obj\n({needle('old_revision')})\nendobj\n".encode()
    before = f"%{needle('preamble')}\n".encode()
    lost = f"990 0 obj\n<< /Lost ({needle('unreachable')}) >>\nendobj\n".encode()
    at = data.rfind(b"startxref")
    return before + data[:at] + old + lost + data[at:] + f"%{needle('tail')}\n".encode()


def _last_object(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.objects)


def _stream(document: pikepdf.Pdf, place: str, **keys: object) -> Stream:
    return Stream(document, needle(place).encode(), **keys)


def _spec(document: pikepdf.Pdf, place: str) -> Dictionary:
    file = _stream(document, place, Type=Name.EmbeddedFile)
    return Dictionary(Type=Name.Filespec, F=needle(place), UF=needle("filespec_desc"), Desc=needle("filespec_desc"),
                      EF=Dictionary(F=file))  # fmt: skip


def _plant_document(document: pikepdf.Pdf) -> None:
    root = document.Root
    document.docinfo["/Author"] = needle("info")
    root.Metadata = _stream(document, "catalog_xmp", Type=Name.Metadata, Subtype=Name.XML)
    root.PieceInfo = Dictionary(App=Dictionary(Private=needle("catalog_pieceinfo")))
    document.trailer["/DocChecksum"] = Name("/" + needle("trailer_key"))
    document.trailer["/AdditionalStreams"] = Array(
        [Name.odt, document.make_indirect(_stream(document, "trailer_stream"))]
    )
    document.trailer["/ID"] = Array([needle("id").encode(), needle("id").encode()])
    root.Names = Dictionary(
        EmbeddedFiles=Dictionary(Names=Array(["a", _spec(document, "attachment")])),
        JavaScript=Dictionary(Names=Array(["a", _action("JavaScript", JS=needle("javascript_names"))])),
        IDS=Dictionary(Names=Array(["a", _stream(document, "web_capture")])),
    )
    root.AF = Array([_spec(document, "associated_file")])
    root.SpiderInfo = Dictionary(V=1.0, C=Array([needle("spider")]))
    profile = _stream(document, "output_intent", N=3)
    root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFX, OutputConditionIdentifier="x", DestOutputProfile=profile)])
    layer = document.make_indirect(
        Dictionary(Type=Name.OCG, Name="KEPT-LAYER-NAME", Usage=Dictionary(
            CreatorInfo=Dictionary(Creator=needle("ocg_creator")), User=Dictionary(Name=needle("usage_user"))))
    )  # fmt: skip
    root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(Order=Array([layer]), Creator=needle("ocg_creator"))
    )
    element = Dictionary(Type=Name.StructElem, S=Name.Figure, Alt="a", AF=Array([_spec(document, "struct_file")]))
    root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array([element]))
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("KEPT-CHAPTER", 0))


def _action(kind: str, **keys: object) -> Dictionary:
    return Dictionary(S=Name("/" + kind), **keys)


def _plant_actions(document: pikepdf.Pdf, page: Dictionary) -> None:
    document.Root.OpenAction = _action("JavaScript", JS=needle("open_action"))
    page.AA = Dictionary(O=_action("JavaScript", JS=needle("page_aa")))
    kept = _action("URI", URI="https://example.org/kept", Next=_action("JavaScript", JS=needle("next_action")))
    actions = [
        kept,
        _action("Launch", F=needle("launch")),
        _action("GoToR", F=needle("gotor"), D="a"),
        _action("URI", URI="file:///home/" + needle("file_uri")),
        _action("URI", URI="javascript:" + needle("js_uri")),
        _action("SubmitForm", F=needle("submit")),
    ]
    notes = [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action) for action in actions]
    page.Annots = Array([document.make_indirect(note) for note in notes])


def _plant_notes(document: pikepdf.Pdf, page: Dictionary) -> None:
    note = document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents="a", T=needle("note_author"),
                   NM=needle("note_name"), M=needle("note_modified"), CreationDate=needle("note_created"),
                   RC=needle("note_rich"), Subj=needle("note_subject"))
    )  # fmt: skip
    note.Popup = document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=[0, 0, 9, 9], Parent=note, Contents=needle("popup"))
    )
    reply = Dictionary(Subtype=Name.Text, Rect=[0, 0, 9, 9], IRT=note, T=needle("reply"))  # says no /Type
    file = Dictionary(Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=_spec(document, "page_attachment"))
    film = Dictionary(Subtype=Name.Movie, Rect=[0, 0, 9, 9], T="a", Movie=Dictionary(F=needle("movie")))
    sound = Dictionary(Subtype=Name.Sound, Rect=[0, 0, 9, 9], Sound=_stream(document, "sound", R=8000))
    for item in (note, note.Popup, reply, file, film, sound):
        page.Annots.append(item)


def _plant_fields(document: pikepdf.Pdf, page: Dictionary) -> None:
    text = document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[0, 0, 9, 9], FT=Name.Tx, T="town", V="KEPT-FIELD-VALUE",
                   AA=Dictionary(K=_action("JavaScript", JS=needle("field_aa"))),
                   A=_action("JavaScript", JS=needle("field_js")))
    )  # fmt: skip
    signature = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Name=needle("signer"),
                           Contents=needle("signature").encode(), ByteRange=[0, 1, 2, 3])  # fmt: skip
    signed = document.make_indirect(
        Dictionary(Subtype=Name.Widget, Rect=[0, 0, 9, 9], FT=Name.Sig, T="signed", V=document.make_indirect(signature))
    )
    page.Annots.extend([text, signed])
    document.Root.AcroForm = Dictionary(Fields=Array([text, signed]), XFA=_stream(document, "xfa"))
    document.Root.Perms = Dictionary(DocMDP=signed.V)


def jpeg(place: str = "jpeg_exif", size: tuple[int, int] = (32, 24)) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = needle(place)
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(
        out, "JPEG", exif=exif, comment=needle("jpeg_com").encode(), progressive=True
    )
    data = out.getvalue()
    return data[:2] + _segment(0xED, "jpeg_app13") + _segment(0xE0, "jpeg_thumb", b"JFXX\0\x13") + data[2:] + (
        needle("jpeg_tail").encode()
    )  # fmt: skip


def _segment(marker: int, place: str, start: bytes = b"") -> bytes:
    body = start + needle(place).encode()
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg2000() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((32, 24)).convert("RGB").save(
        out, "JPEG2000", comment=needle("jp2_com").encode(), no_jp2=False
    )
    data = out.getvalue()
    at = data.index(b"jp2c") - 4
    if data[at : at + 4] != b"\0\0\0\0":  # to the end of the file otherwise
        data += _box(b"uuid", bytes(16) + needle("jp2_uuid").encode())
    return data[:at] + _box(b"xml ", needle("jp2_xml").encode()) + data[at:]


def _box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def _image(document: pikepdf.Pdf, data: bytes, kind: str, **more: object) -> Stream:
    image = Stream(document, data, Type=Name.XObject, Subtype=Name.Image, Width=32, Height=24, BitsPerComponent=8,
                   ColorSpace=Name.DeviceRGB, **more)  # fmt: skip
    image.Filter = Name("/" + kind)
    return image


def _plant_pictures(document: pikepdf.Pdf, page: Dictionary) -> None:
    photo = _image(document, jpeg(), "DCTDecode", Metadata=_stream(document, "image_xmp"), ID=needle("image_id"),
                   OPI=Dictionary(F=needle("opi")),
                   Alternates=Array([Dictionary(Image=_stream(document, "alternates"))]))  # fmt: skip
    packed = _image(document, zlib.compress(jpeg("jpeg_in_flate")), "DCTDecode")
    packed.Filter = Array([Name.FlateDecode, Name.DCTDecode])
    raw = _image(document, zlib.compress(bytes(32 * 24 * 3)) + needle("flate_tail").encode(), "FlateDecode")
    raw.ColorSpace = Array([Name.ICCBased, document.make_indirect(_stream(document, "icc", N=3))])
    drawing = f"%{needle('form_comment')}\n/Im0 Do".encode()
    form = Stream(document, drawing, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], LastModified="D:2026",
                  PieceInfo=Dictionary(App=needle("form_pieceinfo")),
                  Resources=Dictionary(XObject=Dictionary(Im0=photo)))  # fmt: skip
    form["/PTEX.InfoDict"] = Dictionary(Author=needle("pdftex"))
    elsewhere = Stream(
        document, b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], F=needle("external_stream")
    )
    page.Resources = Dictionary(
        XObject=Dictionary(
            Im0=photo, Im1=packed, Im2=raw, Im3=_image(document, jpeg2000(), "JPXDecode"), Fm0=form, Fm1=elsewhere,
            Gone=_image(document, jpeg("deleted_image"), "DCTDecode"),
        ),
        Font=Dictionary(AA=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
        Properties=Dictionary(MC0=Dictionary(Metadata=_stream(document, "private_resource"))),
    )  # fmt: skip
    page.Metadata, page.LastModified = _stream(document, "page_xmp"), needle("last_modified")
    page.PieceInfo = Dictionary(App=Dictionary(Private=needle("page_pieceinfo")))
    page.Thumb, page["/ACME_Owner"] = _image(document, jpeg("thumb"), "DCTDecode"), needle("vendor")
    drawing = b"%" + needle("comment").encode() + b"\nBT /AA 12 Tf (100% " + VISIBLE + b") Tj ET "
    page.Contents = document.make_stream(drawing + b"/Im0 Do /Im1 Do /Im2 Do /Im3 Do /Fm0 Do /Fm1 Do /OC /MC0 BDC EMC")
