"""Pages of the admin about one's own access: sessions, and the account without what would name a person."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, NameEmailSettingsPanel

from hectograph.newsroom.access import sessions
from hectograph.newsroom.staff import Staff


@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; for operators, where everyone is. POST `ref` ends one, POST `others` all but this."""
    if request.method == "POST":
        messages.success(request, _end(request))
        return redirect("newsroom_sessions")
    now, this = timezone.now(), request.session.session_key
    own = sessions.open_sessions(now, staff=_person(request), this_key=this)
    everyone = None
    if _keeps_accounts(request):
        everyone = [row for row in sessions.open_sessions(now) if row.name != request.user.get_username()]
    context = {
        "own": own,
        "everyone": everyone,
        "idle_hours": sessions.IDLE.total_seconds() // 3600,
        "longest_days": sessions.LONGEST.days,
    }
    return render(request, "newsroom/sessions.html", context)


@require_GET
def still_here(request: HttpRequest) -> HttpResponse:
    """For `session.js`, before a form goes off: whoever gets this answer is signed in. The token is for the form, since
    signing in again made the one it holds worthless."""
    return JsonResponse({"token": get_token(request)}, headers={"Cache-Control": "no-store"})


class QuietAccountView(AccountView):
    """Wagtail's page without a first and last name (it demands them) and without a portrait."""

    def get_panels(self) -> list[Any]:
        named = (NameEmailSettingsPanel, AvatarSettingsPanel)
        return [panel for panel in super().get_panels() if not isinstance(panel, named)]


def _end(request: HttpRequest) -> str:
    if request.POST.get("others"):
        count = sessions.end_all(_person(request), but=request.session.session_key)
    else:
        whose = None if _keeps_accounts(request) else _person(request)
        count = sessions.end(request.POST.get("ref", ""), staff=whose)
    return f"Ended: {count}." if count else "That session had ended already."


def _person(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)  # the admin lets nobody else in


def _keeps_accounts(request: HttpRequest) -> bool:
    return request.user.has_perm("newsroom.change_staff")
