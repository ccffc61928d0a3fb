"""In production nobody works with a password alone: every page leads to where a passkey or TOTP is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from hectograph.newsroom.access import sessions
from hectograph.newsroom.staff import Staff

# Wagtail's own ways in, and mail's: closed.
_CLOSED = (
    "/admin/password_reset",
    "/accounts/password/reset",
    "/accounts/password/set",
    "/accounts/signup",
    "/accounts/email",
    "/accounts/confirm-email",
    "/accounts/login/code",
)
_OPEN = ("/accounts/", "/static/")  # all else is work: a new address is closed until it is named here
_MADE_HERE = "newsroom_factor_made"
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


class SecondFactorMiddleware:
    """Leads whoever has not proved a second factor in this session to where one is made or asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_CLOSED):
            raise Http404
        if request.user.is_authenticated and not request.path_info.startswith(_OPEN):
            step = _next_step(request)
            if step:
                return redirect(step)
        return self.get_response(request)


def made(sender: Any, request: HttpRequest, user: Staff, **kwargs: Any) -> None:
    """A factor was set up: this session has proved it; others know only the password, so they end."""
    request.session[_MADE_HERE] = True
    sessions.end_all(user, but=request.session.session_key)


def password_chosen(sender: Any, user: Staff, **kwargs: Any) -> None:
    """A password of the person's own has taken the place of the one that `hecto staff reset` printed."""
    Staff.objects.filter(pk=user.pk).update(one_time_password=False)


def _next_step(request: HttpRequest) -> str | None:
    """The address of what is still to be done before work, if anything is."""
    staff = request.user
    if getattr(staff, "one_time_password", False):
        return reverse("account_change_password")
    if not settings.PRODUCTION:
        return None
    kinds = set(Authenticator.objects.filter(user_id=staff.pk, type__in=_FACTORS).values_list("type", flat=True))
    if not kinds:
        return reverse("mfa_index")
    if _is_proved(request):
        return None
    page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
    return f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"


def _is_proved(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(request.session.get(_MADE_HERE)) or any(record.get("method") == "mfa" for record in records)
