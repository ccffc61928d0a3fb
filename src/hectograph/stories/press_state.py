"""What the press must remember between two runs, so that addresses, places and *Read more* stay as they were.

Rows name stories by number, without a foreign key: a place outlives the story that had it.
"""

from __future__ import annotations

from django.db import models


class PlaceList(models.Model):
    """One list of stories. `next_number` only grows: a place that a story leaves is never given again."""

    kind = models.CharField(max_length=12)  # records.ListKind
    language = models.CharField(max_length=10)
    key = models.CharField(max_length=12)  # id of the section, topic or byline; 2026-11 for a month; empty else
    next_number = models.PositiveIntegerField(default=0)
    stories = models.PositiveIntegerField(default=0)  # how many stand in it now
    changed_at = models.DateTimeField(null=True)  # the newest change of a story in it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "language", "key"], name="one_list_of_a_kind")]


class Place(models.Model):
    """Where a story stands in a list, counted from the oldest, for ever."""

    list = models.ForeignKey(PlaceList, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveIntegerField()
    story = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="one_story_a_place"),
            models.UniqueConstraint(fields=["list", "story"], name="one_place_a_story"),
        ]


class Address(models.Model):
    """A path on the site, and the page that has or had it. One is current; the others lead there."""

    path = models.CharField(max_length=300, unique=True)
    page = models.BigIntegerField(db_index=True)
    current = models.BooleanField(default=True)


class FormerSlug(models.Model):
    """A slug that a section, topic or byline had before: the pages of its list lead on from there.

    It goes with the row it was of: a byline's slug is its name.
    """

    kind = models.CharField(max_length=12)  # records.ListKind: section, topic or byline
    row = models.BigIntegerField(db_index=True)
    slug = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row", "slug"], name="former_slug_once")]


class Removal(models.Model):
    """A story that was taken down and left an honest page.

    `address` is the path in base64: the words of a taken-down headline stand in it, and a search of this database
    for them must find nothing.
    """

    address = models.TextField(unique=True)
    language = models.CharField(max_length=10)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)


class ReadMoreChoice(models.Model):
    """A stored candidate of *Read more*: twelve a story, the best first."""

    story = models.BigIntegerField()
    candidate = models.BigIntegerField(db_index=True)
    rank = models.PositiveSmallIntegerField()
    nearness = models.FloatField(default=0)  # as measured when chosen: what a newcomer is compared with

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "rank"], name="one_choice_a_rank")]


class Term(models.Model):
    """A telling term of a live story: the inverted index that *Read more* is chosen from."""

    language = models.CharField(max_length=10)
    term = models.CharField(max_length=60)
    story = models.BigIntegerField(db_index=True)
    weight = models.FloatField()
    published = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["language", "term", "-published", "story"], name="newest_with_a_term")]


class TermCount(models.Model):
    """In how many stories of a language a term stands; the empty term counts the stories themselves."""

    language = models.CharField(max_length=10)
    term = models.CharField(max_length=60)
    stories = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "term"], name="one_count_a_term")]


class Shown(models.Model):
    """That the page of `page` shows something of another row: a change of that one re-renders this page."""

    class Kind(models.TextChoices):
        STORY = "story"  # as a card or a link
        PHOTO = "photo"
        BYLINE = "byline"
        SECTION = "section"
        TOPIC = "topic"
        DOCUMENT = "document"

    page = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "target", "page"], name="shown_once")]


class PressChange(models.Model):
    """Something that the press has yet to take up. A row goes only after its files are in place."""

    class Kind(models.TextChoices):
        STORY = "story"
        PLAIN = "plain"
        HOME = "home"
        PHOTO = "photo"
        BYLINE = "byline"
        SECTION = "section"
        TOPIC = "topic"
        DOCUMENT = "document"
        SITE = "site"
        REMOVAL = "removal"
        LETTER = "letter"
        MEND = "mend"
        APPEAL = "appeal"
        PAGE = "page"  # shows something that changed: it is made anew, and its lists

    class Turn(models.IntegerChoices):
        FIRST = 0  # what people publish
        SOON = 1  # what follows from it on many pages
        LAST = 2  # an archive that comes in

    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    turn = models.PositiveSmallIntegerField(choices=Turn.choices, default=Turn.FIRST)

    class Meta:
        indexes = [models.Index(fields=["turn", "id"], name="whose_turn_it_is")]
