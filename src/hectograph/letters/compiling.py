"""A letter's record becomes finished bytes with slots. Preview, test and sending all start from these. Pure.

record → HTML and plain text → headers and bodies (`post.lettering`) → `Compiled`
"""

from __future__ import annotations

from dataclasses import dataclass

from hectograph.letters import words
from hectograph.letters.mail_html import Imprint, html
from hectograph.letters.mail_text import text
from hectograph.post.compiled import Compiled
from hectograph.post.lettering import Words, compile_letter
from hectograph.post.message import Sender
from hectograph.post.splice import Values, prove
from hectograph.press.letter_records import LetterPage
from hectograph.press.words import Vocabulary

# What the proof of the splice puts in: as long as the real ones, in every character that they may hold.
_TOKEN = "Fg-" + "Az09_-" * 14
_READER = Values(
    to="reader@example.org",
    date="Fri, 27 Nov 2026 07:00:00 +0000",
    message_id="<0123456789abcdef0123456789abcdef@example.org>",
    leave=_TOKEN,
    leave_mail="leave+0123456789abcdef@example.org",
)


@dataclass(frozen=True)
class Outside:
    """What stands on the envelope's side of a letter: who sends, on which hosts links may stand. With `neutral`, the
    sender's name and the subject tell a stranger who looks at the mailbox nothing."""

    address: str
    hosts: tuple[str, ...]
    neutral: bool = False


def subject_of(letter: LetterPage, zone: str, *, neutral: bool) -> str:
    if not neutral:
        return letter.title
    day = Vocabulary(letter.language, zone).date(letter.published)
    return words.of(letter.language)["neutral_subject"].format(date=day)


def sender_of(letter: LetterPage, imprint: Imprint, outside: Outside) -> Sender:
    name = words.of(letter.language)["neutral_name"] if outside.neutral else imprint.name
    return Sender(name, outside.address)


def compiled(letter: LetterPage, imprint: Imprint, outside: Outside) -> Compiled:
    """The letter as it goes out. A Problem where it can't be made or would not survive the splice."""
    sender = sender_of(letter, imprint, outside)
    parts = Words(
        language=letter.language,
        subject=subject_of(letter, imprint.zone, neutral=outside.neutral),
        text=text(letter, imprint),
        html=html(letter, imprint),
        list_id=f"{letter.newsletter}.{sender.domain}",
    )
    made = compile_letter(parts, sender, outside.hosts)
    base = f"https://{outside.hosts[0]}"
    prove(made, _READER, site=base, links=base)
    return made
