"""What the nightly sweep found, night by night, and where it stands with each rail."""

from __future__ import annotations

from datetime import timedelta

from django.db import models


class SweepCursor(models.Model):
    """Where we stand with one rail. `movements_until` is the newest movement that a whole sweep saw; `longest_silence`
    is how long at most nothing was given between two charges, up to the last sweep."""

    rail = models.CharField(max_length=30, primary_key=True)
    movements_until = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)  # the last sweep that could be made
    tried_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)  # when lost hints were last asked for
    book_since = models.DateTimeField(null=True)  # a hint was dealt with; what moved since is not booked yet
    booked_at = models.DateTimeField(null=True)  # when it was last booked
    charges = models.BigIntegerField(default=0)
    longest_silence = models.DurationField(default=timedelta)


class SweepRun(models.Model):
    """One sweep. Balances and their difference (ours less theirs) are minor units by currency. The two lists name plans
    by the service's references: live at the service alone, live here alone."""

    class State(models.TextChoices):
        EQUAL = "equal"
        UNEQUAL = "unequal"
        UNREACHABLE = "unreachable"
        COUNTED = "counted"  # a rail that holds no money for us: there is no balance to compare

    rail = models.CharField(max_length=30)
    at = models.DateTimeField()
    state = models.CharField(max_length=11, choices=State, default=State.UNREACHABLE)
    found = models.IntegerField(default=0)  # movements that no hint had brought
    strange = models.IntegerField(default=0)  # of these, not understood
    processor_balance = models.JSONField(default=dict)
    ledger_balance = models.JSONField(default=dict)
    diff = models.JSONField(default=dict)
    plans_there = models.JSONField(default=list)
    plans_here = models.JSONField(default=list)
    error = models.CharField(max_length=80, blank=True)  # the class of what went wrong

    class Meta:
        indexes = [models.Index(fields=["rail", "-at"], name="sweep_rail_at")]
