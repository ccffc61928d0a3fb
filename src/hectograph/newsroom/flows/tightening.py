"""Packs the built site tighter, a file at a time, when nobody publishes: fast to build, small to read."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from hectograph.newsroom.flows.tree import Tree

_LARGEST = 100_000  # bytes: a fifth of a second, and a publication may wait for it
_LARGEST_AT_ALL = 10_000_000
_LOOKED_AT_ONCE = 200  # files that are tight already, in one step: their first bytes are read


class Tightening:
    """What is left to pack tighter in `tree`: what was written last comes first, then all there is, the newest months
    first. Only the site's one writer may step: a page that is written meanwhile would get the .br of an older one."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._written: deque[str] = deque()
        self._rest = self._all()

    def wrote(self, paths: Iterable[str]) -> None:
        """These pages have just been packed fast."""
        self._written.extend(paths)

    def look_round(self) -> None:
        """Go through the whole tree once more."""
        self._rest = self._all()

    def step(self) -> bool:
        """Pack one file; False when all are tight."""
        while self._written:
            if self._tree.tighten(self._written.popleft(), largest=_LARGEST):
                return True
        for _ in range(_LOOKED_AT_ONCE):
            path = next(self._rest, None)
            if path is None:
                return False
            if self._tree.tighten(path, largest=_LARGEST):
                break
        return True

    def _all(self) -> Iterator[str]:
        for folder, inner, names in os.walk(self._tree.root):
            inner.sort(reverse=True)
            for name in names:
                if name.endswith(".br"):
                    yield os.path.relpath(os.path.join(folder, name[:-3]), self._tree.root)


def pack_all(tree: Tree, progress: Callable[[int, int], None]) -> int:
    """Pack the whole of `tree` tight in one go, large files too, since nobody waits; returns how many files were.
    `progress` is told files done and in all."""
    paths = [path.removesuffix(".br") for path in tree.files() if path.endswith(".br")]
    packed = 0
    for done, path in enumerate(paths, 1):
        packed += tree.tighten(path, largest=_LARGEST_AT_ALL)
        progress(done, len(paths))
    return packed
