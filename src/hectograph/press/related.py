"""*Read more*: which stories are near to one, by their words.

A story is boiled down to its most telling terms; nearness is a BM25-like sum over the terms that two stories share,
made a little smaller by the time between them. Nothing is held in memory: who calls brings the candidates.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

import snowballstemmer

TERMS_KEPT = 16
_WEIGHTS = {"text": 1.0, "standfirst": 1.5, "headline": 3.0}
_NAME, _TOPIC = 2.0, 4.0
_HALF_LIFE_DAYS = 540.0  # two stories this far apart count for half
_SATURATION = 1.2  # BM25's k1: the tenth mention of a word says little more than the third
_STEMMERS = {"en": "english", "ru": "russian", "de": "german", "fr": "french", "es": "spanish"}
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*[^\W_])?")
_SENTENCE = re.compile(r"[.!?…:]\s+|\n")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another story with those of its terms that were asked for, and how telling each is there."""

    id: int
    published: datetime
    terms: Mapping[str, float]


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer | None:
    name = _STEMMERS.get(language)
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=100_000)
def stem(language: str, word: str) -> str:
    """The stem of a lower-case word; the word itself in languages without a stemmer."""
    plain = word.replace("ё", "е")
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(plain)) if stemmer else plain


def count_terms(
    language: str, headline: str, standfirst: str, text: str, topics: Iterable[str]
) -> tuple[Counter[str], set[str]]:
    """All terms of a story with their weighted counts, and its names (capitalised inside a sentence)."""
    counts: Counter[str] = Counter()
    names: set[str] = set()
    for part, body in (("headline", headline), ("standfirst", standfirst), ("text", text)):
        for sentence in _SENTENCE.split(body):
            for place, word in enumerate(_WORD.findall(sentence)):
                if len(word) < _SHORTEST:
                    continue
                term = stem(language, word.lower())
                counts[term] += _WEIGHTS[part]  # type: ignore[assignment]  # Counter takes any number
                if place and word[0].isupper():
                    names.add(term)
    for topic in topics:
        counts[f"#{topic.lower()}"] += _TOPIC  # type: ignore[assignment]  # Counter takes any number
    return counts, names


def telling_terms(
    counts: Mapping[str, float], names: set[str], frequency: Mapping[str, int], total: int
) -> dict[str, float]:
    """The terms that tell a story from the others of its language: at most sixteen, with their weights.

    `frequency` says in how many of the `total` stories a term stands. A term that stands in more than a fifth of a
    larger archive tells nothing.
    """
    weighed = {}
    for term, count in counts.items():
        seen = frequency.get(term, 0)
        if total > 50 and seen > total / 5 and not term.startswith("#"):
            continue
        weight = rarity(seen, total) * (count / (count + _SATURATION))
        weighed[term] = weight * (_NAME if term in names else 1.0)
    best = sorted(weighed.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS_KEPT]
    return dict(best)


def rarity(seen: int, total: int) -> float:
    """BM25's inverse document frequency, never below zero."""
    return math.log(1 + (total - seen + 0.5) / (seen + 0.5)) if total >= seen else 0.0


def rank(
    terms: Mapping[str, float], published: datetime, candidates: Iterable[Candidate], *, limit: int = 12
) -> list[tuple[int, float]]:
    """The nearest candidates as (id, nearness), the nearest first; ties go to the newer number. Nearness is the same
    from either side."""
    scored = []
    for candidate in candidates:
        shared = sum(weight * terms[term] for term, weight in candidate.terms.items() if term in terms)
        if shared > 0:
            days = abs((published - candidate.published).total_seconds()) / 86_400
            scored.append((shared * 0.5 ** (days / _HALF_LIFE_DAYS), candidate.id))
    scored.sort(key=lambda pair: (-pair[0], -pair[1]))
    return [(pk, nearness) for nearness, pk in scored[:limit]]
