"""The inverted index that *Read more* is chosen from: telling terms of live stories, and how common each term is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from hectograph.stories.press_state import ReadMoreChoice, Term, TermCount
from hectograph.stories.story import Story

POSTINGS_READ = 200  # of each term, the newest: the cost of a choice doesn't grow with the archive
_LONGEST = 60


def frequencies(language: str, terms: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many stories of `language` each of `terms` stands, and how many stories there are."""
    asked = {term[:_LONGEST] for term in terms}
    rows = TermCount.objects.filter(language=language, term__in=[*asked, ""]).values_list("term", "stories")
    found = dict(rows)
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


def put(story: int, language: str, published: datetime, terms: Mapping[str, float]) -> None:
    """Replace the telling terms of a story."""
    Term.objects.filter(story=story).delete()
    Term.objects.bulk_create(
        Term(language=language, term=term[:_LONGEST], story=story, weight=weight, published=published)
        for term, weight in terms.items()
    )


def held(story: int) -> dict[str, float]:
    return dict(Term.objects.filter(story=story).values_list("term", "weight"))


def sharing(language: str, terms: Iterable[str], story: int) -> dict[int, tuple[datetime, dict[str, float]]]:
    """Other stories that share a term, the newest 200 of each: when published, and the shared terms' weights."""
    found: dict[int, tuple[datetime, dict[str, float]]] = {}
    for term in terms:
        rows = Term.objects.filter(language=language, term=term[:_LONGEST]).order_by("-published", "story")
        for other, weight, published in rows.values_list("story", "weight", "published")[:POSTINGS_READ]:
            if other != story:
                found.setdefault(other, (published, {}))[1][term] = weight
    return found


def store_choice(story: int, candidates: list[int]) -> bool:
    """Store the candidates of a story, the best first; False where they were so already."""
    rows = ReadMoreChoice.objects.filter(story=story)
    if list(rows.order_by("rank").values_list("candidate", flat=True)) == candidates:
        return False
    rows.delete()
    ReadMoreChoice.objects.bulk_create(
        ReadMoreChoice(story=story, candidate=candidate, rank=rank) for rank, candidate in enumerate(candidates)
    )
    return True


def sensitive_among(stories: Iterable[int]) -> set[int]:
    return set(Story.objects.filter(pk__in=list(stories), sensitive=True).values_list("pk", flat=True))
