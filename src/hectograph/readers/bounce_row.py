"""What came back of a reader's copies, and how the address stands. No address, and nothing of the mail itself."""

from __future__ import annotations

from django.db import models

from hectograph.readers.subscriber import Subscriber


class Bounce(models.Model):
    """One outcome of one copy: a mail that comes back twice counts once. Rows are only ever added."""

    class Kind(models.TextChoices):
        HARD = "hard"  # says that the mailbox is gone
        SOFT = "soft"  # says that it can't take mail now
        OURS = "ours"  # says something of us: policy, authentication, content. Never counts against a reader
        COMPLAINT = "complaint"  # the reader pressed "spam"

    edition = models.BigIntegerField()  # 0 is a small mail
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="bounces")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=20)  # of post.bounces
    status = models.CharField(max_length=12, blank=True)  # RFC 3463, as in 5.1.1
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "subscriber", "kind"], name="one_bounce_of_a_kind")]
        indexes = [models.Index(fields=["at"], name="bounce_at")]


class Standing(models.Model):
    """How an address stands. Only readers of whom something came back have one."""

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, related_name="standing")
    points = models.PositiveSmallIntegerField(default=0)  # soft ones, one an edition at the most
    last_bounce_on = models.DateField(null=True)
    probe_at = models.DateTimeField(null=True)  # when the last question "does this still arrive?" was posted
    reason = models.CharField(max_length=20, blank=True)  # why it was disabled
    restored_at = models.DateTimeField(null=True)  # bounces before this count no more
