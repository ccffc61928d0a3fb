"""What an editor is told while a letter is being made. Pure: the record and the compiled parts in, findings out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest

from hectograph.letters import marks
from hectograph.letters.mail_html import CLIP
from hectograph.press.letter_records import LetterPage, LetterPick

SUBJECT_LONG, PREHEADER_LONG = 60, 110  # characters that phones show
PICTURES_MANY = 8


@dataclass(frozen=True)
class Finding:
    """`stops`: the letter can't be approved with it. `remedy` says what to do."""

    stops: bool
    what: str
    remedy: str


@dataclass(frozen=True)
class Written:
    """What was typed and chosen, before anything is made of it. `stories` are the numbers chosen, in order; `texts` the
    introduction and the notes; `is_ours` says whether a site path leads anywhere."""

    subject: str
    preheader: str
    stories: tuple[int, ...]
    texts: tuple[str, ...]
    alert: bool
    is_ours: Callable[[str], bool]


def of_words(written: Written) -> list[Finding]:
    """Findings that need no compiled letter."""
    found = [*_subject(written), *_preheader(written), *_links(written)]
    if not written.stories and not written.alert:
        found.append(Finding(True, "There is no story in it.", "Add at least one from the list."))
    if written.alert and not written.stories and not any(text.strip() for text in written.texts):
        found.append(Finding(True, "The alert says nothing yet.", "Write its text, or add a story."))
    return found


def _subject(written: Written) -> Iterable[Finding]:
    if not written.subject.strip():
        yield Finding(True, "There is no subject.", "Write one: it is what readers see first.")
    elif len(written.subject) > SUBJECT_LONG:
        words = f"The subject has {len(written.subject)} characters; phones show about {SUBJECT_LONG}."
        yield Finding(False, words, "Put what matters first, or shorten it.")


def _preheader(written: Written) -> Iterable[Finding]:
    if not written.preheader.strip():
        yield Finding(
            False, "There is no preheader.", "Mailboxes show it beside the subject; without one, the masthead."
        )
    elif len(written.preheader) > PREHEADER_LONG:
        yield Finding(
            False, f"The preheader has {len(written.preheader)} characters.", f"Some {PREHEADER_LONG} are shown."
        )


def _links(written: Written) -> Iterable[Finding]:
    for text in written.texts:
        for address in marks.links(text):
            if not marks.is_safe(address):
                yield Finding(
                    True, f"“{address[:80]}” is no address a reader can open.", "Use https://… or /path of ours."
                )
            elif address.startswith("/") and not written.is_ours(address[1:]):
                yield Finding(
                    True, f"“{address[:80]}” leads nowhere on our site.", "Look at the address, or publish it."
                )
            elif address.startswith("http://"):
                yield Finding(False, f"“{address[:80]}” is not https.", "Others on the way can read and change it.")


def of_stories(letter: LetterPage, chosen: Iterable[tuple[int, str]]) -> list[Finding]:
    """Findings about stories: `chosen` are (number, title) of all that were picked; those that the record lacks are not
    published."""
    picks = [entry for entry in letter.entries if isinstance(entry, LetterPick)]
    there = {pick.story.id for pick in picks}
    found = [
        Finding(True, f"“{title}” is not published.", "Publish it first, or take it out.")
        for number, title in chosen
        if number not in there
    ]
    shown = [pick.story for pick in picks if pick.picture and pick.story.lead]
    found += [
        Finding(False, f"The picture of “{story.headline}” has no alternative text.", "Say in the story what it shows.")
        for story in shown
        if story.lead and not story.lead.alt.strip()
    ]
    if len(shown) > PICTURES_MANY:
        words = f"{len(shown)} pictures: slow on bad networks, and some filters take it for advertising."
        found.append(Finding(False, words, f"Up to {PICTURES_MANY} are fine."))
    return found


def of_size(html: str) -> list[Finding]:
    """The 102 KB clip."""
    size = len(html.encode())
    if size > CLIP:
        words = (
            f"The letter has {size // 1024} KB of HTML; Gmail cuts it off at {CLIP // 1024}, with the link to leave."
        )
        return [Finding(False, words, "Give fewer stories in full text.")]
    return []


def headings_without_stories(letter: LetterPage) -> list[Finding]:
    """Sections that nothing stands in."""
    kinds = ["pick" if isinstance(entry, LetterPick) else entry.text for entry in letter.entries]
    empty = [kind for kind, after in zip_longest(kinds, kinds[1:], fillvalue="") if kind != "pick" and after != "pick"]
    return [Finding(False, f"Nothing stands under “{title}”.", "Add a story to it or take it out.") for title in empty]


_LINKED = re.compile(r'href="(https?://[^"]+)"')


def outside(html: str) -> list[str]:
    """Addresses elsewhere that the compiled letter links to, each once."""
    return sorted(set(_LINKED.findall(html)))
