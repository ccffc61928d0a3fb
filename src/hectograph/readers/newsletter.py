"""The newsletters that readers can be on, and who is on which: each is asked for, confirmed and left by itself."""

from __future__ import annotations

from django.db import models

from hectograph.readers.subscriber import Subscriber

WEEKLY = "weekly"  # comes set up


class Newsletter(models.Model):
    """`offered` ones stand in the sign-up form and among preferences; a reader of one that is not keeps getting it."""

    slug = models.SlugField(max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    offered = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.slug


class NewsletterWords(models.Model):
    """What a newsletter is called in one language, and what it promises. The weekly one's, where they are empty, are
    those of the sign-up box."""

    newsletter = models.ForeignKey(Newsletter, models.CASCADE, related_name="words")
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=80, blank=True)
    promise = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["newsletter", "language"], name="newsletter_words_once")]


class Membership(models.Model):
    """A reader's place in one newsletter. The reader's own state says whether they can be written to at all."""

    class State(models.TextChoices):
        PENDING = "pending"
        ACTIVE = "active"
        LEFT = "left"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="memberships")
    newsletter = models.CharField(max_length=40)  # its slug: what was once agreed to outlives the newsletter
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "newsletter"], name="one_membership")]
        indexes = [models.Index(fields=["newsletter", "state"], name="membership_state")]


def offered() -> list[str]:
    """Slugs of the newsletters that can be asked for, in their order; the weekly one is made where there is none."""
    found = list(Newsletter.objects.filter(offered=True).values_list("slug", flat=True))
    if not found and not Newsletter.objects.exists():
        Newsletter.objects.create(slug=WEEKLY)
        return [WEEKLY]
    return found
