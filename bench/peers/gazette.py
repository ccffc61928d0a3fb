"""A synthetic newsroom with a fixed seed: the same stories for every system that is measured."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SEED = 20260101
SECTIONS = (
    "politics",
    "business",
    "local",
    "culture",
    "sport",
    "science",
    "health",
    "opinion",
    "environment",
    "education",
)
_SYLLABLES = (
    "ba be bi bo ca ce co da de di do fa fe fi ga ge go ha he hi la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri "
    "ro sa se si so ta te ti to va ve vi vo"
)
_COMMON = (
    "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one "
    "you were her all she there would their we him been has when who will more no if out so said what up its about into "
    "than them can only other new some could time these two may then do first any my now such like our over man me even "
    "most made after also did many before must through back years where much your way well down should because each just "
    "those people mr how too little state good very make world still own see men work long get here between both life "
    "being under never day same another know while last might us great old year off come since against go came right used "
    "take three council budget school hospital mayor river bridge police court vote union housing rent water energy"
)
COMMON = _COMMON.split()
START, SPAN = datetime(2016, 1, 1, tzinfo=UTC), 10 * 365 * 86_400


def _words() -> list[str]:
    dice, found, parts = random.Random(SEED), set[str](), _SYLLABLES.split()
    while len(found) < 1800:
        found.add("".join(dice.choice(parts) for _ in range(dice.randint(2, 4))))
    return sorted(found)


WORDS = _words()
TAGS = [f"{word}-{number}" for number, word in enumerate(random.Random(SEED + 1).sample(WORDS, 200))]
AUTHORS = [" ".join(w.capitalize() for w in random.Random(SEED + 2 + n).sample(WORDS, 2)) for n in range(40)]


@dataclass(frozen=True)
class Piece:
    """One story: paragraphs are Markdown; the one that begins with `## ` is a heading."""

    number: int
    title: str
    slug: str
    date: datetime
    tags: list[str]
    section: str
    author: str
    image: str
    summary: str
    paragraphs: list[str]


def sentence(dice: random.Random, length: int) -> str:
    words = [dice.choice(COMMON) if dice.random() < 0.72 else dice.choice(WORDS) for _ in range(length)]
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


def piece(number: int) -> Piece:
    dice = random.Random(SEED * 1_000_003 + number)
    title = " ".join(dice.choice(WORDS if dice.random() < 0.5 else COMMON) for _ in range(dice.randint(6, 11)))
    return Piece(
        number=number,
        title=title.capitalize(),
        slug=f"story-{number:06d}",
        date=START + timedelta(seconds=dice.randrange(SPAN)),
        tags=dice.sample(TAGS, dice.randint(1, 3)),
        section=dice.choice(SECTIONS),
        author=dice.choice(AUTHORS),
        image=f"/media/{number % 997:04d}/lead.jpg",
        summary=sentence(dice, 24),
        paragraphs=_paragraphs(dice, number),
    )


def _paragraphs(dice: random.Random, number: int) -> list[str]:
    count = dice.randint(8, 12)
    found = []
    for place in range(count):
        left, sentences = 450 // count + dice.randint(-8, 8), []
        while left > 4:
            length = min(left, dice.randint(9, 22))
            sentences.append(sentence(dice, length))
            left -= length
        text = " ".join(sentences)
        if place == 2:
            text = f"{text[:60]} **{text[60:80].strip()}** {text[80:]}"
        if place == 4:
            text += f" [More on this](https://example.org/{number})"
        found.append(text)
    heading = " ".join(dice.choice(WORDS) for _ in range(4)).capitalize()
    found.insert(count // 2, f"## {heading}")
    return found


def pieces(count: int) -> list[Piece]:
    return [piece(number) for number in range(count)]
