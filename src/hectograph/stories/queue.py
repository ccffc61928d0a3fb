"""The press's queue: what changed and is not on the site yet. A row goes only after its files are in place, so that a
worker killed in between leaves nothing undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from hectograph.stories.press_state import PressChange

Kind = PressChange.Kind


@dataclass(frozen=True)
class Batch:
    """Changes taken up together: ids of rows by kind, and the queue's rows to strike off when it is done."""

    changes: dict[str, set[int]]
    rows: tuple[int, ...]

    def of(self, kind: Kind) -> set[int]:
        return self.changes.get(kind, set())


def put(kind: Kind, target: int) -> None:
    """Queue a change. It counts when the surrounding transaction is committed."""
    PressChange.objects.create(kind=kind, target=target)


def put_all(kind: Kind, targets: Iterable[int]) -> None:
    PressChange.objects.bulk_create([PressChange(kind=kind, target=target) for target in targets])


def waiting() -> int:
    return PressChange.objects.count()


def take(*, site: bool, most: int = 500) -> Batch:
    """The oldest changes: those of the whole site (`site`) or all others."""
    rows = PressChange.objects.order_by("pk")
    rows = rows.filter(kind=Kind.SITE) if site else rows.exclude(kind=Kind.SITE)
    changes: dict[str, set[int]] = {}
    taken = list(rows.values_list("pk", "kind", "target")[:most])
    for _, kind, target in taken:
        changes.setdefault(kind, set()).add(target)
    return Batch(changes, tuple(pk for pk, _, _ in taken))


def strike_off(batch: Batch) -> None:
    with transaction.atomic():
        PressChange.objects.filter(pk__in=batch.rows).delete()


def strike_off_until(row: int) -> None:
    """Drop every change up to the queue's row `row`: a build of the whole site has taken them up."""
    PressChange.objects.filter(pk__lte=row).delete()
