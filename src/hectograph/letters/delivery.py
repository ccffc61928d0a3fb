"""A reader's copy of an edition: one row each, from the moment the audience is written down. No address stands here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hectograph.post.outcomes import State


class Delivery(models.Model):
    """`place` is a keyed hash that orders the sending, so that no mailbox provider is written to in one burst. `worker`
    and `epoch` say in whose hand the row is and for the how-manieth time."""

    pk = models.CompositePrimaryKey("edition", "subscriber")
    edition = models.BigIntegerField()
    subscriber = models.BigIntegerField()  # readers.Subscriber's id; erased readers keep their row
    place = models.BigIntegerField()
    state = models.SmallIntegerField(default=0)  # post.outcomes.State
    epoch = models.IntegerField(default=0)
    attempt = models.SmallIntegerField(default=0)
    worker = models.BigIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    code = models.SmallIntegerField(default=0)  # the relay's last answer

    class Meta:
        indexes = [
            models.Index(fields=["edition", "place"], condition=Q(state=State.READY.value), name="delivery_ready"),
            models.Index(
                fields=["edition", "not_before"], condition=Q(state=State.DEFERRED.value), name="delivery_deferred"
            ),
            models.Index(fields=["edition", "worker"], condition=Q(state=State.LEASED.value), name="delivery_leased"),
            models.Index(fields=["edition"], condition=Q(state=State.UNCERTAIN.value), name="delivery_uncertain"),
        ]


class EditionEvent(models.Model):
    """What people and breakers did with an edition on its way. Rows are only ever added."""

    edition = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    act = models.CharField(max_length=20)  # start, pause, resume, cancel, rate, resolve, trip, waive
    person = models.CharField(max_length=80, blank=True)  # a member of staff's or operator's name; empty for breakers
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["edition", "at"], name="edition_event")]
