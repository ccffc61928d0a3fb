"""Links from one page of an archive to another: they lead to where that one stands here."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hectograph.stories.import_state import Imported
from hectograph.stories.importing.links import turned
from hectograph.stories.importing.old_addresses import old_address
from hectograph.stories.press_state import Address

_PAGES = ("", ".html", ".htm", ".php")
_NUMBER = ("p", "page_id")


class LinkedPages:
    """`hosts` are those of the old site, `site` what its items' sources begin with. `missing` are links that still lead
    to the old site, for what they name is not here, or not yet."""

    def __init__(self, hosts: Collection[str], site: str) -> None:
        self._hosts, self._site = frozenset(hosts), site
        self.missing: list[str] = []

    def bring(self, value: Any) -> Any:
        """`value`, raw blocks, its links to pages of the archive turned into links to ours."""
        return turned(value, self._tag)

    def gap(self) -> str:
        """The links that are missing, in a sentence."""
        first, count = self.missing[0][:200], len(self.missing)
        return f"a link to {first}" if count == 1 else f"{count} links to pages of the old site (the first: {first})"

    def _tag(self, url: str) -> str | None:
        try:
            parts = urlsplit(url)
        except ValueError:  # no address at all
            return None
        here = not parts.netloc and parts.path.startswith("/")
        if not (here or (parts.hostname or "").removeprefix("www.") in self._hosts):
            return None
        page = self._page(url, parts.query)
        if page:
            return f'<a linktype="page" id="{page}">'
        if parts.path.strip("/") and PurePosixPath(parts.path).suffix.lower() in _PAGES:
            self.missing.append(url)
        return None

    def _page(self, url: str, query: str) -> int | None:
        for name, values in parse_qs(query[:500]).items():
            if name in _NUMBER and values[0].isdigit():
                row = Imported.objects.filter(source=f"{self._site}{values[0]}").first()
                return row.page if row else None
        path = old_address(url.partition("?")[0].partition("#")[0]).path
        there = Address.objects.filter(path=path).first() if path else None
        return there.page if there else None
