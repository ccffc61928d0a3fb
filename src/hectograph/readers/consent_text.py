"""The words that readers agreed to, kept as long as a consent may name them. A consent event holds their version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count

from hectograph.readers.subscriber import Consent, Subscriber


class ConsentText(models.Model):
    """One version of the words beside the form, in one language. Rows are only ever added."""

    version = models.CharField(max_length=40, unique=True)
    language = models.CharField(max_length=10)
    text = models.TextField()
    since = models.DateTimeField()  # when this newsroom first showed it


@dataclass(frozen=True)
class Agreed:
    """A version and how many requests name it. `text` is empty for one that this newsroom never showed: the version
    comes with the form, and anybody can write a form."""

    version: str
    requests: int
    language: str = ""
    text: str = ""
    since: datetime | None = None


def keep(texts: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Keep what is shown now: version, language and text of each."""
    for version, language, text in texts:
        ConsentText.objects.get_or_create(version=version, defaults={"language": language, "text": text, "since": now})


def shown_to(reader: Subscriber) -> str:
    """The words that the reader last agreed to; where this newsroom never showed that version, the newest of theirs."""
    asked = reader.consents.filter(kind=Consent.Kind.REQUESTED).last()
    rows = ConsentText.objects.order_by("since", "pk")
    row = rows.filter(version=asked.text).first() if asked else None
    row = row or rows.filter(language=reader.language).last()
    return row.text if row else ""


def agreed() -> list[Agreed]:
    """Every version that was shown or is named by a request, the oldest first; those never shown come last."""
    requested = Consent.objects.filter(kind=Consent.Kind.REQUESTED).order_by()
    counts = dict(requested.values_list("text").annotate(Count("pk")))
    shown = [
        Agreed(row.version, counts.pop(row.version, 0), row.language, row.text, row.since)
        for row in ConsentText.objects.order_by("since", "pk")
    ]
    return shown + [Agreed(version, count) for version, count in sorted(counts.items())]
