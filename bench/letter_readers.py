"""Many readers for the letter's figures, in little time: the first ones sealed and stored as always, the others made of
them by the database itself. So addresses repeat; opening them costs what it always costs."""

from __future__ import annotations

from django.db import connection, transaction

from hectograph.newsroom.demo import practice
from hectograph.newsroom.vaults import folder as keys

_SEALED = 2_000  # enough addresses of their own that opening costs what it always does, and soon made
_AT_ONCE = 50  # times as many

_RANDOM = {"postgresql": "replace(gen_random_uuid()::text, '-', '')", "sqlite": "lower(hex(randomblob(16)))"}
_TIMES = "WITH RECURSIVE times(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM times WHERE n < %s) "


def letter_to(count: int) -> int:
    """A newsroom with `count` readers, whose letter is approved; returns the edition's number."""
    edition = practice.make(keys(), min(count, _SEALED))
    _multiply(count)
    return edition


def _multiply(count: int) -> None:
    times = (count - 1) // _SEALED
    for first in range(1, times + 1, _AT_ONCE):
        _repeat(first, min(times, first + _AT_ONCE - 1), count)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO readers_membership (subscriber_id, newsletter, state) SELECT s.id, 'weekly', 'active' "
            "FROM readers_subscriber s WHERE NOT EXISTS (SELECT 1 FROM readers_membership m WHERE m.subscriber_id = s.id)"
        )
        cursor.execute("ANALYZE")


@transaction.atomic
def _repeat(first: int, last: int, count: int) -> None:
    """The first readers again, `first` to `last` times removed, as far as `count`."""
    fresh = _RANDOM[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            _TIMES + 'INSERT INTO readers_subscriber ("index", sealed, number, confirm_number, language, state) '
            f"SELECT {fresh} || {fresh}, s.sealed, {fresh}, '', s.language, s.state "
            "FROM readers_subscriber s CROSS JOIN times WHERE s.id <= %s AND times.n * %s + s.id <= %s",
            [first, last, _SEALED, _SEALED, count],
        )
