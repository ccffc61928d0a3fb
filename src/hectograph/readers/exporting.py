"""Every reader who can be written to, as rows of a CSV that `importing` takes back."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch

from hectograph.readers.newsletter import Membership
from hectograph.readers.subscriber import Consent, Subscriber
from hectograph.readers.vault import Vault

_BATCH = 1000
HEADER = ["email", "subscribed", "language", "created_at", "source", "newsletters"]


def export(vault: Vault) -> Iterator[list[str]]:
    """The header, then a row a reader. `newsletters` are those that they get, each with the moment of its consent:
    `weekly=2026-11-24T12:00:00+00:00`, parted by spaces."""
    yield HEADER
    confirmed = Consent.objects.filter(kind=Consent.Kind.CONFIRMED).order_by("pk")
    active = Membership.objects.filter(state=Membership.State.ACTIVE).order_by("pk")
    rows = Subscriber.objects.exclude(sealed=None).order_by("pk")
    rows = rows.prefetch_related(
        Prefetch("consents", confirmed, to_attr="confirmed"), Prefetch("memberships", active, to_attr="active")
    )
    for reader in rows.iterator(chunk_size=_BATCH):
        yield _row(vault, reader)


def _row(vault: Vault, reader: Subscriber) -> list[str]:
    events = {event.letter: event for event in reader.confirmed}  # type: ignore[attr-defined] # prefetched
    last = reader.confirmed[-1] if reader.confirmed else None  # type: ignore[attr-defined]
    names = [row.newsletter for row in reader.active]  # type: ignore[attr-defined]
    return [
        vault.open(bytes(reader.sealed or b"")).decode(),
        "true" if reader.state == Subscriber.State.ACTIVE else "false",
        reader.language,
        last.at.isoformat() if last else "",
        last.how if last else "",
        " ".join(f"{name}={events[name].at.isoformat()}" if name in events else name for name in names),
    ]
