"""Files of the old site that words link to: a PDF comes in as a document of ours, whatever else is named as a gap."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.files.base import ContentFile

from hectograph.errors import Problem
from hectograph.stories import photo_store
from hectograph.stories.import_state import ImportedDocument
from hectograph.stories.importing.links import turned
from hectograph.stories.pdf_document import PdfDocument
from hectograph.stories.pdf_files import MAX_BYTES, clean_pdf

_FOLDERS = ("/wp-content/uploads/", "/content/files/", "/content/media/", "/content/images/")
Read = Callable[[str, int], bytes | None]  # address and most bytes → the file
Gap = Callable[[str], None]


class LinkedFiles:
    """`read` finds a file of the old site; `hosts` are those of the old site."""

    def __init__(self, read: Read, hosts: Collection[str]) -> None:
        self._read, self._hosts = read, frozenset(hosts)

    def bring(self, value: Any, gap: Gap) -> Any:
        """`value`, raw blocks or a part of them, its links to files turned into links to our documents."""
        return turned(value, lambda url: self._tag(url, gap))

    def _tag(self, url: str, gap: Gap) -> str | None:
        if not self._is_old_file(url):
            return None
        try:
            document = self._document(url)
        except Problem as problem:
            gap(f"file {url[:200]}: {problem}")
            return None
        if document is None:
            gap(f"file {url[:200]}, which words link to")
            return None
        return f'<a linktype="document" id="{document}">'

    def _is_old_file(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
        except ValueError:  # no address at all
            return False
        ours = not parts.hostname or parts.hostname.removeprefix("www.") in self._hosts
        return ours and any(folder in parts.path for folder in _FOLDERS) and "." in Path(parts.path).name

    def _document(self, url: str) -> int | None:
        """The number of our document; None where there is no such file, or it is no PDF. A Problem where it is one
        that can't be cleaned."""
        if there := ImportedDocument.objects.filter(url=url[:500]).first():
            return int(there.document_id)
        if not urlsplit(url).path.lower().endswith(".pdf"):
            return None
        data = self._read(url, MAX_BYTES)
        if data is None:
            return None
        clean = clean_pdf(data)
        title = unquote(Path(urlsplit(url).path).stem).replace("-", " ").replace("_", " ")
        document = PdfDocument(title=title[:255])
        document.file.save(photo_store.neutral_name(clean, "pdf"), ContentFile(clean), save=False)
        document.file_size = len(clean)
        document.save()
        ImportedDocument.objects.create(url=url[:500], document=document)
        return int(document.pk)


def hosts(urls: Collection[str]) -> set[str]:
    """The hosts of `urls`, without `www.`."""
    found = set()
    for url in urls:
        try:
            found.add((urlsplit(url).hostname or "").removeprefix("www."))
        except ValueError:  # no address at all
            continue
    return found - {""}
