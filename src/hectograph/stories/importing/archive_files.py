"""An export as it was handed over: one file, gzipped, or a zip of several parts. It is never unpacked whole."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from hectograph.errors import Problem

_MOST = 32 * 1024**3  # bytes that one part may unpack to
_BROKEN = (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
_DIGITS = re.compile(r"(\d+)")
_Notice = Callable[[], None]


class BadArchive(Problem):
    """A file that is no archive of the kind it was given as."""


@dataclass(frozen=True)
class Part:
    """One file of an export. `name` is empty where there is only one. `troubles` are sentences on what its readings met
    so far, each once."""

    name: str
    _open: Callable[[_Notice], BinaryIO]
    size: int = 0  # bytes, where it is one of several
    troubles: list[str] = field(default_factory=list, compare=False)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The part's bytes, as far as they can be had: what is broken ends there."""
        try:
            file = self._open(self._breaks_off)
        except _BROKEN as error:
            raise BadArchive(f"The file can't be opened ({_why(error)}).", "Check its name.") from error
        with file:
            yield file

    def _breaks_off(self) -> None:
        if not self.troubles:
            self.troubles.append(f"{self.name or 'The file'} is packed and breaks off: what follows can't be read.")


def parts(path: Path, endings: tuple[str, ...]) -> list[Part]:
    """The files of the export at `path`; in a zip those whose names end in one of `endings`, in their order."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise BadArchive(f"The file can't be opened ({_why(error)}).", "Check its name.") from error
    if head.startswith(b"\x1f\x8b"):
        return [Part("", lambda breaks_off: io.BufferedReader(_Unpacked(gzip.open(path, "rb"), breaks_off)))]
    if head == b"PK\x03\x04":
        return _of_zip(path, endings)
    return [Part("", lambda breaks_off: path.open("rb"))]


def _of_zip(path: Path, endings: tuple[str, ...]) -> list[Part]:
    try:
        with zipfile.ZipFile(path) as packed:
            sizes = {entry.filename: entry.file_size for entry in packed.infolist()}
    except _BROKEN as error:
        raise BadArchive(f"The zip can't be opened ({_why(error)}).", "Unpack it, and import what is in it.") from error
    names = [name for name in sizes if name.lower().endswith(endings) and "__MACOSX" not in name]
    if not names:
        raise BadArchive(f"{path.name} holds no {' or '.join(endings)} file.", "Unpack it, and import what is in it.")
    names.sort(key=lambda name: [int(word) if word.isdigit() else word for word in _DIGITS.split(name)])
    return [Part(name if len(names) > 1 else "", _opener(path, name), sizes[name]) for name in names]


def _opener(path: Path, name: str) -> Callable[[_Notice], BinaryIO]:
    def opened(breaks_off: _Notice) -> BinaryIO:
        with zipfile.ZipFile(path) as packed:  # the open part keeps the file until it is closed itself
            return io.BufferedReader(_Unpacked(cast(_Packed, packed.open(name)), breaks_off))

    return opened


class _Packed(Protocol):
    """What unpacks as it is read: a gzipped file, or one in a zip."""

    def read1(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class _Unpacked(io.RawIOBase):
    """Bytes as they are unpacked. Where they are broken, or without end, they end, and `breaks_off` is told: what stood
    before is whole."""

    def __init__(self, packed: _Packed, breaks_off: _Notice) -> None:
        self._packed, self._left, self._breaks_off = packed, _MOST, breaks_off

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._packed.read1(min(len(buffer), self._left or 1))
        except _BROKEN:
            self._breaks_off()
            return 0
        if data and not self._left:
            self._breaks_off()
            return 0
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._packed.close()
        super().close()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
