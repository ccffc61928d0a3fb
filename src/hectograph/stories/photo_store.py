"""Photos of the library on disk: the clean original, and the renditions that the press shows."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import TextField
from django.db.models.functions import Cast

from hectograph.stories.photo import Photo
from hectograph.stories.photo_files import RenditionFile, clean_photo, make_renditions

FOLDER = "press"  # below MEDIA_ROOT: what the site may show


def take_in(photo: Photo, data: bytes, name: str) -> None:
    """Clean `data` and make it the file of the unsaved `photo`. The stored name says nothing: it is a digest.

    Raises BadPhoto; nothing is stored then.
    """
    clean = clean_photo(data, name)
    photo.file.save(neutral_name(clean.data, clean.extension), ContentFile(clean.data), save=False)
    photo.width, photo.height, photo.file_size = clean.width, clean.height, len(clean.data)
    photo._set_file_hash()


def neutral_name(data: bytes, extension: str) -> str:
    """A file name that says nothing of where the file came from."""
    return f"{hashlib.sha256(data).hexdigest()[:20]}.{extension}"


def render(photo: Photo) -> None:
    """Make the press's files of `photo`, drop those it had before, and save their list."""
    with photo.file.open("rb") as file:
        data = file.read()
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[list[object]] = []
    files = list(make_renditions(data, focal=_focal(photo)))
    digest = _digest_of(files)
    for made in files:
        name = f"{digest}{'c' if made.kind == 'card' else '-'}{made.width}.{made.extension}"
        (folder / name).write_bytes(made.data)
        rows.append([made.kind, made.width, made.height, made.format, f"{FOLDER}/{name}"])
    old, photo.files = photo.files, rows
    photo.save(update_fields=["files"])
    _drop(photo, old, {str(row[4]) for row in rows})


def _digest_of(files: list[RenditionFile]) -> str:
    """One name for all files of a picture: a page lists nine of them, and nine digests would not compress."""
    whole = hashlib.sha256()
    for made in files:
        whole.update(made.data)
    return whole.hexdigest()[:12]


def drop_renditions(photo: Photo) -> None:
    """Remove the press's files of `photo` from the disk, but those that another photo shares."""
    _drop(photo, photo.files, set())


def drop_files(photo: Photo) -> None:
    """Remove everything of `photo` from the disk."""
    drop_renditions(photo)
    photo.file.delete(save=False)


def _drop(photo: Photo, rows: list[list[object]], keep: set[str]) -> None:
    for row in rows:
        if str(row[4]) not in keep and not _used_by_others(photo, str(row[4])):
            (Path(settings.MEDIA_ROOT) / str(row[4])).unlink(missing_ok=True)


def _used_by_others(photo: Photo, path: str) -> bool:
    """Names are digests of what files hold: two photos of the same pixels share them."""
    others = Photo.objects.exclude(pk=photo.pk).annotate(listed=Cast("files", TextField()))
    return others.filter(listed__contains=path).exists()


def _focal(photo: Photo) -> tuple[float, float] | None:
    if photo.focal_point_x is None or not photo.width or not photo.height:
        return None
    return photo.focal_point_x / photo.width, photo.focal_point_y / photo.height
