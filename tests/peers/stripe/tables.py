"""Rows by kind, in the order in which they came, and lists of them as the processor pages them: newest first."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from tests.peers.stripe.failures import Refused, missing

Row = dict[str, Any]
LIST_WORDS = {"limit", "starting_after", "ending_before", "created", "expand"}


class Table:
    """One kind of object. Rows are plain dicts; keys that begin with an underscore are never shown."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.rows: dict[str, Row] = {}
        self._order: list[str] = []
        self._place: dict[str, int] = {}

    def add(self, row: Row) -> Row:
        self._place[row["id"]] = len(self._order)
        self._order.append(row["id"])
        self.rows[row["id"]] = row
        return row

    def get(self, name: str, param: str = "id") -> Row:
        if name not in self.rows:
            raise missing(self.kind, name, param)
        return self.rows[name]

    def pick(self, draw: random.Random) -> Row:
        """Any one of the rows. LookupError if there is none."""
        if not self._order:
            raise LookupError(self.kind)
        return self.rows[draw.choice(self._order)]

    def all(self) -> list[Row]:
        return list(self.rows.values())

    def page(self, params: Row, keep: Callable[[Row], bool] = lambda row: True) -> tuple[list[Row], bool]:
        """The page that `limit`, `starting_after`, `ending_before` and `created` ask for; and whether there is more."""
        limit = params.get("limit", 10)
        if not 1 <= limit <= 100:
            raise Refused(400, "Invalid limit: must be between 1 and 100", "parameter_invalid_integer", param="limit")
        backwards = "ending_before" in params
        found: list[Row] = []
        for row in self._walk(params, backwards):
            if keep(row):
                found.append(row)
            if len(found) > limit:
                break
        page = found[:limit]
        return (page[::-1] if backwards else page), len(found) > limit

    def _walk(self, params: Row, backwards: bool) -> Iterator[Row]:
        low, high = self._span(params.get("created"))
        if "starting_after" in params:
            high = min(high, self._index(params["starting_after"], "starting_after"))
        if backwards:
            low = max(low, self._index(params["ending_before"], "ending_before") + 1)
        places = range(low, high) if backwards else range(high - 1, low - 1, -1)
        for place in places:
            name = self._order[place]
            if name in self.rows:
                yield self.rows[name]

    def _index(self, name: str, param: str) -> int:
        if name not in self._place:
            raise missing(self.kind, name, param)
        return self._place[name]

    def _span(self, created: Any) -> tuple[int, int]:
        """Places of the rows made within `created`: rows come in the order of time."""
        if created is None:
            return 0, len(self._order)
        bounds = {"gte": created, "lte": created} if isinstance(created, int) else created
        low, high = 0, len(self._order)
        for word, when in bounds.items():
            side = bisect_left if word in ("gte", "lt") else bisect_right
            place = side(self._order, when, key=lambda name: self.rows[name]["created"])
            low, high = (max(low, place), high) if word in ("gt", "gte") else (low, min(high, place))
        return low, high
