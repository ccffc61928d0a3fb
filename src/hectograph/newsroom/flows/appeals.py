"""Appeals on the site: rows and what came in for them become the records of `campaign.json`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hectograph.press.support_records import Appeal, AppealText, Offered, Place
from hectograph.stories.feed.reader import Reader
from hectograph.stories.feed.site import paragraphs
from hectograph.stories.site_words import amounts
from hectograph.support import appeal as rows


def running(reader: Reader, now: datetime) -> list[Appeal]:
    """The appeals that have begun and not ended, the newest first: what is still to come is told to nobody."""
    found = rows.Appeal.objects.filter(starts__lte=now, ends__gt=now).order_by("-starts", "-pk")
    return [record(row, reader, now) for row in found.prefetch_related("texts", "amounts")]


def record(row: rows.Appeal, reader: Reader, now: datetime) -> Appeal:
    """The appeal of `row`, saved or not."""
    stood_on = reader.paths_of_live(row.stories)
    sections = (reader.sections[pk].path for pk in row.sections if pk in reader.sections)
    return Appeal(
        slug=row.slug,
        starts=row.starts,
        ends=row.ends,
        places=_places(row),
        texts={text.language: AppealText(text.title, paragraphs(text.text)) for text in _with_title(row)},
        offers=tuple(_offered(one) for one in sorted(row.amounts.all(), key=lambda one: one.currency)),
        frequency=row.frequency,
        choice=max(row.choice - 1, 0),
        goal=row.goal,
        currency=row.currency,
        raised=rows.raised(row, now.date()),
        sections=_named(sections, row.sections),
        stories=_named((stood_on[pk] for pk in row.stories if pk in stood_on), row.stories),
    )


def name_any(stories: Iterable[int]) -> bool:
    """Whether an appeal's pages change with these stories."""
    return rows.names_any(stories)


def _places(row: rows.Appeal) -> tuple[Place, ...]:
    chosen = ((Place.BANNER, row.in_banner), (Place.STORY, row.after_story), (Place.PAGE, row.on_page))
    return tuple(place for place, is_chosen in chosen if is_chosen)


def _with_title(row: rows.Appeal) -> list[rows.AppealText]:
    return sorted((text for text in row.texts.all() if text.title), key=lambda text: text.language)


def _offered(row: rows.AppealAmounts) -> Offered:
    once, monthly, annual = (amounts(text) if text else () for text in (row.once, row.monthly, row.annual))
    return Offered(row.currency, once, monthly, annual)


def _named(paths: Iterable[str], asked: list[int]) -> tuple[str, ...]:
    """The paths; where pages were named and none stands any more, one that no page has: it is not shown everywhere."""
    return tuple(sorted(paths)) or (("-",) if asked else ())
