"""Which keys of a PDF stay when it is cleaned, and which go (ISO 32000-2; the table or section is named at each)."""

from __future__ import annotations


def _keys(words: str) -> frozenset[str]:
    return frozenset(f"/{word}" for word in words.split())


# Only these stay in objects of these kinds.
TRAILER = _keys("Root Size Type W Index Prev XRefStm Length Filter DecodeParms")  # table 15; no Info, no ID
CATALOG = _keys(  # table 29; no attachments, scripts, signatures, output profiles
    "Type Version Extensions Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines AcroForm "
    "StructTreeRoot MarkInfo Lang OCProperties"
)
UNDER_CATALOG = {
    "/Names": _keys("Dests"),  # table 32
    "/AcroForm": _keys("Fields NeedAppearances DR DA Q"),  # table 224; no XFA, no script order
}
PAGE = _keys(  # table 31
    "Type Parent Kids Count Resources MediaBox CropBox BleedBox TrimBox ArtBox Rotate Contents Group Annots Tabs "
    "UserUnit StructParents Dur Trans"
)
RESOURCES = _keys("ExtGState ColorSpace Pattern Shading XObject Font ProcSet Properties")  # table 34
ANNOTATION = _keys(  # tables 166, 168 and those of the kinds that stay; no author, name, dates, threads, rich text
    "Type Subtype Rect Border BS BE C IC CA ca BM A PA Dest H F QuadPoints AP AS StructParent OC Contents Lang "
    "L LE LL LLE Cap CL DA DS Q RD Vertices InkList Name Open"
)
WIDGET = _keys(  # tables 191 and 226 to 234
    "Type Subtype Rect Border BS C CA ca F AP AS MK H A PA StructParent OC Parent Kids FT T TU Ff V DV DA DS Q Opt TI "
    "I MaxLen"
)
ANNOTATIONS_KEPT = _keys(  # table 171: what is drawn or leads somewhere; no files, films, sounds, pop-ups
    "Link Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Caret Stamp Ink "
    "Watermark PrinterMark"
)
STREAM = _keys("Length Filter DecodeParms")  # table 5
XOBJECTS = {
    "/Image": _keys(  # table 87
        "Type Subtype Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask "
        "SMaskInData Matte StructParent OC"
    ),
    "/Form": _keys("Type Subtype FormType BBox Matrix Resources Group StructParent StructParents OC"),  # table 93
}

# These go wherever they stand.
TELLING = _keys(
    "Metadata PieceInfo LastModified Thumb Thumbnail AF AA OpenAction JS JavaScript EF RF OPI CreatorInfo User Author "
    "Creator Producer CreationDate ModDate SpiderInfo Legal Perms DSS PronunciationLexicon Measure PtData XFA"
)
OUTSIDE_DATA = _keys("F FFilter FDecodeParms DL")  # of a stream, table 5
ACTIONS = _keys(  # table 201, without GoTo, URI and Named: these do more than lead somewhere
    "GoToR GoToE GoToDp Launch Thread Sound Movie Hide SubmitForm ResetForm ImportData JavaScript SetOCGState "
    "Rendition Trans GoTo3DView RichMediaExecute"
)

# Under these keys a dictionary's keys are names that the document's maker chose: none of them means anything.
NAMED_BY_AUTHOR = _keys(
    "ExtGState ColorSpace Pattern Shading XObject Font Properties CharProcs Dests RoleMap ClassMap Colorants "
    "AP/N AP/R AP/D"
)
EMPTIED = _keys("Filespec F EmbeddedFile Sig DocTimeStamp")  # objects of these types
UNPACKED = _keys("FlateDecode LZWDecode ASCII85Decode ASCIIHexDecode RunLengthDecode")  # table 6, the lossless ones
RESOURCES_AT = _keys("Resources DR")
