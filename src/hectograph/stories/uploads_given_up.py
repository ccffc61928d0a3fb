"""Uploads that were given up: a picture waits for its credit, and the person closed the page."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from wagtail.models import UploadedFile

FOLDER = "wagtail_uploads"  # below MEDIA_ROOT: Wagtail's, for what waits
KEPT_FOR = timedelta(days=1)


def forget(now: datetime) -> int:
    """Remove waiting uploads that came more than a day before `now`, rows and files; returns how many files went.

    Wagtail notes no time of them: the file's own says when it came.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    old = [file for file in folder.glob("*") if file.is_file() and _came(file) < (now - KEPT_FOR).timestamp()]
    names = [f"{FOLDER}/{file.name}" for file in old]
    UploadedFile.objects.filter(file__in=names).delete()
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _came(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # its credit was just given
        return float("inf")
