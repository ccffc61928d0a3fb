"""Giving again and again. The row knows the service's references and a contact's number; who it is, is not here."""

from __future__ import annotations

from django.db import models


class Plan(models.Model):
    """`uuid` is what a manage link names. `link_epoch` grows when older links must no longer work. `contact` is a
    number of `readers`, empty once it was erased. `said` notes which notices went out, so that none goes twice."""

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        FAILING = "failing"  # the last payment did not come through and is tried again
        ENDING = "ending"  # is to end, and the service was not told yet
        ENDED = "ended"

    uuid = models.UUIDField(unique=True)
    processor = models.CharField(max_length=30)
    sub_ref = models.CharField(max_length=120, unique=True)
    cus_ref = models.CharField(max_length=120, blank=True)
    frequency = models.CharField(max_length=10)  # monthly, annual
    minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    appeal = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    link_epoch = models.PositiveIntegerField(default=1)
    contact = models.CharField(max_length=32, blank=True)
    next_on = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    card_expires = models.CharField(max_length=7, blank=True)  # as 2027-03
    said = models.JSONField(default=dict)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)  # when it was last held against the service

    class Meta:
        indexes = [models.Index(fields=["state"], name="plan_state")]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class Wish(models.Model):
    """What a supporter asked for by their link, until it is done: a service that is down delays it, no more."""

    class State(models.TextChoices):
        WAITS = "waits"
        DONE = "done"
        FAILED = "failed"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="wishes")
    act = models.CharField(max_length=10)
    words = models.JSONField(default=dict)
    status = models.CharField(max_length=64, blank=True, db_index=True)  # of the page that waits, where one does
    desk = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITS)
    tries = models.PositiveIntegerField(default=0)
    look_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "look_at"], name="wish_due")]


LIVE = (Plan.State.ACTIVE, Plan.State.PAUSED, Plan.State.FAILING, Plan.State.ENDING)
