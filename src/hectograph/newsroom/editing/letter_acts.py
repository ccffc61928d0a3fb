"""What is done with a written letter: test, approve, schedule, send, stop, mend. By POST alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.log_actions import log

from hectograph.errors import Problem
from hectograph.letters import approval, composing, marks, schedule, steering
from hectograph.letters.edition import Edition, State
from hectograph.letters.letter import Letter
from hectograph.newsroom.editing.letter_views import languages, require_right
from hectograph.newsroom.editing.spoken import spoken
from hectograph.newsroom.flows import letter_mail, letter_records, letter_sending, letter_site, letter_trial
from hectograph.stories import addresses
from hectograph.stories.press_state import Address


def _edition(request: HttpRequest, pk: int) -> Edition:
    require_right(request)
    return get_object_or_404(Edition, pk=pk)


@require_POST
def trial(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """A test to the address that was typed. It is sealed here and never shown again."""
    require_right(request)
    letter = get_object_or_404(Letter.objects.select_related("edition"), edition=pk, language=language)
    try:
        letter_trial.ask(letter, request.POST.get("address", ""), request.user.pk or 0)
        messages.success(request, "The test is on its way.")
    except Problem as problem:
        messages.error(request, spoken(problem))
    return redirect("letters_preview", pk, language)


@require_POST
def approve(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Approve exactly what stands in the preview."""
    edition = _edition(request, pk)
    try:
        left = letter_mail.approve(edition, request.user.pk or 0, timezone.now())
        log(instance=edition, action="hectograph.letter", user=request.user, data={"act": "approve"})
        if left:
            messages.warning(request, f"You approved it. {left} more must: someone other than you.")
        elif edition.state == State.SCHEDULED and edition.send_at:
            when = date_format(timezone.localtime(edition.send_at), "l, j E, H:i")
            messages.success(request, f"Approved. Exactly this goes out {when}.")
        else:
            messages.success(request, "Approved. Exactly this goes out. Now say when.")
    except Problem as problem:
        messages.error(request, spoken(problem))
    return redirect("letters_preview", pk, language)


@require_POST
def withdraw(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Back to writing: approvals and the schedule are gone."""
    edition = _edition(request, pk)
    approval.withdraw(edition)
    log(instance=edition, action="hectograph.letter", user=request.user, data={"act": "withdraw"})
    return redirect("letters_compose", pk, language)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Schedule it for its slot's hour, for another moment, or send it now."""
    edition = _edition(request, pk)
    try:
        if request.POST.get("when") == "now":
            letter_sending.control(edition, "start", request.user.get_username())
            messages.success(request, "It goes out now.")
        else:
            letter_sending.schedule(edition, _moment(request, edition), timezone.now())
            messages.success(request, "Scheduled.")
        log(instance=edition, action="hectograph.letter", user=request.user, data={"act": "schedule"})
    except Problem as problem:
        messages.error(request, spoken(problem))
        return redirect("letters_preview", pk, languages()[0])
    return redirect("letters_progress", pk)


def _moment(request: HttpRequest, edition: Edition) -> datetime:
    zone = letter_records.zone_of(edition)
    if request.POST.get("when") == "slot":
        return schedule.moment(edition.slot, schedule.read(settings.HECTO_LETTER_TIME).at, zone)
    try:
        typed = datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError:
        raise Problem("That moment is not understood.", "Choose a day and an hour.") from None
    return schedule.moment(typed.date(), typed.time(), zone)


@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _edition(request, pk)
    try:
        composing.cancel(edition)
        log(instance=edition, action="hectograph.letter", user=request.user, data={"act": "cancel"})
        messages.success(request, "Cancelled. Nobody gets it.")
    except Problem as problem:
        messages.error(request, spoken(problem))
    return redirect("letters")


# --- while it is sent ---------------------------------------------------------------------------------------------


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is. With `part`, only what changes, for the script that asks every two seconds."""
    edition = _edition(request, pk)
    numbers = letter_sending.numbers(edition, timezone.now())
    values = {
        "edition": edition,
        "numbers": numbers,
        "left": _in_words(numbers.left),
        "figures": [(name, numbers.counts.get(state, 0), zero) for name, state, zero in _FIGURES],
        "uncertain": numbers.counts.get("uncertain", 0),
        "hosts": letter_sending.story_hosts(edition),
        "stoppable": ("approved", "scheduled", "freezing", "sending", "paused"),
        "events": steering.report(edition.pk).events[-12:],
        "language": languages()[0],
    }
    part = "part" in request.GET
    return render(request, f"newsroom/letters/{'progress_part' if part else 'progress'}.html", values)


# What the page calls each state, and whether it shows a nought, too.
_FIGURES = (
    ("Accepted", "accepted", True),
    ("Waiting", "ready", True),
    ("In hand", "leased", True),
    ("Tried again later", "deferred", False),
    ("Refused", "rejected", False),
    ("Left meanwhile", "suppressed", False),
    ("Given up after a day", "expired", False),
    ("Cancelled before", "withdrawn", False),
    ("Uncertain", "uncertain", True),
)


def _in_words(left: timedelta | None) -> str:
    if left is None:
        return ""
    minutes = round(left.total_seconds() / 60)
    return "a minute" if minutes < 2 else f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


@require_POST
def control(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, resume, cancel, another rate."""
    edition = _edition(request, pk)
    act = request.POST.get("act", "")
    try:
        rate, host = request.POST.get("rate", ""), request.POST.get("host", "")
        letter_sending.control(edition, act, request.user.get_username(), rate=rate, host=host)
        log(instance=edition, action="hectograph.letter", user=request.user, data={"act": act[:20]})
    except Problem as problem:
        messages.error(request, spoken(problem))
    return redirect("letters_progress", pk)


@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A wrong link of a letter that went out leads on from our own site."""
    edition = _edition(request, pk)
    wrong, right = request.POST.get("wrong", "").strip(), request.POST.get("right", "").strip()
    if request.method == "POST":
        try:
            _mend(wrong, right)
            log(instance=edition, action="hectograph.letter", user=request.user, data={"act": "mend"})
            messages.success(request, "Mended: it leads on as soon as the press has made the page.")
            return redirect("letters_progress", pk)
        except Problem as problem:
            messages.error(request, spoken(problem))
    values = {"edition": edition, "base": letter_mail.site_base(), "wrong": wrong, "right": right}
    return render(request, "newsroom/letters/mend.html", values)


def _mend(wrong: str, right: str) -> None:
    path = _path_of(wrong)
    if not path or ".." in path or not path.endswith((".html", "/")):
        words = "The wrong address must be one of our own site."
        raise Problem(words, f"It begins with {letter_mail.site_base()}/ or with a slash; others we can't mend.")
    path = f"{path}index.html" if path.endswith("/") else path
    if (settings.SITE_ROOT / path).exists() and not letter_site.mended(path):
        raise Problem("A page stands at the wrong address already.", "Edit that page instead.")
    if Address.objects.filter(path=path, current=True).exists():
        raise Problem("A page has this address.", "Edit that page instead.")
    target = _path_of(right) or right
    if not (marks.is_safe(right) and (target.startswith("https://") or (settings.SITE_ROOT / target).is_file())):
        raise Problem("The right address leads nowhere.", "Open it in a browser and copy it from there.")
    letter_site.mend(path, target)


def _path_of(address: str) -> str:
    """The site path of an address of ours; empty for others."""
    base = f"{letter_mail.site_base()}/"
    if address.startswith("/") and not address.startswith("//"):
        return address[1:] or addresses.front_path(settings.LANGUAGE_CODE)
    return address.removeprefix(base) if address.startswith(base) else ""
