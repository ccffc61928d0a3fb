"""The country policy's versions. Each is a row of its own, and none is ever changed."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from hectograph.payments.policy import Policy


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


def current() -> Policy | None:
    """The newest version; None where the newsroom has set none, and then nobody can pay."""
    row = PolicyRow.objects.order_by("-version").first()
    return Policy(row.version, frozenset(row.blocked), frozenset(row.caution)) if row else None


def publish(policy: Policy, by: str, now: datetime, note: str = "") -> Policy:
    """Make `policy` the newest version; returns it as it is kept."""
    row = PolicyRow.objects.create(
        blocked=sorted(policy.blocked), caution=sorted(policy.caution), effective_at=now, by=by[:80], note=note[:200]
    )
    return Policy(row.version, policy.blocked, policy.caution)
