"""The folder of the built site. A file is written aside and renamed, so that nobody is ever served half of one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hectograph.errors import Problem
from hectograph.newsroom.flows import packing

COMPRESSED = frozenset({".html", ".xml", ".json", ".js", ".css", ".svg", ".txt"})
SUFFIXES = (".br", ".gz")
_ASIDE = ".aside"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class TreeProblem(Problem):
    """The site's folder can't be written."""


class Tree:
    """`root` holds the site. With `compress`, each text file has its .br and .gz beside it; without, what changes loses
    those it had: a host would go on serving what was."""

    def __init__(self, root: Path, *, compress: bool = True) -> None:
        self.root, self.compress = root, compress
        self._folders: set[str] = set()

    def put(self, path: str, data: bytes) -> bool:
        """Bring the file at `path` (site-relative) to `data`; False where it already was. The compressed ones come
        first: a file that is found equal has its companions in place too."""
        full = os.path.join(self.root, path)
        if self._holds(full, data):
            return False
        try:
            self._folder(os.path.dirname(full))
            for suffix, packed in self._packed(path, data):
                _replace(full + suffix, packed)
            for suffix in () if self.compress else SUFFIXES:
                _unlinked(full + suffix)
            _replace(full, data)
        except OSError as error:
            raise _problem(error) from error
        return True

    def remove(self, path: str) -> bool:
        """Take the file at `path` away, with its companions; False where there was none."""
        full = os.path.join(self.root, path)
        found = False
        for name in (full, *(full + suffix for suffix in SUFFIXES)):
            found = _unlinked(name) or found
        return found

    def tighten(self, path: str, *, largest: int) -> bool:
        """Pack the .br of the file at `path` as small as it gets; False where there is none, it is so already, or the
        file has more than `largest` bytes."""
        full = os.path.join(self.root, path)
        try:
            with open(f"{full}.br", "rb") as packed:
                if packing.is_tight(packed.read(1)) or os.stat(full).st_size > largest:
                    return False
            with open(full, "rb") as file:
                _replace(f"{full}.br", packing.tight(file.read()))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise _problem(error) from error
        return True

    def link(self, path: str, source: Path) -> bool:
        """Put the file `source` at `path`, without a copy where the disk allows. Names of media hold their digest, so
        a file that is there is the right one."""
        full = os.path.join(self.root, path)
        if os.path.exists(full) or not source.exists():
            return False
        try:
            self._folder(os.path.dirname(full))
            aside = full + _ASIDE
            with suppress(FileNotFoundError):
                os.unlink(aside)
            try:
                os.link(source, aside)
            except OSError:
                Path(aside).write_bytes(source.read_bytes())
            os.replace(aside, full)
        except OSError as error:
            raise _problem(error) from error
        return True

    def sweep(self, keep: set[str], *, spare: tuple[str, ...] = (), older_than: float | None = None) -> int:
        """Remove every file that is neither in `keep` nor a companion of one, nor below a folder in `spare`; and
        whatever a killed run left aside. With `older_than` (seconds since the epoch) only what was written before.
        Returns how many went."""
        gone = 0
        for path in list(self.files()):
            plain = path[:-3] if path.endswith(SUFFIXES) else path
            full = os.path.join(self.root, path)
            if plain in keep or path.startswith(spare) or (older_than and os.stat(full).st_mtime >= older_than):
                continue
            gone += _unlinked(full)
        self._drop_empty_folders()
        return gone

    def files(self) -> Iterator[str]:
        """Every file of the tree, site-relative."""
        for folder, _, names in os.walk(self.root):
            prefix = os.path.relpath(folder, self.root).replace(os.sep, "/")
            for name in names:
                yield name if prefix == "." else f"{prefix}/{name}"

    def _drop_empty_folders(self) -> None:
        for folder, _, _ in os.walk(self.root, topdown=False):
            if folder != str(self.root):
                with suppress(OSError):  # not empty
                    os.rmdir(folder)
        self._folders.clear()

    def make(self) -> None:
        """Make the folder itself, where it is not there yet."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _problem(error) from error

    def _folder(self, folder: str) -> None:
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)

    def _packed(self, path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        if self.compress and os.path.splitext(path)[1] in COMPRESSED:
            yield ".br", packing.fast(data)
            yield ".gz", packing.zipped(data)

    def _holds(self, full: str, data: bytes) -> bool:
        try:
            if os.stat(full).st_size != len(data):
                return False
            with open(full, "rb") as file:
                return file.read() == data
        except (FileNotFoundError, NotADirectoryError):
            return False


def _unlinked(full: str) -> bool:
    try:
        os.unlink(full)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _problem(error) from error
    return True


def _replace(full: str, data: bytes) -> None:
    aside = full + _ASIDE
    try:
        _write(aside, data)
        os.replace(aside, full)
    except OSError:
        with suppress(OSError):
            os.unlink(aside)
        raise


def _write(path: str, data: bytes) -> None:
    """As `open` and `write` do, for a third of their cost: a whole site is tens of thousands of small files."""
    handle = os.open(path, _NEW, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def _problem(error: OSError) -> TreeProblem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return TreeProblem("The disk is full: the site could not be written.", "Make room, then run `hecto publish`.")
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return TreeProblem(
            "The site's folder can't be written to.",
            "Give this account the right to write there, then `hecto publish`.",
        )
    return TreeProblem(f"The site could not be written ({error.strerror}).", "Run `hecto doctor`.")
