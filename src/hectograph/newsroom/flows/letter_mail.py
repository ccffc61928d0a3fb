"""A letter on its way to being approved: what is amiss with it, how it looks, its finished bytes, a test of it.

rows → record (`letter_records`) → findings, previews, `letters.compiling` → stored bytes → approval
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from hectograph.errors import Problem
from hectograph.letters import approval, compiling, findings
from hectograph.letters.compiling import Outside
from hectograph.letters.edition import CompiledLetter, Edition, Kind, State
from hectograph.letters.findings import Finding
from hectograph.letters.letter import Letter, Mend
from hectograph.letters.mail_html import Imprint, html
from hectograph.letters.mail_text import text
from hectograph.newsroom.flows import approved_stories, letter_records, letter_sending
from hectograph.post.compiled import MARKS, Compiled
from hectograph.press.letter_pages import LetterPrinter
from hectograph.press.letter_records import LetterPage
from hectograph.press.render import Renderer
from hectograph.stories.feed.site import site
from hectograph.stories.press_state import Address
from hectograph.stories.story import Story


def imprint(language: str) -> Imprint:
    """What the letter says of the newsroom in `language`."""
    words = site().words(language)
    name = settings.HECTO_MAIL_NAME or words.name
    return Imprint(name, words.notice, words.footer, words.how_to_read, settings.TIME_ZONE)


def hosts() -> tuple[str, ...]:
    """Hosts that mailed links may stand on: where the site is read, and where desks answer."""
    bases = [*settings.HECTO_LETTER_SITES, site().base_url, settings.HECTO_LINKS]
    return tuple(dict.fromkeys(urlsplit(base).netloc for base in bases if base))


def site_base() -> str:
    """Where links to stories lead: the first of HECTO_LETTER_SITES, else the site's own address."""
    return (settings.HECTO_LETTER_SITES or [site().base_url])[0].rstrip("/")


def outside(edition: Edition) -> Outside:
    return Outside(settings.HECTO_MAIL_FROM, hosts(), edition.neutral)


def compile_letter(letter: Letter, *, as_approved: bool = False) -> Compiled:
    """The finished letter as it stands now, or with its stories as they were fixed for approval."""
    page = letter_records.page_of(letter, as_approved=as_approved)
    return compiling.compiled(page, imprint(letter.language), outside(letter.edition))


# --- what is amiss ------------------------------------------------------------------------------------------------


def examine(letter: Letter) -> list[Finding]:
    """Everything to tell the editor, what stops the letter first."""
    entries = list(letter.entries.all())
    chosen = [entry.story for entry in entries if entry.story]
    page = letter_records.page_of(letter)
    written = findings.Written(
        subject=letter.subject,
        preheader=letter.preheader,
        stories=tuple(chosen),
        texts=(letter.introduction, *(entry.note for entry in entries)),
        alert=letter.edition.kind == Kind.ALERT,
        is_ours=_is_ours,
    )
    titles = dict(Story.objects.filter(pk__in=chosen).values_list("pk", "title"))
    named = [(pk, titles.get(pk, "A story that is gone")) for pk in chosen]
    found = findings.of_words(written) + findings.of_stories(page, named) + findings.headings_without_stories(page)
    return sorted(found + _of_mail(page), key=lambda finding: not finding.stops)


def _of_mail(page: LetterPage) -> list[Finding]:
    try:
        return findings.of_size(html(page, imprint(page.language)))
    except Problem as problem:
        return [Finding(True, problem.message, problem.remedy)]


def _is_ours(path: str) -> bool:
    path = path.partition("#")[0]
    stands = (settings.SITE_ROOT / path).is_file() and ".." not in path
    return stands or Address.objects.filter(path=path).exists() or Mend.objects.filter(path=path).exists()


def is_begun(letter: Letter) -> bool:
    """Whether anyone has written in this language yet."""
    return bool(letter.subject or letter.introduction or letter.entries.exists())


def of_edition(edition: Edition) -> list[tuple[str, Finding]]:
    """Findings by language. A language that nobody has begun stops nothing: its readers are told of in words."""
    found: list[tuple[str, Finding]] = []
    letters = list(edition.letters.order_by("language"))
    begun = [letter for letter in letters if is_begun(letter)]
    for letter in begun:
        found += [(letter.language, finding) for finding in examine(letter)]
    if not begun:
        found.append(("", Finding(True, "Nothing is written yet.", "Choose stories and write a subject.")))
    for letter in letters:
        if letter not in begun and begun:
            words = f"Nothing is written in {_name(letter.language)}."
            remedy = f"Its readers get the letter in {_name(begun[0].language)}. Its tab can take the choice over."
            found.append((letter.language, Finding(False, words, remedy)))
    return found


def _name(language: str) -> str:
    return settings.LANGUAGE_NAMES.get(language, language)


# --- approval -----------------------------------------------------------------------------------------------------


def prepare(edition: Edition) -> None:
    """Compile every language that is written, and store the bytes. A Problem where something stops it."""
    stops = [finding for _, finding in of_edition(edition) if finding.stops]
    if stops:
        raise Problem(stops[0].what, stops[0].remedy)
    with transaction.atomic():
        approved_stories.fix(edition)
        begun = [letter for letter in edition.letters.order_by("language") if is_begun(letter)]
        made = [compile_letter(letter, as_approved=True) for letter in begun]
        CompiledLetter.objects.filter(edition=edition).exclude(language__in=[one.language for one in made]).delete()
        for one in made:
            store(edition, one)
        Edition.objects.filter(pk=edition.pk).update(link_hosts=list(hosts()))
    edition.refresh_from_db()


def store(edition: Edition, made: Compiled) -> None:
    values = {"subject": made.subject[:400], "head": made.head, "body": made.body, "link_hosts": list(made.link_hosts)}
    CompiledLetter.objects.update_or_create(
        edition=edition, language=made.language, defaults={**values, "sha256": made.sha256}
    )


def approve(edition: Edition, person: int, now: datetime) -> int:
    """Compile and approve. Returns how many more people are asked for; with none, one that has its moment set waits for
    that and needs nothing more."""
    prepare(edition)
    left = approval.approve(edition, person, now, needed=settings.HECTO_LETTER_APPROVALS)
    if not left and edition.state == State.APPROVED and edition.planned_at and edition.planned_at > now:
        letter_sending.schedule(edition, edition.planned_at, now)
    return left


# --- previews -----------------------------------------------------------------------------------------------------

MODES = ("web", "light", "dark", "phone", "bare", "text")
_MEDIA = re.compile(rf"(?:(?:\.\./)+|(?:{MARKS.pattern})/|/)media/([A-Za-z0-9._-]+)")
_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_SCHEME = "color-scheme:light dark"


def preview(letter: Letter, mode: str) -> str:
    """One view of the letter as HTML; `text` as plain text. Pictures come from the admin's own address."""
    page = letter_records.page_of(letter)
    if mode == "web":
        shown = LetterPrinter(Renderer(site())).page(page).decode()
        return _MEDIA.sub(r"/media/press/\1", shown)
    if mode == "text":
        return MARKS.sub(_spelt, text(page, imprint(letter.language)))
    shown = _MEDIA.sub(r"/media/press/\1", html(page, imprint(letter.language)))
    return MARKS.sub(_spelt, _in_scheme(shown, dark=mode == "dark"))


def _spelt(match: re.Match[str]) -> str:
    """What stands in a slot's place in a preview."""
    name = match[0]
    if "slotsite" in name:
        return site_base()
    return settings.HECTO_LINKS.rstrip("/") if "slotlinks" in name else "…"


def _in_scheme(shown: str, *, dark: bool) -> str:
    """The mail in one scheme, whatever the editor's own machine prefers."""
    fixed = _DARK.sub("@media all" if dark else "@media not all", shown)
    return fixed.replace(_SCHEME, f"color-scheme:{'dark' if dark else 'light'}")


def suggested(language: str, since: datetime | None, but: Iterable[int], words: str = "") -> list[Story]:
    """Live stories of a language that are not chosen yet: those since `since`, or with `words` in the headline."""
    rows = Story.objects.filter(live=True, locale__language_code=language).exclude(pk__in=list(but))
    if words:
        rows = rows.filter(title__icontains=words)
    elif since:
        rows = rows.filter(first_published_at__gte=since)
    return list(rows.select_related("section").order_by("-first_published_at")[:40])


def since_last(edition: Edition) -> datetime | None:
    """When the letter before this one went out, or was to."""
    before = Edition.objects.filter(newsletter=edition.newsletter, kind=Kind.WEEKLY, slot__lt=edition.slot)
    last = before.exclude(state="cancelled").order_by("-slot").first()
    return letter_records.noon_of(last) if last else None


def packed(made: Compiled) -> bytes:
    """A compiled letter as bytes, for a test that is sent a moment later by another process."""
    fields = {"language": made.language, "subject": made.subject, "hosts": list(made.link_hosts)}
    return json.dumps({**fields, "head": made.head.decode("ascii"), "body": made.body.decode("ascii")}).encode()


def unpacked(data: bytes) -> Compiled:
    fields = json.loads(data)
    head, body = fields["head"].encode("ascii"), fields["body"].encode("ascii")
    return Compiled(fields["language"], fields["subject"], head, body, tuple(fields["hosts"]))


def sender(page: LetterPage, edition: Edition) -> str:
    """The name that mailboxes show."""
    return compiling.sender_of(page, imprint(page.language), outside(edition)).name


def subject(page: LetterPage, edition: Edition) -> str:
    return compiling.subject_of(page, settings.TIME_ZONE, neutral=edition.neutral)
