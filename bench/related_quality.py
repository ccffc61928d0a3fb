"""How good *Read more* is: nDCG of the four stories shown, on judgements made before and apart from the ranker
(`bench/related/`), against simply showing the newest."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import Any

from hectograph.press import related
from hectograph.press.related import Candidate

_FOLDER = Path(__file__).parent / "related"
SHOWN = 4


def figures() -> dict[str, float]:
    """Means over the queries that were held out, and over those that may be tuned on."""
    stories = {story["id"]: story for story in json.loads((_FOLDER / "stories.json").read_text())}
    queries = json.loads((_FOLDER / "judgements.json").read_text())["queries"]
    held_out = [query for query in queries if query["half"] != "tuning"]
    ours, newest = _ranker(stories), _newest(stories)
    found = {
        "related_ndcg": _mean(held_out, ours),
        "related_ndcg_newest": _mean(held_out, newest),
        "related_ndcg_tuning_half": _mean([query for query in queries if query["half"] == "tuning"], ours),
    }
    ratio = found["related_ndcg"] / max(found["related_ndcg_newest"], 0.001)
    return {"related_ndcg_vs_newest": round(ratio, 1), **{key: round(value, 3) for key, value in found.items()}}


Ranker = Callable[[int], list[int]]


def _mean(queries: list[dict[str, Any]], ranker: Ranker) -> float:
    return mean(_ndcg(ranker(query["story"]), {int(k): v for k, v in query["grades"].items()}) for query in queries)


def _ndcg(shown: list[int], grades: dict[int, int]) -> float:
    best = _gain(sorted(grades.values(), reverse=True)[:SHOWN])
    return _gain([grades.get(pk, 0) for pk in shown[:SHOWN]]) / best if best else 0.0


def _gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _newest(stories: dict[int, Any]) -> Ranker:
    ordered = sorted(stories, key=lambda pk: stories[pk]["published"], reverse=True)
    return lambda asked: [pk for pk in ordered if pk != asked]


def _ranker(stories: dict[int, Any]) -> Ranker:
    """As flows/read_more.py does it, without a database."""
    words = {
        pk: related.count_terms(row["language"], row["headline"], row["standfirst"], row["text"], row["topics"])
        for pk, row in stories.items()
    }
    frequency = Counter(term for counts, _ in words.values() for term in counts)
    terms = {pk: related.telling_terms(*each, frequency, len(stories)) for pk, each in words.items()}
    dates = {pk: datetime.fromisoformat(row["published"]) for pk, row in stories.items()}

    def near(asked: int) -> list[int]:
        own = terms[asked]
        others = [
            Candidate(pk, dates[pk], {term: weight for term, weight in held.items() if term in own})
            for pk, held in terms.items()
            if pk != asked
        ]
        return [pk for pk, _ in related.rank(own, dates[asked], others)]

    return near


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures(), indent=1) + "\n")
