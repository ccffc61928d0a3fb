"""Pictures that an archive names: from a local folder of uploads, or fetched when that is asked for."""

from __future__ import annotations

import ipaddress
import socket
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hectograph.errors import Problem
from hectograph.stories import photo_store
from hectograph.stories.import_state import ImportedPhoto
from hectograph.stories.importing.items import Attachment
from hectograph.stories.photo import Photo
from hectograph.stories.photo_files import PhotoLimits

_FOLDERS = ("/wp-content/uploads/", "/content/images/", "/content/files/", "/uploads/", "/images/")
_TIMEOUT = 20  # seconds


class Pictures:
    """Finds our photo for a picture of the archive, taking it in when it is first asked for."""

    def __init__(self, attachments: dict[str, Attachment], *, uploads: Path | None, fetch: bool, credit: str) -> None:
        self.by_id = attachments
        self.by_url = {_bare(attachment.url): attachment for attachment in attachments.values()}
        self.uploads, self.fetch, self.credit = uploads, fetch, credit
        self.refused: dict[str, str] = {}
        self._asked: set[str] = set()

    def find(self, url: str, key: str) -> int | None:
        """The number of our photo; None where there is no file, or it is no picture that can be taken."""
        attachment = self.by_id.get(key) or self.by_url.get(_bare(url))
        if attachment:
            self._asked.add(attachment.id)
        url = attachment.url if attachment else url
        if not url:
            return None
        if there := ImportedPhoto.objects.filter(url=url[:500]).first():
            return there.photo_id
        try:
            data = self.read(url, PhotoLimits().max_bytes)
        except ValueError:  # no address at all
            return None
        return self._take_in(url, data, attachment) if data else None

    @property
    def asked_for(self) -> int:
        """How many attachments of the archive some post showed."""
        return len(self._asked)

    def _take_in(self, url: str, data: bytes, attachment: Attachment | None) -> int | None:
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        photo = Photo(
            title=(attachment.title if attachment else "") or name[:200],
            caption=attachment.caption if attachment else "",
            alt=(attachment.alt if attachment else "")[:500],
            credit=self.credit,
        )
        try:
            photo_store.take_in(photo, data, name)
        except Problem as problem:
            self.refused[url] = str(problem)
            return None
        photo.save()
        photo_store.render(photo)
        ImportedPhoto.objects.create(url=url[:500], photo=photo)
        return int(photo.pk)

    def read(self, url: str, most: int) -> bytes | None:
        """The file at `url` from the folder of uploads, or fetched; None where it can't be had or has over `most`
        bytes."""
        local = self._local(url) or self._local(_bare(url))
        if local:
            return local.read_bytes() if local.stat().st_size <= most else None
        return fetched(url, most) if self.fetch and url.startswith(("http://", "https://")) else None

    def _local(self, url: str) -> Path | None:
        """The file in the uploads folder; never one outside of it, whatever the address says."""
        if self.uploads is None:
            return None
        path = unquote(urlsplit(url).path)
        rest = next((path.partition(folder)[2] for folder in _FOLDERS if folder in path), path.lstrip("/"))
        root = self.uploads.resolve()
        file = (root / rest).resolve()
        return file if rest and file.is_relative_to(root) and file.is_file() else None


def _bare(url: str) -> str:
    """The address without its query and without the size that WordPress puts in names (-300x200)."""
    path = url.partition("?")[0]
    stem, dot, ending = path.rpartition(".")
    head, dash, size = stem.rpartition("-")
    wide, x, high = size.partition("x")
    return f"{head}{dot}{ending}" if dash and x and wide.isdigit() and high.isdigit() else path


class _SameKind(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to another public address."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        return super().redirect_request(req, fp, code, msg, headers, newurl) if _is_public(newurl) else None


def fetched(url: str, most: int) -> bytes | None:
    """The file at a public http(s) address, `most` bytes of it; None where it can't be had."""
    if not _is_public(url):
        return None
    try:
        opener = urllib.request.build_opener(_SameKind)
        with opener.open(url, timeout=_TIMEOUT) as answer:
            data: bytes = answer.read(most + 1)
    except (urllib.error.URLError, OSError, ValueError):
        return None
    return data if len(data) <= most else None


def _is_public(url: str) -> bool:
    """No address of this machine or of a private network: an archive must not make us look around at home."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    try:
        rows = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except OSError:
        return False
    return all(ipaddress.ip_address(row[4][0]).is_global for row in rows)
