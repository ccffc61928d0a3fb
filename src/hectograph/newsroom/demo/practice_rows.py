"""The rows of a practice newsroom."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from django.db import connection, transaction

from hectograph.letters import approval
from hectograph.letters.delivery import Delivery
from hectograph.letters.edition import CompiledLetter, Edition, Kind
from hectograph.post.compiled import Compiled
from hectograph.post.outcomes import State
from hectograph.readers.newsletter import WEEKLY, Membership
from hectograph.readers.subscriber import Subscriber

_BATCH = 5_000


@transaction.atomic
def readers(sealed: list[bytes]) -> None:
    """An active reader for each sealed address."""
    for start in range(0, len(sealed), _BATCH):
        made = Subscriber.objects.bulk_create(
            Subscriber(
                index=f"{at:064x}",
                sealed=sealed[at],
                number=secrets.token_hex(16),
                language="en",
                state=Subscriber.State.ACTIVE,
            )
            for at in range(start, min(start + _BATCH, len(sealed)))
        )
        Membership.objects.bulk_create(
            Membership(subscriber=reader, newsletter=WEEKLY, state=Membership.State.ACTIVE) for reader in made
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def edition(letter: Compiled, number: int = 0) -> int:
    """An approved edition of it; beyond the first of a day, as an alert."""
    now = datetime.now(UTC)
    hosts = list(letter.link_hosts)
    slot = now.date()
    kind = Kind.ALERT if number else Kind.WEEKLY
    row = Edition.objects.create(newsletter="weekly", slot=slot, kind=kind, number=number, link_hosts=hosts)
    CompiledLetter.objects.create(
        edition=row,
        language=letter.language,
        subject=letter.subject,
        head=letter.head,
        body=letter.body,
        sha256=letter.sha256,
        link_hosts=hosts,
    )
    approval.approve(row, 1, now, needed=1)
    return int(row.pk)


def fates(edition: int) -> dict[str, list[int]]:
    """Readers, by their place among those that were made, under the state of their copy."""
    places = dict(Subscriber.objects.values_list("pk", "index"))
    found: dict[str, list[int]] = {}
    for reader, state in Delivery.objects.filter(edition=edition).values_list("subscriber", "state"):
        found.setdefault(State(state).name.lower(), []).append(int(places[reader], 16))
    return found
