"""Writes an archive into the newsroom, an item at a time: killed in between, the next run goes on where it stopped."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from django.conf import settings
from wagtail.models import Page

from hectograph.errors import Problem
from hectograph.stories import queue
from hectograph.stories.home import Home
from hectograph.stories.import_state import Imported
from hectograph.stories.importing import bad_items, ghost, linked_files, turns, waiting_links, wxr
from hectograph.stories.importing.converted import Converted, Raw
from hectograph.stories.importing.html_blocks import convert
from hectograph.stories.importing.items import Contents, Item
from hectograph.stories.importing.linked_files import LinkedFiles
from hectograph.stories.importing.linked_pages import LinkedPages
from hectograph.stories.importing.names import Names
from hectograph.stories.importing.old_addresses import old_address
from hectograph.stories.importing.pictures import Pictures
from hectograph.stories.importing.report import ImportReport, Line
from hectograph.stories.importing.waiting_links import Waiting, digest_with
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Address
from hectograph.stories.slugs import first_free, slug_for
from hectograph.stories.story import Story, StoryByline, StoryTopic

Progress = Callable[[int, int | None], None]
_NEWS = {"en": "News", "ru": "Новости"}


@dataclass(frozen=True)
class ImportOptions:
    """`language` of the stories (None: the site's first), `uploads` folder with pictures, `fetch` missing ones."""

    language: str | None = None
    uploads: Path | None = None
    fetch: bool = False


def run_import(
    source: Literal["wordpress", "ghost"],
    file: Path,
    *,
    options: ImportOptions = ImportOptions(),
    progress: Progress = lambda done, whole: None,
) -> ImportReport:
    """Bring in the archive `file`. Raises Problem where it can't be read at all; anything less is in the report."""
    if not file.is_file():
        raise Problem(f"There is no file {file.name}.", "Check its name.")
    contents, items = _open(source, file)
    writer = _Writer(contents, options)
    report = writer.report
    report.problems += contents.problems
    with queue.in_turn(queue.Turn.LAST):
        for done, item in enumerate(items, 1):
            writer.write(item)
            progress(done, contents.items)
        waiting_links.settle(writer.waiting)
    _tell_what_is_left(writer, contents)
    for url, why in writer.pictures.refused.items():
        report.problems.append(f"A picture was refused ({url[:200]}): {why}")
    return report


def _tell_what_is_left(writer: _Writer, contents: Contents) -> None:
    counts = dict(contents.left)
    if writer.comments:
        counts["comment"] = writer.comments
    if unused := len(contents.attachments) - writer.pictures.asked_for:
        counts["attachment that no post shows"] = unused
    for name in contents.not_ours:
        writer.report.add(Line(name, "left"))
    for what, count in sorted(counts.items()):
        writer.report.add(Line(f"{count} × {what}", "left"))


def _open(source: str, file: Path) -> tuple[Contents, Iterator[Item]]:
    if source == "ghost":
        archive = ghost.Archive(file)
        return archive.contents(), archive.items()
    contents = wxr.contents(file)
    return contents, wxr.items(file, contents)


def _for_a_page(blocks: list[Raw]) -> list[Raw]:
    """Plain pages have no pulled quotes; what one said stands there as a quote."""
    return [_as_a_quote(block) if block["type"] == "pull_quote" else block for block in blocks]


def _as_a_quote(block: Raw) -> Raw:
    said = f"<p>{html.escape(block['value'], quote=False)}</p>"
    return {**block, "type": "quote", "value": {"text": said, "attribution": ""}}


class _Writer:
    def __init__(self, contents: Contents, options: ImportOptions) -> None:
        self._first = options.language or settings.LANGUAGE_CODE
        homes = Home.objects.select_related("locale")
        self._homes = {home.locale.language_code: home for home in homes}
        if self._first not in self._homes:
            raise Problem(f"The newsroom has no front page in “{self._first}”.", "Run `hecto init` first.")
        self._turn_to(self._first)
        self._twins: dict[str, Any] = {}  # what twins share in the archive → what they share here
        self.report, self.comments = ImportReport(), 0
        self.waiting: list[Waiting] = []
        self._met: dict[int, int] = {}  # the numbers of this run's items and what they hold, both as hashes
        self._hosts = linked_files.hosts([attachment.url for attachment in contents.attachments.values()])
        self.pictures = Pictures(contents.attachments, uploads=options.uploads, fetch=options.fetch, credit="—")

    def _turn_to(self, language: str) -> None:
        self.language, self.home = language, self._homes[language]
        self.locale = self.home.locale
        self._names = Names(self.locale)

    def write(self, item: Item) -> None:
        """One item, wholly or not at all."""
        line = Line(item.where, "came", changes=list(item.notes))
        self.comments += item.comments
        self._turn_to(item.language if item.language in self._homes else self._first)
        if item.language and item.language != self.language:
            line.changes.append(f"it is in “{item.language}”, which the newsroom does not have")
        with bad_items.told(line, "it", outcome="skipped"), turns.wholly_or_not():
            self._write(item, line)
        if line.outcome != "skipped":
            self.report.posts += item.kind == "post"
            self.report.pages += item.kind == "page"
        self.report.add(line)

    def _write(self, item: Item, line: Line) -> None:
        digest = hashlib.sha256(json.dumps(astuple(item), default=str).encode("utf-8", "replace")).hexdigest()
        item = self._by_a_number_of_its_own(item, digest, line)
        known = Imported.objects.filter(source=item.source).first()
        page = Page.objects.filter(pk=known.page).first() if known else None
        if page and item.twins:
            self._twins.setdefault(item.twins, page.translation_key)
        if known and (page is None or known.revision != page.latest_revision_id):
            line.outcome = "edited"  # or deleted by an editor: it stays away
            line.changes.clear()
            return
        body = convert(item.body, self.pictures.find, item.attached)
        pages = self._linked(item, body)
        line.changes += body.changes
        line.gaps += body.gaps
        if known and known.digest == digest_with(digest, body.gaps):
            line.outcome = "same"
            line.changes.clear()
            return
        written = self._page(item, body, line, page.specific if page else None)
        line.outcome = "changed" if known else ("came" if item.status == "publish" else "draft")
        Imported.objects.update_or_create(
            source=item.source,
            defaults={
                "page": written.pk,
                "digest": digest_with(digest, body.gaps),
                "revision": Page.objects.get(pk=written.pk).latest_revision_id,
            },
        )
        if pages.missing:
            gaps = tuple(gap for gap in body.gaps if gap != pages.gap())
            self.waiting.append(Waiting(item.source, digest, gaps, pages, line))

    def _by_a_number_of_its_own(self, item: Item, digest: str, line: Line) -> Item:
        """The item; under another number, if one that came before it in the file has the same. Neither is lost."""
        source, again = item.source, 1
        while self._met.setdefault(hash(source), hash(digest)) != hash(digest):
            again += 1
            source = f"{item.source}#{again}"
        if again > 1:
            line.changes.append("another item of the file has its number; both came in")
        return replace(item, source=source)

    def _linked(self, item: Item, body: Converted) -> LinkedPages:
        """Links of the body to files and pages of the old site turned into links to ours, as far as those are here."""
        hosts = self._hosts | linked_files.hosts(item.old_urls)
        body.blocks = LinkedFiles(self.pictures.read, hosts).bring(body.blocks, body.gap)
        pages = LinkedPages(hosts, item.source.rpartition(":")[0] + ":")
        body.blocks = pages.bring(body.blocks)
        if pages.missing:
            body.gap(pages.gap())
        return pages

    # --- pages ----------------------------------------------------------------------------------------------------

    def _page(self, item: Item, body: Converted, line: Line, page: Any) -> Any:
        if page is None:
            page = (Story if item.kind == "post" else PlainPage)(locale=self.locale, live=False)
        page.title = self._title(item, body, line)
        text = json.dumps(body.blocks if isinstance(page, Story) else _for_a_page(body.blocks))
        if isinstance(page, Story):
            self._story(page, item, line)
        if not page.pk:
            # Each save has Wagtail search through the text: what is published at once gets it with the last one.
            page.body = "" if item.status == "publish" else text
            self.home.refresh_from_db()
            page.slug = self._free_slug(self._slug(item, page.title, line))
            self._make_twin(page, item)
            self.home.add_child(instance=page)
        page.body = text
        if isinstance(page, Story):
            self._hang(page, item)
        self._publish(page, item)
        self._old_addresses(page, item, line)
        return page

    def _make_twin(self, page: Any, item: Item) -> None:
        """A new page that says what another one says in another language belongs to that one."""
        shared = self._twins.get(item.twins) if item.twins else None
        if shared and not Page.objects.filter(translation_key=shared, locale=self.locale).exists():
            page.translation_key = shared
        elif item.twins:
            self._twins[item.twins] = page.translation_key

    def _title(self, item: Item, body: Converted, line: Line) -> str:
        if item.title:
            if len(item.title) > 255:
                line.changes.append("its headline was cut to 255 characters")
            return item.title[:255]
        line.changes.append("it had no headline")
        first = next((block["value"] for block in body.blocks if block["type"] == "paragraph"), "")
        words = wxr.plain(first).split()[:8]
        return " ".join(words)[:200] or "Untitled"

    def _slug(self, item: Item, title: str, line: Line) -> str:
        wanted = unquote(item.slug)
        slug = slug_for(wanted or title)
        if wanted and slug != wanted:
            line.changes.append(f"its address became “{slug}”")
        return slug

    def _free_slug(self, slug: str) -> str:
        return first_free(slug, lambda one: Page._slug_is_available(one, self.home))

    def _story(self, story: Story, item: Item, line: Line) -> None:
        story.section = self._names.section(item.sections[0] if item.sections else _NEWS.get(self.language, "News"))
        story.standfirst = item.excerpt
        if item.featured:
            url = item.featured if "/" in item.featured else ""
            photo = self.pictures.find(url, "" if url else item.featured)
            story.lead_photo_id = photo
            story.lead_caption, story.lead_alt = item.featured_caption, item.featured_alt[:500]
            if photo is None:
                line.gaps.append(f"lead picture {item.featured[:200]}")
        if item.date:
            story.dated = item.date

    def _hang(self, story: Story, item: Item) -> None:
        story.story_bylines = [StoryByline(byline=self._names.byline(name)) for name in item.authors]
        topics = dict.fromkeys([*item.sections[1:], *item.topics])
        story.story_topics = [StoryTopic(topic=self._names.topic(name)) for name in topics]

    def _publish(self, page: Any, item: Item) -> None:
        if item.status == "future" and item.date and item.date > datetime.now(UTC):
            page.go_live_at = item.date
        if item.status != "publish":
            page.save_revision()
            return
        page.go_live_at = None
        page.save_revision().publish()
        if item.date:
            last = max(item.modified or item.date, item.date)
            type(page).objects.filter(pk=page.pk).update(first_published_at=item.date, last_published_at=last)

    def _old_addresses(self, page: Any, item: Item, line: Line) -> None:
        """The addresses it had lead to the new one, where a static host can serve that."""
        for url in item.old_urls:
            old = old_address(url)
            if old.why:
                line.changes.append(old.why)
            if not old.path:
                continue
            row, _ = Address.objects.get_or_create(path=old.path, defaults={"page": page.pk, "current": False})
            if row.page != page.pk:
                line.changes.append(f"its old address (/{old.path[:80]}) leads to another page already")
