"""What taking in leaves behind: which envelopes were seen, which could not be opened, and counts."""

from __future__ import annotations

from django.db import models


class Taken(models.Model):
    """An envelope that was opened, by its digest: a desk that hands it out again changes nothing."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)


class Held(models.Model):
    """An envelope whose key is missing or that is malformed: kept as it came, and shown."""

    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()


class Tally(models.Model):
    """How often something happened on a day. Counts alone; they name nobody."""

    day = models.DateField()
    what = models.CharField(max_length=30)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "what"], name="one_tally_a_day")]


class Resealing(models.Model):
    """How far rows have come to a store key and its form of envelopes. `left` could not be opened, when last looked
    through."""

    head = models.CharField(max_length=22, unique=True)  # what their envelopes begin with, in hexadecimal
    total = models.PositiveIntegerField()  # rows that began otherwise when it began
    done = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0)  # the number of the subscriber that was last looked at
    reached_contacts = models.BigIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
