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

from hectograph.readers.intake_state import Resealing
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from hectograph.sealing.envelope import HEADER_BYTES, ID_BYTES, STORE, EnvelopeProblem

_BATCH = 200  # rows; about a tenth of a second
_LOOK_AGAIN = timedelta(hours=1)  # a process that held the old ring may have added rows behind our back


def step(vault: Vault, now: datetime, *, batch: int = _BATCH) -> bool:
    """Re-seal some rows. Says whether more are to do."""
    key = vault.ring.current(STORE).id
    standing = Resealing.objects.filter(key=key.hex()).first() or _begin(key)
    if standing.finished_at and (not standing.left or now - standing.finished_at < _LOOK_AGAIN):
        return False
    rows = list(_others(key).filter(pk__gt=standing.reached).order_by("pk").values_list("pk", "sealed")[:batch])
    with transaction.atomic():
        moved = [_reseal(vault, pk, bytes(sealed or b"")) for pk, sealed in rows]
        standing.done += sum(moved)
        _note(standing, [pk for pk, _ in rows], key, now)
    return bool(rows)


def under(key: bytes) -> int:
    """How many rows are sealed to the key with the id `key`."""
    return _marked().filter(under=key).count()


def _begin(key: bytes) -> Resealing:
    return Resealing.objects.create(key=key.hex(), total=_others(key).count())


def _marked() -> QuerySet[Any, Any]:
    """Sealed rows, each with the id of the key that it is `under`, as its envelope says."""
    key = Substr("sealed", HEADER_BYTES - ID_BYTES + 1, ID_BYTES, output_field=models.BinaryField())
    return Subscriber.objects.exclude(sealed=None).annotate(under=key)


def _others(key: bytes) -> QuerySet[Any, Any]:
    return _marked().exclude(under=key)


def _reseal(vault: Vault, pk: int, sealed: bytes) -> int:
    try:
        fresh = vault.close(vault.open(sealed))
    except EnvelopeProblem:
        return 0  # its key is not here: it stays, and is counted as left
    return Subscriber.objects.filter(pk=pk, sealed=sealed).update(sealed=fresh)


def _note(standing: Resealing, moved: list[int], key: bytes, now: datetime) -> None:
    if moved:
        standing.reached, standing.finished_at = moved[-1], None
    else:
        standing.reached, standing.finished_at, standing.left = 0, now, _others(key).count()
    standing.save()
