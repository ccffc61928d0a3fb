"""What the press shows where readers are asked for support. Amounts are minor units of their currency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Offered:
    """The amounts offered in one currency, and the least that is taken."""

    currency: str = "USD"
    once: tuple[int, ...] = (500, 1500, 5000)
    monthly: tuple[int, ...] = (200, 500, 1000)
    annual: tuple[int, ...] = (2400, 6000, 12000)
    minimum: int = 200

    def by_frequency(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The amounts of each frequency, as the form sends it."""
        yield from (("once", self.once), ("monthly", self.monthly), ("annual", self.annual))


@dataclass(frozen=True, slots=True)
class Support:
    """The standing form: the first currency is the one chosen. Without `action` it says it isn't connected yet. `only`
    names the currencies of a method that does not take all that are offered."""

    offers: tuple[Offered, ...] = (Offered(),)
    methods: tuple[str, ...] = ("card", "sepa", "transfer")
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    action: str = ""
    remind_action: str = ""


@dataclass(frozen=True, slots=True)
class Giving:
    """The newsroom's own words about support in one language; paragraphs are plain text."""

    crime: str = ""  # the notice that stands above the amounts, empty where the editors need none
    use: tuple[str, ...] = ()  # what the money is spent on
    contact: str = ""  # how to reach the newsroom about a gift
    reminder_title: str = ""  # of the entry in a reader's calendar; empty: a neutral word


class Place(StrEnum):
    """Where an appeal stands."""

    BANNER = "banner"
    STORY = "story"  # instead of the standing message, after a story and on the front page
    PAGE = "page"  # the page that asks for support


@dataclass(frozen=True, slots=True)
class AppealText:
    title: str
    text: tuple[str, ...] = ()  # paragraphs, plain text


@dataclass(frozen=True, slots=True)
class Appeal:
    """A message with a beginning and an end. It is laid over the standing one by browsers.

    `offers` name amounts for a currency; where a frequency has none there, the standing ones stay. `sections` and
    `stories` are paths of the pages that it stands on; without any it stands everywhere. `raised` is what came in so
    far, None where that is not told.
    """

    slug: str
    starts: datetime
    ends: datetime
    places: tuple[Place, ...] = (Place.STORY, Place.PAGE)
    texts: Mapping[str, AppealText] = field(default_factory=dict)
    offers: tuple[Offered, ...] = ()
    frequency: str = "monthly"  # chosen before the reader chooses
    choice: int = 0  # the amount chosen, counted from 0
    goal: int = 0  # minor units of `currency`; 0: none
    currency: str = "USD"
    raised: int | None = None
    sections: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
