"""A reader of the letter, as a thief would find them: a sealed address, a keyed index, a state."""

from __future__ import annotations

from django.db import models


class Subscriber(models.Model):
    class State(models.TextChoices):
        PENDING = "pending"
        ACTIVE = "active"
        UNSUBSCRIBED = "unsubscribed"
        ERASED = "erased"  # the index alone stays, so that an import can't bring them back

    index = models.CharField(max_length=64, unique=True)  # HMAC-SHA256 of the address; its key is not in the database
    sealed = models.BinaryField(null=True)  # the address, under the store key
    number = models.CharField(max_length=32, unique=True)  # what links name them by
    confirm_number = models.CharField(max_length=32, blank=True, db_index=True)  # of the request that waits
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    paused_until = models.DateField(null=True)
    disabled_at = models.DateTimeField(null=True)  # since then no mail: the address does not take any (deliverability)

    class Meta:
        indexes = [models.Index(fields=["state"], name="reader_state")]

    def __str__(self) -> str:
        return f"reader {self.pk}"


class Consent(models.Model):
    """What a reader agreed to or took back, and when. Rows are only ever added."""

    class Kind(models.TextChoices):
        REQUESTED = "requested"
        CONFIRMED = "confirmed"
        CHANGED = "changed"
        WITHDRAWN = "withdrawn"
        ERASED = "erased"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=12, choices=Kind)
    letter = models.CharField(max_length=40)
    text = models.CharField(max_length=40, blank=True)  # the version of the words they saw
    at = models.DateTimeField()
    how = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
