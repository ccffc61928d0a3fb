"""Take-down and retirement: words that must be gone are gone, from the site, the database and its free pages.

Editing a story, correcting it and unpublishing it are other acts; this one can't be undone.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.admin.models import FormState
from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex, Revision

from hectograph.errors import Problem
from hectograph.newsroom.flows import letter_removal, scrubbing
from hectograph.stories import photo_store, queue, registering
from hectograph.stories.byline import Byline
from hectograph.stories.photo import Photo
from hectograph.stories.press_state import Address, ReadMoreChoice, Removal, Shown, Term, TermCount
from hectograph.stories.queue import Kind, Turn
from hectograph.stories.registering import pages_showing
from hectograph.stories.story import Story

# Words that stand in so few stories may be this one's. They are counted anew when they come again.
_RARE = 3


@dataclass
class Gone:
    """What went, by count, and `mentions`: ids of other pages where words of it may still stand."""

    photos: int = 0
    bylines: int = 0
    mentions: list[int] = field(default_factory=list)
    kept_photos: list[int] = field(default_factory=list)  # shown elsewhere too
    letter_mentions: list[str] = field(default_factory=list)  # letters whose own text holds the headline
    letters: list[int] = field(default_factory=list)  # ids of editions that went out with it


def take_down(story: int, *, reason: str = "", leave_page: bool = True) -> Gone:
    """Remove the story for good, with photos and bylines that stand nowhere else.

    With `leave_page` an honest page says when and why; without, nothing stands there. The files go when the queue is
    next worked; `scrubbing.scrub` then clears what the database's file remembers.
    """
    row = Story.objects.filter(pk=story).select_related("locale").first()
    if row is None:
        raise Problem("There is no such story.", "Give its number as the admin's address shows it.")
    registering.register([story])  # it may not have come to the site yet: its address is needed
    scrubbing.owe()
    gone = Gone(mentions=_mentions(row))
    paths = list(Address.objects.filter(page=story).values_list("path", "current"))
    photos, bylines, title = _own_photos(row, gone), _own_bylines(row), row.title
    with transaction.atomic():
        transaction.on_commit(scrubbing.owe)  # the worker may have paid what was owed before
        _queue_neighbours(story)
        _leave(paths, row, reason if leave_page else None)
        letters = letter_removal.forget(story)
        _forget_page(row)
        for photo in photos:
            forget_photo(photo)
        for byline in bylines:
            forget_byline(byline)
    gone.photos, gone.bylines = len(photos), len(bylines)
    gone.letters, gone.letter_mentions = letters, [str(edition) for edition in letter_removal.mentions(title)]
    scrubbing.remove_files(path for path, current in paths if not (current and leave_page))
    return gone


def retire(byline: int) -> Gone:
    """Take a name off every story, feed and list, and out of every revision."""
    row = Byline.objects.filter(pk=byline).first()
    if row is None:
        raise Problem("There is no such byline.", "`hecto retire --list` shows them.")
    scrubbing.owe()
    stories = set(row.signed.values_list("page_id", flat=True)) | pages_showing(Shown.Kind.BYLINE, [byline])
    gone = Gone(bylines=1, mentions=scrubbing.pages_with(name.name for name in row.names.all()))
    with transaction.atomic():
        transaction.on_commit(scrubbing.owe)  # as above
        with queue.in_turn(Turn.SOON):
            queue.put_all(Kind.STORY, sorted(stories, reverse=True))
            queue.put(Kind.BYLINE, byline)
        forget_byline(row)
    return gone


def _mentions(row: Story) -> list[int]:
    """Other pages that link to the story, or hold its headline."""
    linking = pages_showing(Shown.Kind.STORY, [row.pk]) | set(scrubbing.pages_with([row.title]))
    return sorted(linking - {row.pk})


def _own_photos(row: Story, gone: Gone) -> list[Photo]:
    """Photos of the story that no other page, draft or byline shows; the others are noted in `gone`."""
    used = ReferenceIndex.get_references_for_object(row).filter(
        to_content_type=ContentType.objects.get_for_model(Photo)
    )
    ids = {int(pk) for pk in used.values_list("to_object_id", flat=True)}
    ids |= set(Shown.objects.filter(page=row.pk, kind=Shown.Kind.PHOTO).values_list("target", flat=True))
    own = []
    for photo in Photo.objects.filter(pk__in=ids):
        elsewhere = ReferenceIndex.get_references_to(photo).exclude(object_id=str(row.pk)).exists()
        (gone.kept_photos.append(photo.pk) if elsewhere else own.append(photo))
    return own


def _own_bylines(row: Story) -> list[Byline]:
    signed = Byline.objects.filter(signed__page=row).distinct()
    return [byline for byline in signed if not byline.signed.exclude(page=row).exists()]


def _queue_neighbours(story: int) -> None:
    """The story itself leaves its lists; pages that show it are made anew without it."""
    queue.put(Kind.STORY, story)
    queue.put_all(
        Kind.STORY, Story.objects.filter(pk__in=pages_showing(Shown.Kind.STORY, [story])).values_list("pk", flat=True)
    )


def _leave(paths: list[tuple[str, bool]], row: Story, reason: str | None) -> None:
    if reason is None:
        return
    for path, current in paths:
        if current and row.live:
            hidden = base64.b64encode(path.encode()).decode()
            Removal.objects.create(address=hidden, language=row.locale.language_code, at=timezone.now(), reason=reason)


def _forget_page(row: Story) -> None:
    pk = row.pk
    # Its places stay until the queue is worked: the lists count it out by them.
    ReadMoreChoice.objects.filter(models.Q(story=pk) | models.Q(candidate=pk)).delete()
    Term.objects.filter(story=pk).delete()
    TermCount.objects.filter(language=row.locale.language_code, stories__lte=_RARE).exclude(term="").delete()
    Address.objects.filter(page=pk).delete()
    forget_traces(row)
    row.delete()
    PageLogEntry.objects.filter(page=pk).delete()


def forget_photo(photo: Photo) -> None:
    scrubbing.remove_media(str(row[4]) for row in photo.files)
    photo_store.drop_files(photo)
    forget_traces(photo)
    photo.delete()


def forget_byline(byline: Byline) -> None:
    forget_traces(byline)
    byline.delete()


def forget_traces(row: models.Model) -> None:
    """Revisions, log entries and half-typed forms of a row: each holds its words or its title."""
    kinds = [ContentType.objects.get_for_model(row)]
    Revision.objects.filter(object_id=str(row.pk), base_content_type__in=kinds).delete()
    Revision.objects.filter(object_id=str(row.pk), content_type__in=kinds).delete()
    ModelLogEntry.objects.filter(object_id=str(row.pk), content_type__in=kinds).delete()
    FormState.objects.filter(content_type__in=kinds, object_id__in=["", str(row.pk)]).delete()
