"""What an appeal looks like to a reader: real pages, with the press's own script, told that the appeal is running."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hectograph.newsroom.flows import appeals
from hectograph.press import asking, records
from hectograph.press.furniture import css_hash, loader
from hectograph.press.paths import support_path, up
from hectograph.press.render import Renderer
from hectograph.press.support_records import Appeal as Shown
from hectograph.press.support_records import Place
from hectograph.stories.feed import lists
from hectograph.stories.feed.reader import Reader
from hectograph.stories.feed.site import site
from hectograph.stories.press_state import Address
from hectograph.stories.story import Story
from hectograph.support.appeal import Appeal

_MEDIA = re.compile(r"(?:\.\./)*media/([A-Za-z0-9._-]+)")
_NEWEST = 6  # stories of each language to look at
_FRAME = (
    "default-src 'none'; script-src 'self' '{loader}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_AFTERWARDS = gettext_noop("On a device where somebody pressed “Not now”")


@dataclass(frozen=True, slots=True)
class File:
    data: bytes
    kind: str
    policy: str = "default-src 'none'"


@dataclass(frozen=True, slots=True)
class Page:
    """A page to look at. `places` are (place, why it is not shown there; empty where it is)."""

    path: str
    name: str
    places: tuple[tuple[str, str], ...]


def pages(row: Appeal, now: datetime) -> list[Page]:
    """Support pages, fronts, the newest stories and one sensitive story of each language."""
    reader, record = Reader(), site()
    appeal, found = appeals.record(row, reader, now), []
    for words in record.languages:
        code = words.language
        views = [(asking.View(support_path(code), code, now), _("Support page"), Place.PAGE)]
        views.append((asking.View(words.front, code, now), _("Front page"), Place.STORY))
        views += [(_view(story, now), story.headline, Place.STORY) for story in _stories(reader, row, code)]
        found += [_page(appeal, view, f"{name} ({code})", place) for view, name, place in views]
        stories = (view for view, name, place in views if place is Place.STORY)
        if seen := next((view for view in stories if not asking.why_not(appeal, view, Place.STORY)), None):
            found.append(_page(appeal, replace(seen, is_quiet=True), f"{_(_AFTERWARDS)} ({code})", Place.STORY))
    return found


def _page(appeal: Shown, view: asking.View, name: str, own: Place) -> Page:
    places = [own] if own is Place.PAGE else [Place.BANNER, own]
    return Page(view.path, name, tuple((place.value, asking.why_not(appeal, view, place)) for place in places))


def _view(story: records.Story, now: datetime) -> asking.View:
    return asking.View(story.path, story.language, now, story.section.path, story.sensitive)


def _stories(reader: Reader, row: Appeal, language: str) -> list[records.Story]:
    live = Story.objects.filter(live=True, locale__language_code=language).order_by("-first_published_at", "-pk")
    chosen = list(live.values_list("pk", flat=True)[:_NEWEST])
    chosen += live.filter(pk__in=row.stories).values_list("pk", flat=True)[:_NEWEST]
    chosen += live.filter(sensitive=True).values_list("pk", flat=True)[:1]
    return list(reader.stories(dict.fromkeys(chosen)).values())


def file(row: Appeal, path: str, now: datetime) -> File | None:
    """The site's file at `path` while the appeal runs; None where none stands."""
    record = site()
    if path == "ask.js":  # a preview keeps nothing: "Not now" holds until the page is opened anew
        return File(asking.script(record, store="(self.kept ??= {})", credentials="same-origin"), "text/javascript")
    if path == "campaign.json":
        running = replace(
            appeals.record(row, Reader(), now), starts=now - timedelta(days=1), ends=now + timedelta(days=1)
        )
        return File(asking.campaigns([running]), "application/json")
    html = _html(Renderer(record), path, now)
    if html is None:
        return None
    policy = _FRAME.format(loader=f"sha256-{css_hash(loader(up(path)))}")
    return File(_MEDIA.sub(r"/media/press/\1", html.decode()).encode(), "text/html; charset=utf-8", policy)


def _html(renderer: Renderer, path: str, now: datetime) -> bytes | None:
    for words in renderer.site.languages:
        if path == support_path(words.language):
            return renderer.support(words.language, now)
        if path == words.front:
            front = lists.front(Reader(), words.language)
            return renderer.front(front) if front else None
    address = Address.objects.filter(path=path, current=True).first()
    stories = Reader().stories([address.page]) if address else {}
    return next((renderer.story(story) for story in stories.values()), None)
