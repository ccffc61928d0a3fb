"""Many things a window at a time: what is held in memory does not grow with the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def windows(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """`things` in lists of `size`, the last one shorter; they are taken up as the lists are."""
    each = iter(things)
    while window := list(islice(each, size)):
        yield window
