"""An edition: one letter of one newsletter for one day, and where it stands on its way to the readers."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """Where an edition stands. What may follow is in `MAY_FOLLOW`."""

    DRAFT = "draft"  # being written; nobody gets it
    APPROVED = "approved"  # these bytes may go out; an edit withdraws it
    SCHEDULED = "scheduled"  # approved, and goes out at `send_at`
    FREEZING = "freezing"  # due: desks are fetched from, then the audience is written down in one transaction
    SENDING = "sending"  # the sender works through the readers
    PAUSED = "paused"  # a person or a breaker holds it; goes on where it stopped
    DONE = "done"  # every reader has a final state, or is uncertain and shown
    CANCELLED = "cancelled"  # stopped by a person: who has it has it, nobody else gets it


MAY_FOLLOW: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.APPROVED, State.CANCELLED}),
    State.APPROVED: frozenset({State.DRAFT, State.SCHEDULED, State.FREEZING, State.CANCELLED}),
    State.SCHEDULED: frozenset({State.DRAFT, State.APPROVED, State.FREEZING, State.CANCELLED}),
    # Back to scheduled: a desk could not be fetched from, and nothing is written down yet.
    State.FREEZING: frozenset({State.SENDING, State.SCHEDULED, State.CANCELLED}),
    State.SENDING: frozenset({State.PAUSED, State.DONE, State.CANCELLED}),
    State.PAUSED: frozenset({State.SENDING, State.CANCELLED}),
    State.DONE: frozenset({State.SENDING}),  # a person has the uncertain ones sent again
    State.CANCELLED: frozenset(),
}
WRITABLE = frozenset({State.DRAFT, State.APPROVED, State.SCHEDULED})  # an edit leads back to draft


class Kind(models.TextChoices):
    WEEKLY = "weekly"  # one a slot
    ALERT = "alert"  # beside the slot: our new address, breaking news


class Edition(models.Model):
    """`newsletter` is a slug of `readers`. A weekly edition owns its slot; alerts of a day are numbered."""

    newsletter = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WEEKLY)
    slot = models.DateField()  # the day it is for, in the newsroom's zone
    number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    planned_at = models.DateTimeField(null=True)  # its slot's moment: goes then if it is approved by then
    send_at = models.DateTimeField(null=True)  # UTC, reckoned from the local hour and `zone` when it is scheduled
    zone = models.CharField(max_length=40, blank=True)  # IANA name
    neutral = models.BooleanField(default=False)  # sender's name and subject tell a stranger nothing
    needs_person = models.CharField(max_length=200, blank=True)  # why it waits for one
    approved_sha256 = models.CharField(max_length=64, blank=True)  # over all languages; empty: not approved
    link_hosts = models.JSONField(default=list)  # hosts that mailed links may stand on, as approved
    frozen_count = models.PositiveIntegerField(null=True)  # readers written down; None before
    frozen_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    rate = models.FloatField(default=0)  # mails a second, 0 for as fast as the relay allows
    fence = models.CharField(max_length=64, blank=True)  # the sender's installation that froze it; no other may send it
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "kind", "slot", "number"], name="one_edition_a_slot"),
            models.CheckConstraint(
                condition=models.Q(kind="alert") | models.Q(number=0), name="a_weekly_slot_has_one_edition"
            ),
        ]
        indexes = [models.Index(fields=["state", "send_at"], name="edition_due")]

    def __str__(self) -> str:
        return f"{self.newsletter} {self.slot:%Y-%m-%d}"


class CompiledLetter(models.Model):
    """An edition in one language as it goes out: bytes with named slots (`post.compiled`). Replaced, never changed."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="compiled")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=400)
    head = models.BinaryField()
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    link_hosts = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="compiled_once_a_language")]


class Approval(models.Model):
    """That a person approved these very bytes. Where two are asked for, two different people each leave a row."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="approvals")
    person = models.BigIntegerField()  # id of the member of staff
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "person", "sha256"], name="approved_once_a_person")]
