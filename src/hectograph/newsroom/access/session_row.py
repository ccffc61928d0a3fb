"""A signed-in session as it is kept: whose, since when, last seen in which hour. No address, no browser."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class StaffSession(AbstractBaseSession):
    """Django's row, and columns to list and end sessions by. Null where nobody has signed in yet."""

    # No constraint in the database: a request that ends while its account is deleted must not fail on it.
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions", db_constraint=False
    )
    started = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore
