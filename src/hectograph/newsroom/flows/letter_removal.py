"""A story is taken down: it leaves every letter, its web version and the bytes that were kept. A letter that is just
being sent is stopped."""

from __future__ import annotations

from hectograph.letters import approval, steering
from hectograph.letters.edition import CompiledLetter, Edition, State
from hectograph.letters.letter import Entry, Letter, Trial
from hectograph.stories import queue

_GOING = (State.FREEZING, State.SENDING, State.PAUSED)


def forget(story: int) -> list[int]:
    """Take the story out of all letters. Returns the ids of editions that readers got it with.

    What is being sent holds its words, so it is cancelled: who has it has it, nobody else gets it.
    """
    touched = list(Edition.objects.filter(letters__entries__story=story).distinct())
    ids = [edition.pk for edition in touched]
    shown = Letter.objects.filter(entries__story=story, published_at__isnull=False)
    queue.put_all(queue.Kind.LETTER, set(shown.values_list("pk", flat=True)))
    for edition in touched:
        if edition.state in _GOING:
            steering.cancel(edition.pk, "take-down")
        else:
            approval.withdraw(edition)
    CompiledLetter.objects.filter(edition__in=ids).delete()
    Trial.objects.filter(edition__in=ids).delete()
    Entry.objects.filter(story=story).delete()
    return sorted(edition.pk for edition in touched if edition.frozen_count is not None)


def mentions(words: str) -> list[Edition]:
    """Editions whose own text holds `words`: an editor must look at them."""
    found = Letter.objects.filter(subject__icontains=words) | Letter.objects.filter(introduction__icontains=words)
    ids = set((found | Letter.objects.filter(preheader__icontains=words)).values_list("edition", flat=True))
    ids |= set(Entry.objects.filter(note__icontains=words).values_list("letter__edition", flat=True))
    return list(Edition.objects.filter(pk__in=ids).order_by("slot", "pk"))
