"""The country policy's versions. Each is a row of its own, and none is ever changed."""

from __future__ import annotations

from django.db import models


class PolicyRow(models.Model):
    """`blocked` and `caution` hold countries (ISO 3166-1, two letters)."""

    version = models.AutoField(primary_key=True)
    blocked = models.JSONField(default=list)
    caution = models.JSONField(default=list)
    effective_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["version"]
