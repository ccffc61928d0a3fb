"""Rows move to the newest store key, in small batches, while the opener has nothing else to do; and so do those that
were sealed in the older form of an envelope.

rows that begin otherwise, by number → opened → locked anew → stored, unless the row changed meanwhile

Where it stands is in the rows themselves: a killed opener goes on with the next start, and nothing is done twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.functions import Substr

from hectograph.readers.contact_row import Contact
from hectograph.readers.intake_state import Resealing
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from hectograph.sealing.envelope import AT_REST, HEADER_BYTES, ID_BYTES, STORE, EnvelopeProblem, header

Sealed = Subscriber | Contact
TABLES: tuple[type[Sealed], ...] = (Subscriber, Contact)
_REACHED: dict[type[Sealed], str] = {Subscriber: "reached", Contact: "reached_contacts"}
_BATCH = 200  # rows; about a tenth of a second
_LOOK_AGAIN = timedelta(hours=1)  # a process that held the old ring may have added rows behind our back


def step(vault: Vault, now: datetime, *, batch: int = _BATCH) -> bool:
    """Re-seal some rows. Says whether more are to do."""
    head = _head(vault)
    standing = Resealing.objects.filter(head=head.hex()).first() or _begin(head)
    if standing.finished_at and (not standing.left or now - standing.finished_at < _LOOK_AGAIN):
        return False
    return any(_move_some(vault, standing, table, head, batch) for table in TABLES) or _finish(standing, head, now)


def under(key: bytes) -> int:
    """How many rows are sealed to the key with the id `key`."""
    return sum(_marked(table).filter(under=key).count() for table in TABLES)


def left(vault: Vault) -> int:
    """How many rows are not yet as the newest store key locks them."""
    return _left(_head(vault))


def _head(vault: Vault) -> bytes:
    """What rows begin with once they have moved."""
    return header(vault.ring.current(STORE).id, AT_REST)


def _begin(head: bytes) -> Resealing:
    return Resealing.objects.create(head=head.hex(), total=_left(head))


def _move_some(vault: Vault, standing: Resealing, table: type[Sealed], head: bytes, batch: int) -> bool:
    """Re-seal the next rows of `table`. Says whether there were any."""
    reached = _REACHED[table]
    others = _marked(table).exclude(head=head).filter(pk__gt=getattr(standing, reached))
    rows = list(others.order_by("pk").values_list("pk", "sealed")[:batch])
    if not rows:
        return False
    with transaction.atomic():
        standing.done += sum(_reseal(vault, table, pk, bytes(sealed or b"")) for pk, sealed in rows)
        setattr(standing, reached, rows[-1][0])
        standing.finished_at = None
        standing.save()
    return True


def _finish(standing: Resealing, head: bytes, now: datetime) -> bool:
    standing.reached = standing.reached_contacts = 0
    standing.finished_at, standing.left = now, _left(head)
    standing.save()
    return False


def _marked(table: type[Sealed]) -> QuerySet[Any, Any]:
    """Sealed rows, each with the `head` of its envelope and the id of the key that it is `under`, as that says."""
    head = Substr("sealed", 1, HEADER_BYTES, output_field=models.BinaryField())
    key = Substr("sealed", HEADER_BYTES - ID_BYTES + 1, ID_BYTES, output_field=models.BinaryField())
    return table.objects.exclude(sealed=None).annotate(head=head, under=key)


def _left(head: bytes) -> int:
    return sum(_marked(table).exclude(head=head).count() for table in TABLES)


def _reseal(vault: Vault, table: type[Sealed], pk: int, sealed: bytes) -> int:
    try:
        fresh = vault.close(vault.open(sealed))
    except EnvelopeProblem:
        return 0  # its key is not here: it stays, and is counted as left
    return table.objects.filter(pk=pk, sealed=sealed).update(sealed=fresh)
