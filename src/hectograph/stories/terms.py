"""The inverted index that *Read more* is chosen from: telling terms of live stories, and how common each term is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from django.db import connection, transaction

from hectograph.stories.press_state import ReadMoreChoice, Term, TermCount
from hectograph.stories.story import Story

Near = tuple[int, float]  # a story and how near it is

POSTINGS_READ = 200  # of each term, the newest: the cost of a choice doesn't grow with the archive
_TERMS_HELD = 3_000
_LONGEST = 60
_ASKED_AT_ONCE = 5_000


def frequencies(language: str, terms: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many stories of `language` each of `terms` stands, and how many stories there are."""
    asked, found = ["", *{term[:_LONGEST] for term in terms}], dict[str, int]()
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        rows = TermCount.objects.filter(language=language, term__in=asked[start : start + _ASKED_AT_ONCE])
        found |= dict(rows.values_list("term", "stories"))
    return found, found.pop("", 0)


def count(language: str, counts: Mapping[str, int], stories: int) -> None:
    """Note that `stories` new stories hold each term as often as `counts` says. Counts are never taken back: they
    weigh words, and the words of a story that is gone weigh as they did."""
    rows = [(language, term[:_LONGEST], number) for term, number in {**counts, "": stories}.items()]
    table = connection.ops.quote_name(TermCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (language, term, stories) VALUES (%s, %s, %s) "  # noqa: S608 (our own table's name)
            f"ON CONFLICT (language, term) DO UPDATE SET stories = {table}.stories + excluded.stories",
            rows,
        )


def put_all(language: str, telling: Mapping[int, tuple[datetime, Mapping[str, float]]]) -> None:
    """Replace the telling terms of each story: when it was published, and its terms with their weights."""
    with transaction.atomic():
        Term.objects.filter(story__in=list(telling)).delete()
        Term.objects.bulk_create(
            Term(language=language, term=term[:_LONGEST], story=story, weight=weight, published=published)
            for story, (published, terms) in telling.items()
            for term, weight in terms.items()
        )


def indexed(stories: Iterable[int]) -> set[int]:
    """Those of `stories` that have terms."""
    return set(Term.objects.filter(story__in=list(stories)).order_by().values_list("story", flat=True).distinct())


def held(story: int) -> dict[str, float]:
    return dict(Term.objects.filter(story=story).values_list("term", "weight"))


def published_of(story: int) -> datetime | None:
    """When a story that has terms was published."""
    return Term.objects.filter(story=story).values_list("published", flat=True).first()


class Postings:
    """The newest 200 stories of a term, as (story, weight, published). Held for the terms asked for last."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.of = lru_cache(maxsize=_TERMS_HELD)(self._read)

    def _read(self, term: str) -> list[tuple[int, float, datetime]]:
        rows = Term.objects.filter(language=self._language, term=term[:_LONGEST]).order_by("-published", "story")
        return list(rows.values_list("story", "weight", "published")[:POSTINGS_READ])

    def sharing(self, terms: Iterable[str], story: int) -> dict[int, tuple[datetime, dict[str, float]]]:
        """Other stories that share a term: when published, and the shared terms' weights."""
        found: dict[int, tuple[datetime, dict[str, float]]] = {}
        for term in terms:
            for other, weight, published in self.of(term):
                if other not in found:
                    found[other] = (published, {})
                found[other][1][term] = weight
        found.pop(story, None)
        return found


def choices(stories: Iterable[int]) -> dict[int, list[Near]]:
    """The stored candidates of `stories`, the best first."""
    found: dict[int, list[Near]] = {story: [] for story in stories}
    rows = ReadMoreChoice.objects.filter(story__among=list(found)).order_by("story", "rank")
    for story, candidate, nearness in rows.values_list("story", "candidate", "nearness"):
        found[story].append((candidate, nearness))
    return found


def store_choices(chosen: Mapping[int, list[Near]], before: Mapping[int, list[Near]]) -> set[int]:
    """Store candidates, the best first. Returns the stories whose candidates or order are not those of `before`."""
    moved = {story: near for story, near in chosen.items() if near != before[story]}
    if moved:
        ReadMoreChoice.objects.filter(story__in=moved).delete()
        ReadMoreChoice.objects.bulk_create(
            ReadMoreChoice(story=story, candidate=candidate, nearness=nearness, rank=rank)
            for story, near in moved.items()
            for rank, (candidate, nearness) in enumerate(near)
        )
    return {story for story, near in moved.items() if [pk for pk, _ in near] != [pk for pk, _ in before[story]]}


def sensitive_among(stories: Iterable[int]) -> set[int]:
    return set(Story.objects.filter(pk__among=list(stories), sensitive=True).order_by().values_list("pk", flat=True))
