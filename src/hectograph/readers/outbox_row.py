"""Small mails that wait or went. No address stands here: it is unsealed when the mail leaves."""

from __future__ import annotations

from django.db import models

from hectograph.readers.subscriber import Subscriber


class Outgoing(models.Model):
    class Kind(models.TextChoices):
        CONFIRM = "confirm"
        WELCOME = "welcome"
        ALREADY = "already"
        PROBE = "probe"  # does anything arrive? The last letters came back

    class State(models.TextChoices):
        READY = "ready"
        SENDING = "sending"  # handed over just now; after a crash its fate is uncertain
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        UNCERTAIN = "uncertain"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    made = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="outgoing_due")]
