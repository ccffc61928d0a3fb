"""Pictures and PDFs of the site: the cleaned files of the library, linked beside the pages that show them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from hectograph.newsroom.flows.tree import Tree
from hectograph.stories.byline import Byline
from hectograph.stories.feed.photos import media_path
from hectograph.stories.pdf_document import PdfDocument
from hectograph.stories.photo import Photo
from hectograph.stories.press_state import Shown

FOLDERS = ("press", "documents")  # below MEDIA_ROOT: what the press may show; originals are elsewhere


def bring(paths: Iterable[str], tree: Tree) -> int:
    """Put the files at the site paths `paths` (`media/…`) in place; those already there stay. Returns how many came."""
    return sum(tree.link(path, found) for path in paths if (found := source(path)))


def source(path: str) -> Path | None:
    name = os.path.basename(path)
    for folder in FOLDERS:
        source = Path(settings.MEDIA_ROOT) / folder / name
        if source.exists():
            return source
    return None


def documents() -> set[str]:
    """Site paths of all documents of the library."""
    names = PdfDocument.objects.values_list("file", flat=True)
    return {f"media/{os.path.basename(name)}" for name in names}


def leave(dropped: set[tuple[str, int]], tree: Tree) -> list[str]:
    """Take the files of photos and documents away that no page shows any more: an unpublished story's pictures go with
    it. `dropped` are (kind, id) as pages no longer show them. Returns the paths that went."""
    paths: set[str] = set()
    for kind, target in dropped:
        if not _is_shown(kind, target):
            paths.update(_paths_of(kind, target))
    return [path for path in sorted(paths) if tree.remove(path)]


def sweep(tree: Tree) -> list[str]:
    """Take what the library no longer has off the site: a picture that was replaced, perhaps to hide a face."""
    gone = []
    with suppress(FileNotFoundError):
        for name in sorted(os.listdir(tree.root / "media")):
            path = f"media/{name}"
            if source(path) is None and tree.remove(path):
                gone.append(path)
    return gone


def _is_shown(kind: str, target: int) -> bool:
    by_byline = kind == Shown.Kind.PHOTO and Byline.objects.filter(photo=target).exists()
    return by_byline or Shown.objects.filter(kind=kind, target=target).exists()


def _paths_of(kind: str, target: int) -> Iterator[str]:
    """Site paths of a photo's or document's files, but those that another shown photo of the same pixels has too."""
    if kind == Shown.Kind.DOCUMENT:
        yield from (media_path(name) for name in PdfDocument.objects.filter(pk=target).values_list("file", flat=True))
    if kind != Shown.Kind.PHOTO:
        return
    for files in Photo.objects.filter(pk=target).values_list("files", flat=True):
        twins = Photo.objects.exclude(pk=target).annotate(listed=Cast("files", TextField()))
        for row in files:
            same = twins.filter(listed__contains=str(row[4])).values_list("pk", flat=True)
            if not any(_is_shown(kind, pk) for pk in same):
                yield media_path(str(row[4]))
