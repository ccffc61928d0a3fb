"""What a sender writes down about each mail, just before its final dot and after the answer: appended, never changed.

    header   "HJ1\\n" (or "HJS\\n": strict), the worker's number (8 bytes), the machine's boot id (36 bytes)
    record   edition (4), reader (8), epoch (4), kind (1), state (1), code (2), CRC-32 of these (4); big-endian

A lock beside it is held as long as its process lives, also while that is stopped: who gets the lock knows it is dead.
What a process wrote outlives the process; what it had not synced does not outlive a power cut. So a journal of another
boot is trusted for what it says and for nothing else; but a strict one, whose final dots waited until their INTENT was
on the disk, also for what it does not say.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import threading
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from hectograph.post.outcomes import Claim, State

_MAGIC, _STRICT = b"HJ1\n", b"HJS\n"
_HEAD = struct.Struct(">4sQ36s")
_RECORD = struct.Struct(">IQIBBH")
_CHECK = struct.Struct(">I")
_SIZE = _RECORD.size + _CHECK.size
_REWRITE_AT = 4 * 1024 * 1024  # bytes


class Kind(IntEnum):
    INTENT = 1
    ANSWER = 2


class Key(NamedTuple):
    edition: int
    reader: int
    epoch: int


@dataclass(frozen=True)
class Entry:
    """The last that was written of a mail. `state` is of an ANSWER."""

    kind: Kind
    state: State
    code: int


@dataclass(frozen=True)
class Book:
    """A journal as read. `whole` is False where a record within it is damaged; a torn last one is no damage."""

    worker: int
    boot: str
    entries: Mapping[Key, Entry]
    whole: bool = True
    strict: bool = False


def boot_id() -> str:
    """Names this boot of the machine; empty where the system tells none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:36]
    except OSError:
        return ""


class Journal:
    """This process's journal in `folder`, which lies outside the database and its backups. With `strict`, `secured`
    waits for the disk."""

    def __init__(self, folder: Path, worker: int, boot: str, *, strict: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.worker, self._boot, self._strict = worker, boot, strict
        self._turn, self._disk = asyncio.Lock(), threading.Lock()
        self._written = self._synced = 0  # records
        self._path = path_of(folder, worker)
        self._lock = os.open(_lock_of(self._path), os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._open: dict[Key, list[bytes]] = {}
        self._file = self._begin(self._path)
        if strict:
            _sync_folder(folder)
        self._bytes = 0

    def _begin(self, path: Path, kept: bytes = b"") -> int:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        magic = _STRICT if self._strict else _MAGIC
        try:
            _put(file, _HEAD.pack(magic, self.worker, self._boot.encode().ljust(36)) + kept)
        except OSError:
            os.close(file)
            raise
        return file

    def write(self, key: Key, kind: Kind, state: State = State.LEASED, code: int = 0) -> None:
        """Append a record; OSError where the disk does not take it whole."""
        body = _RECORD.pack(key.edition, key.reader, key.epoch, kind, state, code)
        record = body + _CHECK.pack(zlib.crc32(body))
        _put(self._file, record)
        self._bytes += _SIZE
        self._written += 1
        self._open.setdefault(key, []).append(record)

    def forget(self, keys: Iterable[Key]) -> None:
        """These are committed in the database. What is left is written anew when the file has grown long."""
        for key in keys:
            self._open.pop(key, None)
        if self._bytes > _REWRITE_AT:
            self._rewrite()

    def _rewrite(self) -> None:
        """Where the disk does not take it, the long file stays: cut short it would call mails never begun that are."""
        aside = self._path.with_suffix(".aside")
        kept = b"".join(record for records in self._open.values() for record in records)
        try:
            file = self._begin(aside, kept)
            _sync_or_close(file)
        except OSError:
            aside.unlink(missing_ok=True)
            return
        with self._disk:
            aside.replace(self._path)
            os.close(self._file)
            self._file, self._bytes = file, len(kept)
            _sync_folder(self._path.parent)

    def sync(self) -> None:
        with self._disk:
            os.fdatasync(self._file)

    async def secured(self) -> None:
        """In a strict journal: until all that was written so far is on the disk. Who waits at the same time shares one
        flush. OSError where the disk does not take it."""
        if not self._strict:
            return
        wanted = self._written
        async with self._turn:
            if self._synced < wanted:
                upto = self._written
                await asyncio.get_running_loop().run_in_executor(None, self.sync)
                self._synced = upto

    def close(self) -> None:
        """End it. A journal of which nothing is open leaves no file."""
        os.close(self._file)
        if not self._open:
            remove(self._path)
        os.close(self._lock)


@dataclass(frozen=True)
class EditionInk:
    """The journal as the carriers of one edition write it."""

    journal: Journal
    edition: int

    def key(self, claim: Claim) -> Key:
        return Key(self.edition, claim.reader, claim.epoch)

    def intent(self, claim: Claim) -> None:
        self.journal.write(self.key(claim), Kind.INTENT)

    async def secured(self) -> None:
        await self.journal.secured()

    def answer(self, claim: Claim, state: State, code: int) -> None:
        self.journal.write(self.key(claim), Kind.ANSWER, state, code)


def _put(file: int, data: bytes) -> None:
    """Append all of it; OSError where the disk takes less."""
    if os.write(file, data) != len(data):
        raise OSError("short write")


def _sync_or_close(file: int) -> None:
    try:
        os.fsync(file)
    except OSError:
        os.close(file)
        raise


def _sync_folder(folder: Path) -> None:
    """That a name leads to its newest file is a fact of the folder, and is flushed with it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(folder: Path, worker: int) -> Path:
    return folder / f"{worker:016x}.journal"


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def remove(path: Path) -> None:
    """Take a journal away that is settled."""
    path.unlink(missing_ok=True)
    _lock_of(path).unlink(missing_ok=True)


def read(path: Path) -> Book | None:
    """What stands in a journal; None where there is none to be read."""
    try:
        data = path.read_bytes()
        magic, worker, boot = _HEAD.unpack_from(data)
    except (OSError, struct.error):
        return None
    if magic not in (_MAGIC, _STRICT):
        return None
    name, strict = boot.decode("ascii", "replace").strip(), magic == _STRICT
    entries: dict[Key, Entry] = {}
    for at in range(_HEAD.size, len(data) - _SIZE + 1, _SIZE):
        body, check = data[at : at + _RECORD.size], data[at + _RECORD.size : at + _SIZE]
        if _CHECK.unpack(check)[0] != zlib.crc32(body):
            last = at + 2 * _SIZE > len(data)
            return Book(worker, name, entries, whole=last, strict=strict)
        edition, reader, epoch, kind, state, code = _RECORD.unpack(body)
        entries[Key(edition, reader, epoch)] = Entry(Kind(kind), State(state), code)
    return Book(worker, name, entries, strict=strict)


class DeadHand:
    """Another process's journal, read under its lock. `alive` where its process has it still."""

    def __init__(self, folder: Path, worker: int) -> None:
        self.path = path_of(folder, worker)
        self.alive = False
        self.book: Book | None = None
        self._lock: int | None = None
        try:
            self._lock = os.open(_lock_of(self.path), os.O_RDWR)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.book = read(self.path)
        except BlockingIOError:
            self.alive = True
        except OSError:
            self.book = None

    def bury(self) -> None:
        """All of it is settled."""
        remove(self.path)

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
