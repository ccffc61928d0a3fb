"""Rows of photos as the press's records, and where files of the library stand on the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hectograph.press import records

PHOTO = ("pk", "caption", "alt", "credit", "licence", "reusable", "files")


def media_path(name: str) -> str:
    """Where a file of MEDIA_ROOT stands on the site."""
    return f"media/{name.rpartition('/')[2]}"


def photo_record(row: Mapping[str, Any]) -> records.Photo:
    """The record of a row with the fields `PHOTO`."""
    files = [(kind, records.Rendition(media_path(path), w, h, form)) for kind, w, h, form, path in row["files"]]
    return records.Photo(
        id=row["pk"],
        alt=row["alt"],
        caption=row["caption"],
        credit=row["credit"],
        licence=row["licence"],
        reusable=row["reusable"],
        renditions=tuple(rendition for kind, rendition in files if kind == "full"),
        crops=tuple(rendition for kind, rendition in files if kind == "card"),
    )
