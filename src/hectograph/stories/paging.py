"""How the places of a list fall on pages. Places count from the oldest, so that a page, once full, never changes by a
newer story.

Page 1 is the oldest. The list's front (page 0) shows the last full page and the one being filled; those have no number
of their own until newer stories push them down.
"""

from __future__ import annotations

from hectograph.press.records import ListKind

_SIZES = {ListKind.MONTH: 100}


def size(kind: ListKind) -> int:
    return _SIZES.get(kind, 20)


def front_start(next_number: int, size: int) -> int:
    """The first place that stands on the front: of a long list the front shows up to twice `size`."""
    filling = max(next_number - 1, 0) // size
    return max(filling - 1, 0) * size


def page_of(number: int, next_number: int, size: int) -> int:
    """The page on which place `number` stands; 0 is the front."""
    return 0 if number >= front_start(next_number, size) else number // size + 1


def span(page: int, next_number: int, size: int) -> tuple[int, int]:
    """The places of `page`, from the first to the one after the last."""
    if page == 0:
        return front_start(next_number, size), next_number
    return (page - 1) * size, page * size


def numbered_pages(next_number: int, size: int) -> int:
    """How many numbered pages a list has."""
    return front_start(next_number, size) // size
