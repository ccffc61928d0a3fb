"""Links to pages that came in later than the page which names them: turned when all of the archive is here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wagtail.models import Page

from hectograph.stories.import_state import Imported
from hectograph.stories.importing import bad_items, turns
from hectograph.stories.importing.linked_pages import LinkedPages
from hectograph.stories.importing.report import Line


@dataclass(frozen=True)
class Waiting:
    """A page whose links could not all be turned. `digest` is its item's, `gaps` those that it has beside the links."""

    source: str
    digest: str
    gaps: tuple[str, ...]
    pages: LinkedPages
    line: Line


def digest_with(digest: str, gaps: Sequence[str]) -> str:
    """What an item is known by: a picture or a page that was missing, and is there now, changes it."""
    return hashlib.sha256(f"{digest}{list(gaps)}".encode("utf-8", "replace")).hexdigest()


def settle(rows: Iterable[Waiting]) -> None:
    """Turn the links of `rows` that lead somewhere by now. A page that an editor has changed meanwhile stays."""
    for row in rows:
        with bad_items.told(row.line, "its links", outcome=row.line.outcome), turns.wholly_or_not():
            _settle(row)


def _settle(row: Waiting) -> None:
    known = Imported.objects.filter(source=row.source).first()
    # Locked before it is looked at: what an editor saves from here on waits, and stands above the turned links.
    page = Page.objects.select_for_update().filter(pk=known.page).first() if known else None
    if known and page and page.latest_revision_id == known.revision:
        _turn(row, known, page)


def _turn(row: Waiting, known: Imported, page: Page) -> None:
    before = row.pages.gap()
    draft = page.get_latest_revision_as_object()
    row.pages.missing.clear()
    blocks = row.pages.bring(list(draft.body.raw_data))
    gaps = [*row.gaps, row.pages.gap()] if row.pages.missing else list(row.gaps)
    if row.pages.missing and row.pages.gap() == before:
        return
    draft.body = json.dumps(blocks)
    revision = draft.save_revision()
    if page.live:
        last = page.last_published_at
        revision.publish()
        Page.objects.filter(pk=page.pk).update(last_published_at=last)
    known.digest, known.revision = digest_with(row.digest, gaps), revision.pk
    known.save()
    row.line.gaps[:] = [gap for gap in row.line.gaps if gap != before] + gaps[len(row.gaps) :]
