"""*Read more*: chosen by content when a story is published or its text changes, and stored.

records → telling terms → stories that share one → rank → twelve stored candidates
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from hectograph.newsroom.flows.windows import windows
from hectograph.press import records, related
from hectograph.press.related import Candidate
from hectograph.stories import terms
from hectograph.stories.feed.reader import SHOWN_READ_MORE, Reader
from hectograph.stories.press_state import ReadMoreChoice, Term
from hectograph.stories.story import Story
from hectograph.stories.terms import Near, Postings

NEAREST = 20  # to how many others a publish offers the story
CHOSEN = 12
_TAG = re.compile(r"<[^>]+>")
_AT_ONCE = 200


def choose(stories: set[int], reader: Reader) -> set[int]:
    """Choose candidates for `stories`, and let each into the choices of at most its twenty nearest; return the others
    whose choice changed."""
    found = reader.stories(stories)
    for pk in stories - found.keys():
        _forget(pk)
    changed: set[int] = set()
    for story in found.values():
        if _index(story):
            changed |= _choose_one(story.id, Postings(story.language), offer=True)
    return changed - stories


def choose_all(stories: Iterable[int], reader: Reader, *, progress: Callable[[int], None] = lambda done: None) -> None:
    """Choose for many stories at once, as after an import."""
    languages = index_all(stories, reader, progress=lambda done: progress(done // 2))
    postings = {language: Postings(language) for language in set(languages.values())}
    for place, (pk, language) in enumerate(languages.items()):
        _choose_one(pk, postings[language], offer=False)
        if place % _AT_ONCE == 0:
            progress((len(languages) + place) // 2)


def would_show(stories: set[int]) -> set[int]:
    """The pages among whose first fitting candidates one of `stories` stands by now, whether they show it or not: one
    that was sensitive, or is again, fits others than before, and no choice changes by that."""
    holders = set(ReadMoreChoice.objects.filter(candidate__among=stories).values_list("story", flat=True))
    choices = {story: [pk for pk, _ in near] for story, near in terms.choices(holders).items()}
    known = holders.union(*choices.values())
    sensitive = terms.sensitive_among(known)
    live = set(Story.objects.filter(pk__among=known, live=True).order_by().values_list("pk", flat=True))
    found = set()
    for story, candidates in choices.items():
        fitting = [pk for pk in candidates if pk in live and (pk in sensitive) == (story in sensitive)]
        if not stories.isdisjoint(fitting[:SHOWN_READ_MORE]):
            found.add(story)
    return found


def index_all(
    stories: Iterable[int], reader: Reader, *, progress: Callable[[int], None] = lambda done: None
) -> dict[int, str]:
    """Find the telling terms of many stories: all words are counted before the first one is indexed. Returns each
    one's language."""
    wanted, languages = list(stories), dict[int, str]()
    for window in windows(wanted, _AT_ONCE):
        known = terms.indexed(window)
        _count_words(story for pk, story in reader.stories(window).items() if pk not in known)
        reader.forget()
    for window in windows(wanted, _AT_ONCE):
        languages |= _index_window(reader.stories(window))
        reader.forget()
        progress(len(languages))
    return languages


def _count_words(stories: Iterable[records.Story]) -> None:
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    how_many: Counter[str] = Counter()
    for story in stories:
        by_language[story.language].update(_words(story)[0].keys())
        how_many[story.language] += 1
    for language, counts in by_language.items():
        terms.count(language, counts, how_many[language])


def _index_window(stories: Mapping[int, records.Story]) -> dict[int, str]:
    """Find the telling terms of stories whose words are counted. Returns each one's language."""
    languages = {pk: story.language for pk, story in stories.items()}
    for language in set(languages.values()):
        words = {pk: _words(story) for pk, story in stories.items() if story.language == language}
        frequency, total = terms.frequencies(language, {term for counts, _ in words.values() for term in counts})
        telling = {pk: related.telling_terms(counts, names, frequency, total) for pk, (counts, names) in words.items()}
        terms.put_all(language, {pk: (stories[pk].published, found) for pk, found in telling.items()})
    return languages


def _words(story: records.Story) -> tuple[Counter[str], set[str]]:
    topics = [topic.name for topic in story.topics]
    return related.count_terms(story.language, story.headline, story.standfirst, " ".join(texts(story.body)), topics)


def _index(story: records.Story) -> bool:
    """Bring the story's telling terms up to date; False where they are the same as before."""
    counts, names = _words(story)
    before = terms.held(story.id)
    if not before:
        terms.count(story.language, dict.fromkeys(counts, 1), 1)
    frequency, total = terms.frequencies(story.language, counts)
    telling = related.telling_terms(counts, names, frequency, total)
    if before and before.keys() == {term[:60] for term in telling}:
        return False
    terms.put_all(story.language, {story.id: (story.published, telling)})
    return True


def _forget(story: int) -> None:
    """A story that is not live any more is nobody's candidate."""
    Term.objects.filter(story=story).delete()


def _choose_one(story: int, postings: Postings, *, offer: bool) -> set[int]:
    """Choose for `story`; with `offer`, let it into the choices of its neighbours. Returns whose choice changed."""
    own, published = terms.held(story), terms.published_of(story)
    if published is None:
        return set()
    sharing = postings.sharing(own, story)
    near = related.rank(own, published, (Candidate(pk, *rest) for pk, rest in sharing.items()), limit=NEAREST * 2)
    sensitive = terms.sensitive_among([story, *(pk for pk, _ in near)])
    fitting = [(pk, nearness) for pk, nearness in near if (pk in sensitive) == (story in sensitive)]
    neighbours = fitting[:NEAREST] if offer else []
    before = terms.choices([story, *(pk for pk, _ in neighbours)])
    chosen = {story: fitting[:CHOSEN]}
    for pk, nearness in neighbours:
        chosen[pk] = _with(before[pk], (story, nearness))
    return terms.store_choices(chosen, before)


def _with(choice: list[Near], newcomer: Near) -> list[Near]:
    """`choice` with the newcomer at the place that its nearness gives it, if it is among the twelve nearest."""
    others = [near for near in choice if near[0] != newcomer[0]]
    return sorted([*others, newcomer], key=lambda near: (-near[1], -near[0]))[:CHOSEN]


def texts(body: Iterable[records.Block]) -> Iterator[str]:
    """The words of a body, block by block, without tags."""
    for block in body:
        if isinstance(block, records.Paragraph | records.Quote | records.FactBox):
            yield _TAG.sub(" ", block.html)
        elif isinstance(block, records.Heading | records.PullQuote):
            yield block.text
        elif isinstance(block, records.Bullets):
            yield from (_TAG.sub(" ", item) for item in block.items)
