"""Envelopes that were held for want of a key come in once the key is back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hectograph.readers import intake
from hectograph.readers.intake_state import Held
from hectograph.readers.vault import Vault
from hectograph.sealing.envelope import read_key_id


def take_held(vault: Vault, now: datetime, *, others: intake.Others) -> int:
    """Take them in, in order; returns how many there were. Which desk they came from is not known any more."""
    held = Held.objects.filter(reason="key missing").order_by("pk")
    back = [row for row in held if read_key_id(bytes(row.sealed)) in vault.ring.private]
    for row in back:
        with transaction.atomic():
            Held.objects.filter(pk=row.pk).delete()
            intake.take(vault, bytes(row.sealed), now, others=others)
    return len(back)
