"""The only door: a name and a password, or a passkey. Nobody signs up, and no mail resets anything."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    """Accounts are made with `hecto staff add`, and reset with `hecto staff reset`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, *args: object, **kwargs: object) -> None:
        """Mail is off: an address is optional here, and nothing depends on it."""


def mode(request: HttpRequest) -> dict[str, bool]:
    """For templates: whether this is production, where a password alone is not enough."""
    return {"production": settings.PRODUCTION}
