"""In production nobody works with a password alone: the first page is the one that sets up a passkey or TOTP."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

# Wagtail's own ways in, and mail's: closed.
_CLOSED = ("/admin/password_reset", "/accounts/password/reset", "/accounts/signup", "/accounts/email")


class SecondFactorMiddleware:
    """Leads whoever has no second factor yet to where one is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_CLOSED):
            raise Http404
        if settings.PRODUCTION and _works(request) and not _has_factor(request):
            return redirect(reverse("mfa_index"))
        return self.get_response(request)


def _works(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.path.startswith(("/admin/", "/media/"))


def _has_factor(request: HttpRequest) -> bool:
    """Recovery codes alone are none: they come with a factor."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).exists()
