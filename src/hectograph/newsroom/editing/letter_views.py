"""Letters in the admin: the list, writing one, looking at it. Every change is a POST, and works without a script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hectograph.errors import Problem
from hectograph.letters import composing, schedule, words
from hectograph.letters.composing import ConflictProblem, Draft, EntryWords
from hectograph.letters.edition import Edition, Kind, State
from hectograph.letters.findings import PREHEADER_LONG, SUBJECT_LONG
from hectograph.letters.letter import Entry, Letter
from hectograph.newsroom.editing.spoken import spoken
from hectograph.newsroom.flows import letter_mail, letter_records, newsletters
from hectograph.press.words import Vocabulary
from hectograph.readers.newsletter import offered
from hectograph.stories import queue
from hectograph.stories.by_the_clock import clock_words
from hectograph.stories.feed.site import site
from hectograph.stories.story import Story

_UNSEEN = timedelta(days=14)
_LISTED = 60


def require_right(request: HttpRequest) -> None:
    if not request.user.has_perm("letters.change_edition"):
        raise PermissionDenied


def languages() -> list[str]:
    return [code for code, _ in settings.LANGUAGES]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All editions, the newest first."""
    require_right(request)
    rows = list(Edition.objects.prefetch_related("letters").order_by("-slot", "-pk")[:_LISTED])
    rhythm = schedule.read(settings.HECTO_LETTER_TIME)
    next_day = schedule.next_day(rhythm, timezone.now(), settings.TIME_ZONE)
    removed = Edition.objects.filter(pk__in=[pk for pk in request.GET.getlist("removed") if pk.isdecimal()])
    names = [(slug, newsletters.name_of(slug, languages()[0])) for slug in offered()]
    values = {"rows": rows, "next_day": next_day, "removed": removed.order_by("slot").last(), "newsletters": names}
    return render(request, "newsroom/letters/index.html", values)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new letter for the next free slot, or an alert for today."""
    require_right(request)
    now, zone, slugs = timezone.now(), settings.TIME_ZONE, offered()
    newsletter = request.POST.get("newsletter", "")
    newsletter = newsletter if newsletter in slugs else slugs[0]
    try:
        if request.POST.get("kind") == Kind.ALERT:
            today = now.astimezone(ZoneInfo(zone)).date()
            edition = composing.begin_alert(newsletter, today, zone, languages())
            _fill_alert(edition, request.POST.get("about", ""), request.POST.get("date", ""))
        else:
            first = schedule.next_day(schedule.read(settings.HECTO_LETTER_TIME), now, zone)
            edition = composing.begin(newsletter, first, zone, languages())
    except Problem as problem:
        messages.error(request, spoken(problem))
        return redirect("letters")
    return redirect("letters_compose", edition.pk, languages()[0])


def _fill_alert(edition: Edition, about: str, day: str) -> None:
    """What most alerts say, to begin with: our new address, or that a story was taken down."""
    if about not in ("new_address", "removed"):
        return
    for letter in edition.letters.all():
        own = words.of(letter.language)
        letter.subject = own[f"{about}_subject"]
        text = own[f"{about}_text"].format(date=_day(day, letter.language))
        letter.introduction = f"{text}\n\n{site().base_url}" if about == "new_address" else text
        letter.save()


def _day(iso: str, language: str) -> str:
    try:
        return Vocabulary(language, "UTC").date(datetime.fromisoformat(iso).replace(tzinfo=UTC))
    except ValueError:
        return "…"


# --- writing ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The form. Each button first keeps what was typed, then does what it says."""
    require_right(request)
    letter = get_object_or_404(Letter.objects.select_related("edition"), edition=pk, language=language)
    if request.method == "GET":
        return _form(request, letter)
    try:
        composing.require_writable(letter.edition)
        composing.write(letter, _draft(request))
    except ConflictProblem as problem:
        messages.error(request, spoken(problem))
        return _form(request, letter, typed=_draft(request))
    except Problem as problem:
        messages.error(request, spoken(problem))
        return redirect("letters_compose", pk, language)
    _follow(letter)
    if request.POST.get("act") == "quiet":
        return _findings(request, letter)
    return _act(request, letter)


def _follow(letter: Letter) -> None:
    """A letter that went out already: its web version follows."""
    if letter.published_at:
        queue.put(queue.Kind.LETTER, letter.pk)


def _draft(request: HttpRequest) -> Draft:
    post = request.POST
    entries = {
        int(key): EntryWords(
            heading=post.get(f"heading-{key}", ""),
            note=post.get(f"note-{key}", ""),
            full=f"full-{key}" in post,
            picture=f"picture-{key}" in post,
        )
        for key in post.getlist("entry")
        if key.isdecimal()
    }
    version = post.get("version", "")
    return Draft(
        version=int(version) if version.isdecimal() else -1,
        subject=post.get("subject", ""),
        preheader=post.get("preheader", ""),
        introduction=post.get("introduction", ""),
        entries=entries,
    )


def _act(request: HttpRequest, letter: Letter) -> HttpResponse:
    name, _, key = request.POST.get("act", "save").partition(":")
    number = int(key) if key.isdecimal() else 0
    anchor = f"#entry-{number}"
    if name in ("up", "down"):
        composing.move(letter, number, -1 if name == "up" else 1)
    elif name == "remove":
        composing.remove(letter, number)
        anchor = "#entries"
    elif name == "add" and Story.objects.filter(pk=number, locale__language_code=letter.language).exists():
        anchor = f"#entry-{composing.add_story(letter, number).pk}"
    elif name == "heading":
        anchor = f"#entry-{composing.add_heading(letter, request.POST.get('new_heading', '')).pk}"
    elif name == "take-over":
        _take_over(request, letter, key)
    elif name == "neutral":
        Edition.objects.filter(pk=letter.edition_id).update(neutral=not letter.edition.neutral)
    elif name == "preview":
        return redirect("letters_preview", letter.edition_id, letter.language)
    else:
        anchor = ""
        messages.success(request, "Saved.")
    response = redirect("letters_compose", letter.edition_id, letter.language)
    response["Location"] += anchor
    return response


def _take_over(request: HttpRequest, letter: Letter, language: str) -> None:
    other = get_object_or_404(Letter, edition=letter.edition_id, language=language)
    chosen = [entry.story for entry in other.entries.all() if entry.story]
    keys = dict(Story.objects.filter(pk__in=chosen).values_list("translation_key", "pk"))
    rows = Story.objects.filter(translation_key__in=keys, locale__language_code=letter.language, live=True)
    twins = {keys[key]: pk for key, pk in rows.values_list("translation_key", "pk")}
    missing = composing.take_over(letter, other, twins)
    if missing:
        messages.warning(request, f"{missing} of the stories are not published in this language.")


def _form(request: HttpRequest, letter: Letter, typed: Draft | None = None) -> HttpResponse:
    edition = letter.edition
    entries = list(letter.entries.all())
    if typed:  # what was typed is shown, not what is stored
        letter.subject, letter.preheader, letter.introduction = typed.subject, typed.preheader, typed.introduction
        for entry in entries:
            if entry.pk in typed.entries:
                entry.note = typed.entries[entry.pk].note
    asked = request.GET.get("q", "").strip()[:80]
    since = letter_mail.since_last(edition) or timezone.now() - _UNSEEN
    chosen = [entry.story for entry in entries if entry.story]
    values = {
        "edition": edition,
        "letter": letter,
        "entries": _shown(entries),
        "suggested": letter_mail.suggested(letter.language, since, chosen, asked),
        "asked": asked,
        "since": since,
        "findings": letter_mail.examine(letter),
        "open": edition.state in (State.DRAFT, State.DONE),
        "tabs": [(code, settings.LANGUAGE_NAMES.get(code, code)) for code in languages()],
        "subject_long": SUBJECT_LONG,
        "preheader_long": PREHEADER_LONG,
    }
    return render(request, "newsroom/letters/compose.html", values)


def _shown(entries: list[Entry]) -> list[tuple[Entry, Story | None]]:
    stories = Story.objects.filter(pk__in=[entry.story for entry in entries if entry.story]).select_related("section")
    by_id = {story.pk: story for story in stories}
    return [(entry, by_id.get(entry.story or 0)) for entry in entries]


def _findings(request: HttpRequest, letter: Letter) -> HttpResponse:
    values = {"findings": letter_mail.examine(letter), "letter": letter, "saved": timezone.now()}
    return render(request, "newsroom/letters/findings.html", values)


# --- looking ------------------------------------------------------------------------------------------------------


@require_GET
def preview(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Every form of the letter side by side, and what can be done with it next."""
    require_right(request)
    letter = get_object_or_404(Letter.objects.select_related("edition"), edition=pk, language=language)
    page = letter_records.page_of(letter)
    outside = letter_mail.outside(letter.edition)
    values = {
        "edition": letter.edition,
        "letter": letter,
        "findings": letter_mail.of_edition(letter.edition),
        "tabs": [(code, settings.LANGUAGE_NAMES.get(code, code)) for code in languages()],
        "sender": letter_mail.sender(page, letter.edition),
        "subject": letter_mail.subject(page, letter.edition),
        "text": letter_mail.preview(letter, "text"),
        "address": outside.address,
        "hosts": outside.hosts,
        "trials": letter.edition.trials.order_by("-pk")[:5],
        "needed": settings.HECTO_LETTER_APPROVALS,
        "approved_by": letter.edition.approvals.count(),
        "rhythm": settings.HECTO_LETTER_TIME,
        "clock": clock_words(zone=ZoneInfo(letter_records.zone_of(letter.edition))),
    }
    return render(request, "newsroom/letters/preview.html", values)


@require_GET
def show(request: HttpRequest, pk: int, language: str, mode: str) -> HttpResponse:
    """One form of the letter, for a frame of the preview."""
    require_right(request)
    letter = get_object_or_404(Letter.objects.select_related("edition"), edition=pk, language=language)
    if mode not in letter_mail.MODES:
        mode = "light"
    try:
        shown = letter_mail.preview(letter, mode)
    except Problem as problem:
        return HttpResponse(spoken(problem), content_type="text/plain; charset=utf-8")
    kind = "text/plain" if mode == "text" else "text/html"
    response = HttpResponse(shown, content_type=f"{kind}; charset=utf-8")
    if mode == "bare":  # as in a mail program that shows no pictures
        response["Content-Security-Policy"] = _NO_PICTURES
    return response


_NO_PICTURES = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; form-action 'none'; frame-ancestors 'self'"
)
