"""Small mails that wait or went. No address stands here: it is unsealed when the mail leaves."""

from __future__ import annotations

from django.db import models

from hectograph.readers.contact_row import Contact
from hectograph.readers.subscriber import Subscriber


class Outgoing(models.Model):
    """To a subscriber or to a contact, never to both. A contact's `kind` is any that `texts/contacts/` has; its `words`
    and `links` (`contact_mail`) name nobody."""

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

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, null=True, related_name="mails")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="mails")
    kind = models.CharField(max_length=24)
    words = models.JSONField(default=dict)
    links = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    made = models.DateTimeField()
    not_before = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="outgoing_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subscriber=None, contact__isnull=False)
                | models.Q(subscriber__isnull=False, contact=None),
                name="a_mail_has_one_reader",
            )
        ]
