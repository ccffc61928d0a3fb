"""Writes an archive into the newsroom, an item at a time: killed in between, the next run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page

from hectograph.errors import Problem
from hectograph.stories.byline import Byline, BylineName
from hectograph.stories.home import Home
from hectograph.stories.import_state import Imported
from hectograph.stories.importing import ghost, wxr
from hectograph.stories.importing.html_blocks import Converted, convert
from hectograph.stories.importing.items import Contents, Item
from hectograph.stories.importing.pictures import Pictures
from hectograph.stories.importing.report import ImportReport, Line
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Address
from hectograph.stories.section import Section, Topic
from hectograph.stories.slugs import is_taken, slug_for
from hectograph.stories.story import Story, StoryByline, StoryTopic

Progress = Callable[[int, int | None], None]
_NEWS = {"en": "News", "ru": "Новости"}
_SAFE_PATH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")


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
    for done, item in enumerate(items, 1):
        writer.write(item)
        progress(done, contents.items)
    for what, count in sorted(contents.left.items()):
        report.add(Line(f"{count} × {what}", "left"))
    if writer.comments:
        report.add(Line(f"{writer.comments} × comment", "left"))
    for url, why in writer.pictures.refused.items():
        report.problems.append(f"A picture was refused ({url[:200]}): {why}")
    return report


def _open(source: str, file: Path) -> tuple[Contents, Iterator[Item]]:
    if source == "ghost":
        archive = ghost.Archive(file)
        return archive.contents(), archive.items()
    contents = wxr.contents(file)
    return contents, wxr.items(file, contents)


class _Writer:
    def __init__(self, contents: Contents, options: ImportOptions) -> None:
        self.language = options.language or settings.LANGUAGE_CODE
        locale = Locale.objects.filter(language_code=self.language).first()
        home = Home.objects.filter(locale=locale).first() if locale else None
        if locale is None or home is None:
            raise Problem(f"The newsroom has no front page in “{self.language}”.", "Run `hecto init` first.")
        self.locale, self.home = locale, home
        self.report, self.comments = ImportReport(), 0
        self.pictures = Pictures(contents.attachments, uploads=options.uploads, fetch=options.fetch, credit="—")

    def write(self, item: Item) -> None:
        """One item, wholly or not at all."""
        line = Line(item.where, "came", changes=list(item.notes))
        self.comments += item.comments
        try:
            with transaction.atomic():
                self._write(item, line)
        except Problem as problem:
            line.outcome = "skipped"
            line.gaps.append(str(problem))
        if line.outcome != "skipped":
            self.report.posts += item.kind == "post"
            self.report.pages += item.kind == "page"
        self.report.add(line)

    def _write(self, item: Item, line: Line) -> None:
        digest = hashlib.sha256(json.dumps(astuple(item), default=str).encode()).hexdigest()
        known = Imported.objects.filter(source=item.source).first()
        page = Page.objects.filter(pk=known.page).first() if known else None
        if known and page is None:
            line.outcome = "edited"  # an editor deleted it: it stays away
            line.changes.clear()
            return
        if known and page and known.revision != page.latest_revision_id:
            line.outcome = "edited"
            line.changes.clear()
            return
        body = convert(item.body, self.pictures.find)
        line.changes += body.changes
        line.gaps += body.gaps
        if known and known.digest == self._digest_with_pictures(digest, body):
            line.outcome = "same"
            line.changes.clear()
            return
        written = self._page(item, body, line, page.specific if page else None)
        line.outcome = "changed" if known else ("came" if item.status == "publish" else "draft")
        Imported.objects.update_or_create(
            source=item.source,
            defaults={
                "page": written.pk,
                "digest": self._digest_with_pictures(digest, body),
                "revision": Page.objects.get(pk=written.pk).latest_revision_id,
            },
        )

    def _digest_with_pictures(self, digest: str, body: Converted) -> str:
        """A picture that was missing and is there now changes the item."""
        return hashlib.sha256(f"{digest}{len(body.gaps)}".encode()).hexdigest()

    # --- pages ----------------------------------------------------------------------------------------------------

    def _page(self, item: Item, body: Converted, line: Line, page: Any) -> Any:
        if page is None:
            page = (Story if item.kind == "post" else PlainPage)(locale=self.locale, live=False)
        page.title = self._title(item, body, line)
        page.body = json.dumps(body.blocks)
        if isinstance(page, Story):
            self._story(page, item, line)
        if not page.pk:
            self.home.refresh_from_db()
            page.slug = self._free_slug(self._slug(item, page.title, line))
            self.home.add_child(instance=page)
        if isinstance(page, Story):
            self._hang(page, item)
        self._publish(page, item)
        self._old_address(page, item, line)
        return page

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
        wanted, number = slug, 1
        while not Page._slug_is_available(wanted, self.home):
            number += 1
            wanted = f"{slug}-{number}"
        return wanted

    def _story(self, story: Story, item: Item, line: Line) -> None:
        story.section = self._section(item.sections[0] if item.sections else _NEWS.get(self.language, "News"))
        story.standfirst = item.excerpt
        if item.featured:
            url = item.featured if "/" in item.featured else ""
            photo = self.pictures.find(url, "" if url else item.featured)
            story.lead_photo_id = photo
            if photo is None:
                line.gaps.append(f"lead picture {item.featured[:200]}")
        if item.date:
            story.dated = item.date

    def _hang(self, story: Story, item: Item) -> None:
        story.story_bylines = [StoryByline(byline=self._byline(name)) for name in item.authors]
        topics = dict.fromkeys([*item.sections[1:], *item.topics])
        story.story_topics = [StoryTopic(topic=self._topic(name)) for name in topics]

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

    def _old_address(self, page: Any, item: Item, line: Line) -> None:
        """The address it had leads to the new one, where a static host can serve that."""
        parts = urlsplit(item.old_url)
        path = unquote(parts.path).strip("/")
        if parts.query or not path:
            if parts.query:
                line.changes.append(f"its old address (?{parts.query[:60]}) can't lead here from a static host")
            return
        if ".." in path or not set(path) <= _SAFE_PATH or len(path) > 280:
            line.changes.append("its old address has characters that a file can't have")
            return
        file = path if path.endswith((".html", ".htm")) else f"{path}/index.html"
        Address.objects.get_or_create(path=file, defaults={"page": page.pk, "current": False})

    # --- what hangs on pages --------------------------------------------------------------------------------------

    def _section(self, name: str) -> Section:
        return self._named(Section, name)

    def _topic(self, name: str) -> Topic:
        return self._named(Topic, name)

    def _named(self, model: Any, name: str) -> Any:
        name = name[:80]
        row = model.objects.filter(locale=self.locale, name=name).first()
        if row:
            return row
        slug = slug_for(name)[:70]
        number = 2 if model is Section and is_taken(slug) else 1
        while model.objects.filter(locale=self.locale, slug=slug if number == 1 else f"{slug}-{number}").exists():
            number += 1
        return model.objects.create(locale=self.locale, name=name, slug=slug if number == 1 else f"{slug}-{number}")

    def _byline(self, name: str) -> Byline:
        name = name[:120]
        there = BylineName.objects.filter(language=self.language, name=name).select_related("byline").first()
        if there:
            return there.byline
        slug, number = slug_for(name)[:100], 1
        while Byline.objects.filter(slug=slug if number == 1 else f"{slug}-{number}").exists():
            number += 1
        byline = Byline.objects.create(slug=slug if number == 1 else f"{slug}-{number}")
        BylineName.objects.create(byline=byline, language=self.language, name=name)
        return byline
