"""Views of the admin. Each asks for the right it needs, and changes something by POST alone."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.log_actions import log
from wagtail.models import Page

from hectograph.errors import Problem
from hectograph.newsroom import database_errors, heartbeat
from hectograph.newsroom.editing.spoken import spoken
from hectograph.newsroom.flows import outsider, publish, scrubbing, search, undo
from hectograph.newsroom.flows.take_down import Gone, retire, take_down
from hectograph.newsroom.worker import only_writer
from hectograph.stories.byline import Byline
from hectograph.stories.story import Story


@require_GET
def media(request: HttpRequest, path: str) -> FileResponse:
    """Pictures of the library, for signed-in staff: previews and the admin's lists show them."""
    root = Path(settings.MEDIA_ROOT).resolve()
    file = (root / path).resolve()
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    if not file.is_relative_to(root) or not file.is_file():
        raise Http404
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return FileResponse(file.open("rb"), content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


def no_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Wagtail's interface for programs acts on pages and asks none of our hooks; the admin itself never uses it so."""
    raise Http404


def _page_for(request: HttpRequest, pk: int, right: str) -> Page:
    page = get_object_or_404(Page, pk=pk).specific
    allowed = page.permissions_for_user(request.user)
    if not getattr(allowed, right)():
        raise PermissionDenied
    return page


@require_POST
def undo_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the last publication."""
    page = _page_for(request, pk, "can_publish")
    try:
        messages.success(request, undo.undo(page, timezone.now(), request.user))
    except Problem as problem:
        messages.error(request, spoken(problem))
    return redirect("wagtailadmin_pages:edit", pk)


@require_GET
def give_to_an_outsider(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest draft as one HTML file, marked and dated. That it was given is logged."""
    page = _page_for(request, pk, "can_edit")
    draft = page.get_latest_revision_as_object()
    log(instance=page, action="hectograph.give", user=request.user)
    name = f"draft-{page.pk}-{timezone.now():%Y%m%d-%H%M}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(outsider.one_file(draft), content_type="text/html; charset=utf-8", headers=headers)


@require_http_methods(["GET", "POST"])
def take_down_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the story down for good."""
    page = _page_for(request, pk, "can_unpublish")
    if not isinstance(page, Story) or not request.user.has_perm("stories.delete_topic"):  # publishers and operators
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "newsroom/take_down.html", {"page": page})
    leave = request.POST.get("leave") == "page"
    gone = take_down(page.pk, reason=request.POST.get("reason", "")[:1000].strip(), leave_page=leave)
    _finish(request, gone)
    if gone.letters:  # readers have it: offer to write to them
        return redirect(f"{reverse('letters')}?{urlencode({'removed': gone.letters}, doseq=True)}")
    return redirect("wagtailadmin_home")


@require_http_methods(["GET", "POST"])
def retire_byline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the byline off everything."""
    byline = get_object_or_404(Byline, pk=pk)
    if not request.user.has_perm("stories.delete_byline"):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "newsroom/retire.html", {"byline": byline, "count": byline.signed.count()})
    _finish(request, retire(byline.pk))
    return redirect("wagtailadmin_home")


def _finish(request: HttpRequest, gone: Gone) -> None:
    """Let the site follow, make the database forget, and tell what is left to look at."""
    try:
        if not heartbeat.is_alive(timezone.now()):
            with only_writer(wait=False):
                while publish.publish(timezone.now()).changes:
                    pass
        search.refresh()
        scrubbing.scrub()
        messages.success(request, _what_went(gone))
    except (Problem, DatabaseError) as error:
        said = error if isinstance(error, Problem) else database_errors.explained(error)
        again = "The worker tries again every minute until the database's file has forgotten it."
        messages.warning(request, f"It is off the site. {said} {again}")
    if gone.letter_mentions:
        messages.warning(request, f"Letters that speak of it in their own words: {'; '.join(gone.letter_mentions)}")
    mentions = Page.objects.filter(pk__in=gone.mentions).values_list("title", flat=True)
    if mentions:
        messages.warning(
            request, f"Look at these pages, which link to it or hold the same words: {'; '.join(mentions)}"
        )


def _what_went(gone: Gone) -> str:
    """What went with it, in words: nothing is said of nothing."""
    counted = ((gone.photos, "photo"), (gone.bylines, "name"))
    went = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted if count]
    return f"Gone, with {' and '.join(went)} that stood nowhere else." if went else "Gone."
