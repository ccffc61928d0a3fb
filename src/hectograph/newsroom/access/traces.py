"""What is kept of those who try to sign in: nothing in clear, and nothing for longer than a day."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest

from hectograph.newsroom.access import sessions
from hectograph.newsroom.environment import secret

KEPT = timedelta(hours=24)


def hashed_address(request: HttpRequest) -> str:
    """A keyed hash of the client's address that changes with the day, in the shape of an address (axes' column demands
    one; fd00::/8 is the private range of RFC 4193)."""
    day = datetime.now(UTC).date().isoformat()
    key = secret(settings.HECTO_KEYS, "sign-in-traces")
    address = request.META.get("REMOTE_ADDR", "")
    digest = hmac.new(key.encode(), f"{day}|{address}".encode(), hashlib.sha256).digest()
    return str(IPv6Address(b"\xfd" + digest[:15]))


def nobody(*_: object) -> str:
    """How axes names a client in its log: not at all."""
    return "someone"


def forget(now: datetime) -> int:
    """Delete sign-in traces older than a day and sessions that have ended. Returns how many rows went."""
    gone, _ = AccessAttempt.objects.filter(attempt_time__lt=now - KEPT).delete()
    return gone + sessions.forget_ended(now)
