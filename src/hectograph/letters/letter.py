"""What editors choose and write: an edition in one language, and its entries in their order.

A story is named by its number alone, so that these rows load without the room of stories.
"""

from __future__ import annotations

from django.db import models

from hectograph.letters.edition import Edition


class Letter(models.Model):
    """An edition in one language. `introduction` and notes are plain text with a few marks (`letters.marks`)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="letters")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    preheader = models.CharField(max_length=250, blank=True)
    introduction = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)  # counts edits: of two editors at once, one is told
    published_at = models.DateTimeField(null=True)  # when its web version went to the site; None: it is not there

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="one_letter_a_language")]

    def __str__(self) -> str:
        return f"{self.edition} {self.language}"


class Entry(models.Model):
    """A section's title (`heading`) or a story, with the editor's note."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="entries")
    order = models.PositiveIntegerField()
    heading = models.CharField(max_length=120, blank=True)
    story = models.BigIntegerField(null=True, db_index=True)
    approved = models.BigIntegerField(null=True)  # the revision of the story that was approved; None before
    note = models.TextField(blank=True)
    full = models.BooleanField(default=False)  # its whole text, so that nobody needs the web
    picture = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(story__isnull=True) | models.Q(heading=""), name="entry_is_heading_or_story"
            ),
            models.UniqueConstraint(fields=["letter", "story"], name="a_story_once_a_letter"),
        ]

    def __str__(self) -> str:
        return self.heading or f"story {self.story}"


class Mend(models.Model):
    """A path of our own site that a sent letter names wrongly, and where it leads since."""

    path = models.CharField(max_length=300, unique=True)  # relative to the site's root, without a slash before it
    target = models.CharField(max_length=500)  # another path of ours, or an https address
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.path


class Trial(models.Model):
    """A test letter on its way to the address that an editor typed. The address is sealed as soon as it is typed, to a
    key that only the opener holds, and goes when the letter has left."""

    class State(models.TextChoices):
        READY = "ready"
        SENDING = "sending"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        UNCERTAIN = "uncertain"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="trials")
    language = models.CharField(max_length=10)
    sealed = models.BinaryField(null=True)
    compiled = models.BinaryField(null=True)  # the letter as it stood then
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    made_at = models.DateTimeField(auto_now_add=True)
    person = models.BigIntegerField()  # id of the member of staff
