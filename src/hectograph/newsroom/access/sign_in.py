"""The only door: a name and a password, or a passkey. Nobody signs up, and no mail resets anything."""

from __future__ import annotations

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

_JUST_NOW = 300  # seconds


class ClosedDoor(DefaultAccountAdapter):
    """Accounts are made with `hecto staff add`, and reset with `hecto staff reset`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever signed in within five minutes isn't asked again before changing factors."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record.get("at", 0) < _JUST_NOW for record in records)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtailadmin_home")

    def send_mail(self, *args: object, **kwargs: object) -> None:
        """Mail is off: an address is optional here, and nothing depends on it."""


def mode(request: HttpRequest) -> dict[str, bool]:
    """For templates: whether this is production, where a password alone is not enough."""
    return {"production": settings.PRODUCTION}
