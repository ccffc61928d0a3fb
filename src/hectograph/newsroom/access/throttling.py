"""How tries at the door are counted: by keyed hashes alone. What a client sends beside them is not kept."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest

from hectograph.newsroom.environment import secret

_FORM_FIELD = "login"


class QuietHandler(AxesDatabaseHandler):
    """Counts failures as axes does, and writes down no browser, no address of a page, no field of a form."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        if request is not None:
            for name in ("axes_user_agent", "axes_http_accept", "axes_path_info"):
                setattr(request, name, "")
        super().user_login_failed(sender, credentials, request, **kwargs)
        AccessAttempt.objects.exclude(get_data="", post_data="").update(get_data="", post_data="")


def hashed_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """A keyed hash of the name that was typed: people type passwords into that field, too.

    Upper and lower case count as one name, as they do at the door.
    """
    name = (credentials or {}).get("username") or (request.POST.get(_FORM_FIELD) if request is not None else None)
    return name_hash(str(name or ""))


def name_hash(name: str) -> str:
    key = secret(settings.HECTO_KEYS, "sign-in-traces").encode()
    return hmac.new(key, b"name|" + name.strip().casefold().encode(), hashlib.sha256).hexdigest()


def forgive(name: str) -> None:
    """Drop what was counted against `name`: its owner has a new password."""
    AccessAttempt.objects.filter(username=name_hash(name)).delete()
