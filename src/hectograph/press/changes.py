"""Which files a change touches.

Facts about a change enter (which stories, which places in which lists), targets leave. A target names one page by
what it shows, so that what it is made from is read only when it is rendered. A full build is every target there is; a
publish is the few that these rules give. Both render a target the same way, which is why their trees are equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from hectograph.press.records import ListKind


class Kind(StrEnum):
    STORY = "story"  # key: story id; the page and its lite twin
    PLAIN = "plain"  # key: page id
    REMOVAL = "removal"  # key: id of the removal
    REDIRECT = "redirect"  # key: the old path
    FRONT = "front"
    LIST = "list"  # list_kind, key, number
    SUPPORT = "support"  # the page that asks for it
    MONTHS = "months"  # the archive's way in
    FEED = "feed"  # key: section id, or empty for the language's own
    SITEMAP_MONTH = "sitemap-month"  # key: 2026-11
    SITEMAP_PAGES = "sitemap-pages"
    SITEMAP_NEWS = "sitemap-news"
    SITEMAP_INDEX = "sitemap-index"  # of the whole site
    SEARCH = "search"
    RECENT = "recent"  # titles that search finds before its index is rebuilt
    LETTER = "letter"  # key: id of the letter in one language
    LETTERS = "letters"  # key: newsletter; number: the year, or 0 for the archive's front, with its feed
    NOT_FOUND = "not-found"
    ROBOTS = "robots"  # with the scripts of every page
    CAMPAIGN = "campaign"  # appeals with a beginning and an end


@dataclass(frozen=True, slots=True, order=True)
class Target:
    kind: Kind
    language: str = ""
    key: str = ""
    list_kind: str = ""
    number: int = 0


ListName = tuple[ListKind, str, str]  # kind, language, key


@dataclass
class Facts:
    """What is known of a change.

    `pages` are numbers of list pages (0 is the front) that show something else now; `recent` are the lists among whose
    newest stories the change is; `stories` and `plains` are pages to make anew.
    """

    stories: set[int] = field(default_factory=set)
    plains: set[int] = field(default_factory=set)
    removals: set[int] = field(default_factory=set)
    old_paths: set[str] = field(default_factory=set)
    pages: dict[ListName, set[int]] = field(default_factory=dict)
    recent: set[ListName] = field(default_factory=set)
    fronts: set[str] = field(default_factory=set)
    letters: set[int] = field(default_factory=set)
    letter_archives: set[tuple[str, str, int]] = field(default_factory=set)  # language, newsletter, year
    campaigns: bool = False


def targets(facts: Facts) -> list[Target]:
    """The targets of a change, stories first, each once."""
    found = [Target(Kind.STORY, key=str(pk)) for pk in facts.stories]
    found += [Target(Kind.PLAIN, key=str(pk)) for pk in facts.plains]
    found += [Target(Kind.REMOVAL, key=str(pk)) for pk in facts.removals]
    found += [Target(Kind.REDIRECT, key=path) for path in facts.old_paths]
    found += [Target(Kind.FRONT, language) for language in facts.fronts]
    for name, numbers in facts.pages.items():
        found += _of_a_list(name, numbers, recent=name in facts.recent)
    found += [Target(Kind.SITEMAP_PAGES, language) for language in _languages_of_plains(facts)]
    found += _of_letters(facts)
    found += [Target(Kind.CAMPAIGN)] if facts.campaigns else []
    return sorted(set(found), key=_order)


_ORDER = {kind: place for place, kind in enumerate(Kind)}


def _order(target: Target) -> tuple[int, str, str, str, int]:
    return _ORDER[target.kind], target.language, target.list_kind, target.key, target.number


def _languages_of_plains(facts: Facts) -> set[str]:
    return facts.fronts if facts.plains else set()


def _of_letters(facts: Facts) -> list[Target]:
    found = [Target(Kind.LETTER, key=str(pk)) for pk in facts.letters]
    for language, newsletter, year in facts.letter_archives:
        found += [Target(Kind.LETTERS, language, newsletter, number=number) for number in (0, year)]
        found.append(Target(Kind.SITEMAP_PAGES, language))
    return found


def _of_a_list(name: ListName, numbers: Iterable[int], *, recent: bool) -> list[Target]:
    kind, language, key = name
    if kind is ListKind.LATEST:  # a list without pages: the front, the feed and the months show it
        always = [Target(Kind.SITEMAP_NEWS, language), Target(Kind.RECENT, language)]
        return always + ([Target(Kind.FRONT, language), Target(Kind.FEED, language)] if recent else [])
    found = [Target(Kind.LIST, language, key, kind, number) for number in numbers]
    if kind is ListKind.MONTH:
        found += [Target(Kind.SITEMAP_MONTH, language, key), Target(Kind.MONTHS, language)]
        found += [Target(Kind.SITEMAP_PAGES, language), Target(Kind.SITEMAP_INDEX)]
    if kind is ListKind.SECTION and recent:
        found.append(Target(Kind.FEED, language, key))
    return found
