"""Rows move to the newest store key, in small batches, while the opener has nothing else to do.

old key's rows, by number → opened → sealed anew → stored, unless the row changed meanwhile

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
from hectograph.sealing.envelope import HEADER_BYTES, ID_BYTES, STORE, EnvelopeProblem

Sealed = Subscriber | Contact
TABLES: tuple[type[Sealed], ...] = (Subscriber, Contact)
_REACHED: dict[type[Sealed], str] = {Subscriber: "reached", Contact: "reached_contacts"}
_BATCH = 200  # rows; about a tenth of a second
_LOOK_AGAIN = timedelta(hours=1)  # a process that held the old ring may have added rows behind our back


def step(vault: Vault, now: datetime, *, batch: int = _BATCH) -> bool:
    """Re-seal some rows. Says whether more are to do."""
    key = vault.ring.current(STORE).id
    standing = Resealing.objects.filter(key=key.hex()).first() or _begin(key)
    if standing.finished_at and (not standing.left or now - standing.finished_at < _LOOK_AGAIN):
        return False
    return any(_move_some(vault, standing, table, key, batch) for table in TABLES) or _finish(standing, key, now)


def under(key: bytes) -> int:
    """How many rows are sealed to the key with the id `key`."""
    return sum(_marked(table).filter(under=key).count() for table in TABLES)


def _begin(key: bytes) -> Resealing:
    return Resealing.objects.create(key=key.hex(), total=_left(key))


def _move_some(vault: Vault, standing: Resealing, table: type[Sealed], key: bytes, batch: int) -> bool:
    """Re-seal the next rows of `table`. Says whether there were any."""
    reached = _REACHED[table]
    others = _marked(table).exclude(under=key).filter(pk__gt=getattr(standing, reached))
    rows = list(others.order_by("pk").values_list("pk", "sealed")[:batch])
    if not rows:
        return False
    with transaction.atomic():
        standing.done += sum(_reseal(vault, table, pk, bytes(sealed or b"")) for pk, sealed in rows)
        setattr(standing, reached, rows[-1][0])
        standing.finished_at = None
        standing.save()
    return True


def _finish(standing: Resealing, key: bytes, now: datetime) -> bool:
    standing.reached = standing.reached_contacts = 0
    standing.finished_at, standing.left = now, _left(key)
    standing.save()
    return False


def _marked(table: type[Sealed]) -> QuerySet[Any, Any]:
    """Sealed rows, each with the id of the key that it is `under`, as its envelope says."""
    key = Substr("sealed", HEADER_BYTES - ID_BYTES + 1, ID_BYTES, output_field=models.BinaryField())
    return table.objects.exclude(sealed=None).annotate(under=key)


def _left(key: bytes) -> int:
    return sum(_marked(table).exclude(under=key).count() for table in TABLES)


def _reseal(vault: Vault, table: type[Sealed], pk: int, sealed: bytes) -> int:
    try:
        fresh = vault.close(vault.open(sealed))
    except EnvelopeProblem:
        return 0  # its key is not here: it stays, and is counted as left
    return table.objects.filter(pk=pk, sealed=sealed).update(sealed=fresh)
