"""Quoted-printable (RFC 2045 §6.7) that keeps slots whole and begins no line with a dot."""

from __future__ import annotations

from hectograph.post.compiled import MARKS

_LONGEST = 75  # characters before the "=" of a soft break
_SOFT = "=\r\n"
_PLAIN = {byte: chr(byte) for byte in (9, *range(32, 127)) if byte != ord("=")}


def encode(text: str) -> bytes:
    """`text` with CRLF line ends, whatever ends its lines had. Each slot stands alone on its line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\r\n".join(_line(line) for line in lines).encode("ascii")


def value(text: str) -> bytes:
    """A slot's value, to stand alone on its line: broken softly where it is long."""
    return _SOFT.join(_rows(text)).encode("ascii")


def _line(line: str) -> str:
    rows: list[str] = []
    rest = 0
    for found in MARKS.finditer(line):
        rows += [*_rows(line[rest : found.start()]), found[0]]
        rest = found.end()
    rows += _rows(line[rest:])
    if rows and rows[-1].endswith((" ", "\t")):  # a space at a line's end may be lost on the way
        last = rows.pop()
        rows += (
            [last[:-1], f"={ord(last[-1]):02X}"] if len(last) + 2 > _LONGEST else [f"{last[:-1]}={ord(last[-1]):02X}"]
        )
    return _SOFT.join(rows)


def _rows(text: str) -> list[str]:
    """`text` encoded, in rows that fit; none where it is empty."""
    rows: list[str] = []
    row = ""
    for byte in text.encode():
        unit = _PLAIN.get(byte, f"={byte:02X}")
        if len(row) + len(unit) > _LONGEST:
            rows.append(row)
            row = ""
        if not row and unit in ".F":  # neither a lone dot nor a mailbox's "From " line
            unit = f"={byte:02X}"
        row += unit
    return [*rows, row] if row else rows
