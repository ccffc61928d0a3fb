"""Publish: what the queue holds becomes files. Reads and renders only what the changes touch.

queue → register (address, places) → targets → records → press → tree → media
"""

from __future__ import annotations

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


@dataclass
class Outcome:
    """What a run did: `written` and `removed` are site paths; `changes` counts what the queue held."""

    changes: int = 0
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def publish(now: datetime, *, root: Path | None = None) -> Outcome:
    """Take up what waits (all but site-wide changes) and bring the site to it."""
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
    """Everything that follows from the changes of `batch`."""
    stories = _stories_of(batch)
    touched = registering.register(sorted(stories))
    chosen = read_more.choose(stories, printing.reader)
    facts = Facts(
        stories=stories | chosen,
        plains=set(batch.of(Kind.PLAIN)),
        removals=set(batch.of(Kind.REMOVAL)),
        old_paths=set(touched.paths),
        pages=dict(touched.pages),
        recent=set(touched.recent),
    )
    facts.fronts |= _fronts_of(batch, stories)
    _settle_plains(facts)
    printing.dropped |= note_what_is_shown(facts, printing.reader)
    shown_on = _pages_showing(batch, stories)
    facts.stories |= shown_on - facts.plains
    facts.plains |= set(PlainPage.objects.filter(pk__in=shown_on).values_list("pk", flat=True))
    facts.stories -= facts.plains
    facts.campaigns = bool(batch.of(Kind.APPEAL)) or appeals.name_any(stories)
    letter_site.add_facts(facts, set(batch.of(Kind.LETTER)), stories, set(batch.of(Kind.MEND)))
    return facts


def _stories_of(batch: Batch) -> set[int]:
    """Stories that changed themselves, or of which a photo, byline or topic did."""
    found = set(batch.of(Kind.STORY))
    shown = {Kind.PHOTO: Shown.Kind.PHOTO, Kind.BYLINE: Shown.Kind.BYLINE, Kind.TOPIC: Shown.Kind.TOPIC}
    pages: set[int] = set()
    for kind, shown_kind in shown.items():
        for target in batch.of(kind):
            pages |= set(registering.pages_showing(shown_kind, target))
    found |= set(Story.objects.filter(pk__in=pages).values_list("pk", flat=True))
    return found


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
    gone = registering.ShownSet()
    for pk, story in reader.stories(facts.stories).items():
        gone |= registering.note_shown(pk, registering.shown_by_story(story, asked[pk]))
    for pk in facts.stories - asked.keys():
        gone |= registering.note_shown(pk, set())
    pages = reader.in_bodies(PlainPage, facts.plains)
    for pk in facts.plains:
        gone |= registering.note_shown(pk, registering.shown_by_body(pages[pk]) if pk in pages else set())
    return gone


def _pages_showing(batch: Batch, stories: set[int]) -> set[int]:
    """Pages that show a changed story or link to it, its twins, and pages with a changed photo or document."""
    pages: set[int] = set()
    for pk in stories | set(batch.of(Kind.PLAIN)):
        pages |= set(registering.pages_showing(Shown.Kind.STORY, pk))
    for kind, shown in ((Kind.PHOTO, Shown.Kind.PHOTO), (Kind.DOCUMENT, Shown.Kind.DOCUMENT)):
        for pk in batch.of(kind):
            pages |= set(registering.pages_showing(shown, pk))
    keys = Page.objects.filter(pk__in=stories | set(batch.of(Kind.PLAIN))).values("translation_key")
    pages |= set(Page.objects.filter(translation_key__in=keys).values_list("pk", flat=True))
    return pages
