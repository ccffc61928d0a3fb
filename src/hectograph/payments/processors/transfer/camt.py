"""Statements as banks exchange them: CAMT.053 (ISO 20022), every version of it.

The file is read in memory by a parser that knows no entities, no network and no document type. Only date, amount,
currency, the bank's own number and our reference leave it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import date

from lxml import etree

from hectograph.money import Money
from hectograph.payments.processors.transfer import reference
from hectograph.payments.processors.transfer.lines import Found, Line, StatementRefused, bounded, numbered

_AMOUNT = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,5}))?")
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = frozenset(
    ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1252")
)
_SIDES = {"CRDT": 1, "DBIT": -1}


def read(statement: bytes, iban: str = "") -> list[Line]:
    """Every booking of a statement; StatementRefused where it is none, not whole, or of another account than `iban`."""
    root = _parsed(bounded(statement))
    statements = root.findall("{*}BkToCstmrStmt/{*}Stmt")
    if not statements:
        raise StatementRefused("It is no account statement in the form CAMT.053.")
    for one in statements:
        if iban and _text(one, "Acct/Id/IBAN") not in ("", iban):
            raise StatementRefused(
                "It is of another account.", "Choose the statement of the account that is set for transfers."
            )
    return list(numbered(found for one in statements for entry in one.findall("{*}Ntry") for found in _bookings(entry)))


def _parsed(raw: bytes) -> etree._Element:
    declared = _DECLARED.match(raw)
    if b"<!DOCTYPE" in raw or b"\0" in raw or (declared and declared[1].decode().lower() not in _ENCODINGS):
        raise StatementRefused("It is no plain XML.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    root = None
    with contextlib.suppress(etree.XMLSyntaxError, ValueError):  # the parser's own error holds pieces of the file
        root = etree.fromstring(raw, parser)
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise StatementRefused("It is no whole XML file.")
    return root


def _bookings(entry: etree._Element) -> Iterator[Found]:
    """What an entry books: itself, or each of the payments that a bank put together in it."""
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    if status and status != "BOOK":
        return  # announced, not booked
    on, whole = _day(entry), _money(entry, "Amt", entry)
    bank = _text(entry, "AcctSvcrRef")
    parts = entry.findall("{*}NtryDtls/{*}TxDtls")
    if len(parts) < 2:
        yield Found(_reference(entry), whole, on, bank)
        return
    found = [_part(part, entry, on, bank) for part in parts]
    if (
        any(one.money.currency != whole.currency for one in found)
        or sum(one.money.minor for one in found) != whole.minor
    ):
        raise StatementRefused("The parts of a booking don't add up to it.")
    yield from found


def _part(part: etree._Element, entry: etree._Element, on: date, bank: str) -> Found:
    path = next((path for path in ("Amt", "AmtDtls/TxAmt/Amt") if _text(part, path)), "Amt")
    side = part if _text(part, "CdtDbtInd") else entry
    return Found(_reference(part), _money(part, path, side), on, _text(part, "Refs/AcctSvcrRef") or bank)


def _money(at: etree._Element, path: str, side: etree._Element) -> Money:
    """The amount at `path`, signed by the side that `side` names."""
    element = at.find(_path(path))
    code = element.get("Ccy", "") if element is not None else ""
    found = _AMOUNT.fullmatch(_text(at, path))
    sign = _SIDES.get(_text(side, "CdtDbtInd"))
    digits = Money(0, code).digits
    if found is None or sign is None or not re.fullmatch(r"[A-Z]{3}", code) or (found[2] or "")[digits:].strip("0"):
        raise StatementRefused("An amount of it is no amount of money.")
    return Money(sign * int(found[1] + (found[2] or "")[:digits].ljust(digits, "0")), code)


def _day(entry: etree._Element) -> date:
    for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        try:
            return date.fromisoformat(_text(entry, path)[:10])
        except ValueError:
            continue
    raise StatementRefused("A booking of it has no date.")


def _reference(at: etree._Element) -> str:
    """Ours, from where banks put what a giver quoted; in each place by itself."""
    for name in ("CdtrRefInf/{*}Ref", "Ustrd", "EndToEndId", "AddtlRmtInf"):
        for element in at.iterfind(f".//{{*}}{name}"):
            if found := reference.find("".join(element.itertext())):
                return found
    return ""


def _text(at: etree._Element, path: str) -> str:
    element = at.find(_path(path))
    return (element.text or "").strip() if element is not None else ""


def _path(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))
