"""The country policy's versions. Each is a row of its own, and none is ever changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import models, transaction

from hectograph.errors import Problem
from hectograph.payments.policy import WATCHED, Policy
from hectograph.support import operator_action


class PolicyRow(models.Model):
    """`blocked` and `caution` hold countries (ISO 3166-1, two letters), `watched` mail hosts; None, in versions that
    were made before these were kept, are those that are published with the program."""

    version = models.AutoField(primary_key=True)
    blocked = models.JSONField(default=list)
    caution = models.JSONField(default=list)
    watched = models.JSONField(null=True)
    effective_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["version"]


def current() -> Policy | None:
    """The newest version; None where the newsroom has set none, and then nobody can pay."""
    row = PolicyRow.objects.order_by("-version").first()
    if row is None:
        return None
    watched = WATCHED if row.watched is None else frozenset(row.watched)
    return Policy(row.version, frozenset(row.blocked), frozenset(row.caution), watched)


def publish(policy: Policy, by: str, now: datetime, note: str = "") -> Policy:
    """Make `policy` the newest version; returns it as it is kept."""
    row = PolicyRow.objects.create(
        blocked=sorted(policy.blocked),
        caution=sorted(policy.caution),
        watched=sorted(policy.watched),
        effective_at=now,
        by=by[:80],
        note=note[:200],
    )
    return replace(policy, version=row.version)


@transaction.atomic
def drop_hosts(hosts: frozenset[str], by: str, reason: str, now: datetime) -> Policy:
    """Make a version without these mail hosts; who did it and why is kept for good. A Problem where the newest version
    does not hold each of them, or no reason is given: a host that is dropped by mistake gets mail that is evidence."""
    plain = operator_action.reason(reason, "Say in a line why, by --reason.")
    policy = current()
    listed = policy.watched if policy else frozenset()
    if policy is None or (missing := sorted(hosts - listed)):
        raise Problem(
            f"The newest policy does not hold: {', '.join(missing if policy else sorted(hosts))}.",
            "`hecto support policy --list-hosts` shows those that it holds. Nothing was changed.",
        )
    operator_action.note("drop hosts", by, now, about=", ".join(sorted(hosts))[:120], words=plain)
    return publish(replace(policy, watched=listed - hosts), by, now, plain)
