"""Publish: what the queue holds becomes files. Reads and renders only what the changes touch.

queue → register (address, places) → targets → records → press → tree → media
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from wagtail.models import Page

from hectograph.newsroom.flows import appeals, letter_site, media, read_more
from hectograph.newsroom.flows.printing import Printing
from hectograph.newsroom.flows.tree import Tree
from hectograph.press import changes
from hectograph.press.changes import Facts
from hectograph.stories import addresses, queue, registering
from hectograph.stories.feed.reader import Reader
from hectograph.stories.home import Home, HomeLead
from hectograph.stories.plain import PlainPage
from hectograph.stories.press_state import Shown
from hectograph.stories.queue import Batch, Kind
from hectograph.stories.story import Story

# What one go does at most of what others show: who publishes meanwhile waits for a part, never for all. A story's lists
# are made with it, a page that only shows it is made alone.
STORIES_AT_ONCE, PAGES_AT_ONCE = 10, 60


@dataclass
class Outcome:
    """What a run did: `written` and `removed` are site paths; `changes` counts what the queue held."""

    changes: int = 0
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def publish(now: datetime, *, root: Path | None = None) -> Outcome:
    """Take up a part of what waits (never site-wide changes) and bring the site to it."""
    batch = queue.take(site=False)
    if not batch.rows:
        return Outcome()
    printing = Printing(now)
    facts = facts_of(batch, printing)
    tree = Tree(root or settings.SITE_ROOT)
    outcome = print_targets(printing, changes.targets(facts), tree)
    if batch.of(Kind.PHOTO) or batch.of(Kind.DOCUMENT):
        outcome.removed += media.sweep(tree)
    outcome.changes = len(batch.rows)
    queue.strike_off(batch)
    return outcome


def print_targets(printing: Printing, targets: list[changes.Target], tree: Tree) -> Outcome:
    """Render `targets` into `tree`, then bring the pictures that they show."""
    outcome = Outcome()
    printing.read_ahead(targets)
    for path, data in printing.files(targets):
        if data is None:
            if tree.remove(path):
                outcome.removed.append(path)
        elif tree.put(path, data):
            outcome.written.append(path)
    media.bring(printing.media, tree)
    outcome.removed += media.leave(printing.dropped, tree)
    return outcome


def facts_of(batch: Batch, printing: Printing) -> Facts:
    """Everything that follows from the changes of `batch`; pages beyond what fits into one go are queued."""
    changed = batch.of(Kind.STORY)
    showing, later = _some(stories_showing(batch) - changed, STORIES_AT_ONCE)
    stories = changed | showing | _of_kind(Story, batch.of(Kind.PAGE))
    touched = registering.register(sorted(stories))
    chosen = read_more.choose(changed, printing.reader)
    facts = Facts(
        stories=stories | chosen,
        plains=batch.of(Kind.PLAIN) | _of_kind(PlainPage, batch.of(Kind.PAGE)),
        removals=set(batch.of(Kind.REMOVAL)),
        old_paths=set(touched.paths),
        pages=dict(touched.pages),
        recent=set(touched.recent),
    )
    facts.fronts |= _fronts_of(batch, stories)
    _settle_plains(facts)
    shown_on, beyond = _some(pages_showing(batch) - facts.stories - later, PAGES_AT_ONCE)
    facts.stories |= shown_on - facts.plains
    facts.plains |= _of_kind(PlainPage, shown_on)
    facts.stories -= facts.plains
    # Of these, too: where a story is gone, the next of *Read more* stands in its place.
    printing.dropped |= note_what_is_shown(facts, printing.reader)
    queue.put_pages(later | beyond)
    facts.campaigns = bool(batch.of(Kind.APPEAL)) or appeals.name_any(stories)
    letter_site.add_facts(facts, batch.of(Kind.LETTER), stories, batch.of(Kind.MEND))
    return facts


def stories_showing(batch: Batch) -> set[int]:
    """Stories that show a photo, byline or topic that changed."""
    shown = {Kind.PHOTO: Shown.Kind.PHOTO, Kind.BYLINE: Shown.Kind.BYLINE, Kind.TOPIC: Shown.Kind.TOPIC}
    pages: set[int] = set()
    for kind, shown_kind in shown.items():
        pages |= registering.pages_showing(shown_kind, batch.of(kind))
    return _of_kind(Story, pages)


def _of_kind(model: type[Story] | type[PlainPage], pages: Iterable[int]) -> set[int]:
    """Those of `pages` that are of `model`."""
    return set(model.objects.filter(pk__among=set(pages)).order_by().values_list("pk", flat=True))


def _some(pages: set[int], most: int) -> tuple[set[int], set[int]]:
    """The newest of `pages`, at most `most`, and the others."""
    first = set(sorted(pages, reverse=True)[:most])
    return first, pages - first


def _fronts_of(batch: Batch, stories: set[int]) -> set[str]:
    homes = Home.objects.filter(pk__in=batch.of(Kind.HOME))
    leading = HomeLead.objects.filter(story_id__in=stories)
    languages = set(homes.values_list("locale__language_code", flat=True))
    languages |= set(leading.values_list("page__locale__language_code", flat=True))
    plain = PlainPage.objects.filter(pk__in=batch.of(Kind.PLAIN))
    return languages | set(plain.values_list("locale__language_code", flat=True))


def _settle_plains(facts: Facts) -> None:
    for page in PlainPage.objects.filter(pk__in=facts.plains, live=True).select_related("locale"):
        path = addresses.plain_path(page.locale.language_code, page.slug)
        facts.old_paths |= set(addresses.settle(page.pk, path))


def note_what_is_shown(facts: Facts, reader: Reader) -> registering.ShownSet:
    """Remember what the stories and plain pages of `facts` show of other rows; what they don't show any more."""
    asked = reader.in_bodies(Story, facts.stories)
    shown = {pk: registering.shown_by_story(story, asked[pk]) for pk, story in reader.stories(facts.stories).items()}
    shown |= {pk: registering.ShownSet() for pk in facts.stories - asked.keys()}
    shown |= {pk: registering.ShownSet() for pk in facts.plains}
    shown |= {pk: registering.shown_by_body(body) for pk, body in reader.in_bodies(PlainPage, facts.plains).items()}
    return registering.note_shown(shown)


def pages_showing(batch: Batch) -> set[int]:
    """Pages that show a changed story or one whose picture changed, or link to it, or would now; its twins; pages with
    a changed photo or document."""
    own = batch.of(Kind.STORY) | batch.of(Kind.PLAIN)
    pictured = registering.pages_showing(Shown.Kind.PHOTO, batch.of(Kind.PHOTO))
    pages = pictured | registering.pages_showing(Shown.Kind.STORY, own | pictured)
    pages |= read_more.would_show(batch.of(Kind.STORY))
    pages |= registering.pages_showing(Shown.Kind.DOCUMENT, batch.of(Kind.DOCUMENT))
    keys = Page.objects.filter(pk__in=own).values("translation_key")
    return pages | set(Page.objects.filter(translation_key__in=keys).values_list("pk", flat=True))
