"""The audience, written down: one row for each reader who is to get an edition, all of them or none."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.db import connection, transaction

from hectograph.errors import Problem
from hectograph.letters.approval import is_what_was_approved
from hectograph.letters.edition import Edition, State

# Who may be written to, of readers_subscriber as `s`. Asked when the audience is written down and again at each claim.
WRITABLE = (
    "s.state = 'active' AND s.sealed IS NOT NULL AND s.disabled_at IS NULL "
    "AND (s.paused_until IS NULL OR s.paused_until <= %(today)s) "
    "AND EXISTS (SELECT 1 FROM readers_membership m WHERE m.subscriber_id = s.id AND m.state = 'active' "
    "AND m.newsletter = (SELECT e.newsletter FROM letters_edition e WHERE e.id = %(edition)s))"
)
_PLACES = {
    "postgresql": "hashtextextended(s.number, %(salt)s)",
    "sqlite": "hecto_place(s.number, %(salt)s)",
}


@transaction.atomic
def freeze(edition_id: int, fence: str, now: datetime) -> int:
    """Write down the audience of an edition that is FREEZING, and let it be sent; returns how many readers. A Problem
    where what is stored is not what was approved, or nobody is there. Run again after a crash it gives the same."""
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if edition.state != State.FREEZING:
        raise Problem("This edition's audience is not to be written down now.", "Look at its state.")
    if not is_what_was_approved(edition):
        raise Problem("What is stored is not what was approved.", "Approve the letter again.")
    count = _insert(edition_id, now)
    if not count:
        raise Problem("Nobody is subscribed yet: there is no one to send to.", "Wait for readers.")
    Edition.objects.filter(pk=edition_id, state=State.FREEZING).update(
        state=State.SENDING, frozen_count=count, frozen_at=now, fence=fence, needs_person=""
    )
    return count


def _insert(edition_id: int, now: datetime) -> int:
    salt = int.from_bytes(hashlib.sha256(b"place %d" % edition_id).digest()[:7], "big")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.create_function("hecto_place", 2, _place, deterministic=True)
        cursor.execute(  # our own words alone are put together
            "INSERT INTO letters_delivery (edition, subscriber, place, state, epoch, attempt, worker, code) "
            f"SELECT %(edition)s, s.id, {_PLACES[connection.vendor]}, 0, 0, 0, 0, 0 "
            f"FROM readers_subscriber s WHERE {WRITABLE} ON CONFLICT DO NOTHING",
            {"edition": edition_id, "salt": salt, "today": now.date().isoformat()},
        )
        cursor.execute("SELECT count(*) FROM letters_delivery WHERE edition = %s", [edition_id])
        return int(cursor.fetchone()[0])


def _place(number: str, salt: int) -> int:
    digest = hmac.digest(salt.to_bytes(8, "big"), number.encode(), "sha1")  # spreads; keeps no secret
    return int.from_bytes(digest[:8], "big", signed=True)
