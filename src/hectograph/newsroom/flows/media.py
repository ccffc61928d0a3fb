"""Pictures and PDFs of the site: the cleaned files of the library, linked beside the pages that show them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from hectograph.newsroom.flows.tree import Tree
from hectograph.stories.pdf_document import PdfDocument

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
