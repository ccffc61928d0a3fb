"""Sessions of staff: where they are kept, how long they last, and how they are listed and ended.

Times are kept to the hour: enough to recognise a session of one's own, too little to say when somebody worked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from hectograph.newsroom.access.session_row import StaffSession
from hectograph.newsroom.staff import Staff

LONGEST = timedelta(days=14)
IDLE = timedelta(hours=12)
_STARTED, _SEEN = "newsroom_started", "newsroom_seen"  # hours, as ISO 8601


class SessionStore(DatabaseStore):
    """Django's store in rows that know whose they are (settings.SESSION_ENGINE names this module)."""

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    def create_model_instance(self, data: dict[str, Any]) -> StaffSession:
        row: StaffSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.staff_id = data.get(SESSION_KEY)
        row.started, row.seen = _moment(data.get(_STARTED)), _moment(data.get(_SEEN))
        return row


class SessionAgeMiddleware:
    """Ends sessions that are too old or were left alone too long, and notes the hour of those in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        if request.user.is_authenticated and _is_over(request.session, now):
            logout(request)
        response = self.get_response(request)
        if SESSION_KEY in request.session:
            _note_hour(request.session, now)
        return response


@dataclass(frozen=True)
class OpenSession:
    """What a person sees of a session. `ref` names it in forms: the key itself never stands in a page."""

    ref: str
    name: str
    started: datetime | None
    seen: datetime | None
    is_this: bool


def open_sessions(now: datetime, *, staff: Staff | None = None, this_key: str | None = None) -> list[OpenSession]:
    """Sessions of `staff`, or of everyone, that have not ended; the last seen first."""
    rows = StaffSession.objects.filter(staff__isnull=False).exclude(_over(now)).select_related("staff")
    if staff is not None:
        rows = rows.filter(staff=staff)
    found = [_seen_by_people(row, this_key) for row in rows.order_by("-seen", "-started")]
    return sorted(found, key=lambda session: not session.is_this)


def end(ref: str, *, staff: Staff | None) -> int:
    """End the session that `ref` names, if it is one of `staff` (None: of anyone). Returns how many ended."""
    rows = StaffSession.objects.filter(staff__isnull=False)
    if staff is not None:
        rows = rows.filter(staff=staff)
    keys = [key for key in rows.values_list("pk", flat=True) if constant_time_compare(_ref(key), ref)]
    return _delete(keys)


def end_all(staff: Staff, *, but: str | None = None) -> int:
    """End every session of `staff`, except the one with the key `but`. Returns how many ended."""
    return _delete(StaffSession.objects.filter(staff=staff).exclude(pk=but or "").values_list("pk", flat=True))


def forget_ended(now: datetime) -> int:
    """Delete sessions that are over. Returns how many."""
    return StaffSession.objects.filter(_over(now)).delete()[0]


def _delete(keys: Iterable[str]) -> int:
    return StaffSession.objects.filter(pk__in=list(keys)).delete()[0]


def _over(now: datetime) -> Q:
    return Q(expire_date__lt=now) | Q(started__lt=now - LONGEST) | Q(seen__lt=now - IDLE)


def _is_over(session: SessionBase, now: datetime) -> bool:
    started, seen = _moment(session.get(_STARTED)), _moment(session.get(_SEEN))
    return bool((started and now - started > LONGEST) or (seen and now - seen > IDLE))


def _note_hour(session: SessionBase, now: datetime) -> None:
    """Write only when the hour is new, so that reading costs no write."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
    if session.get(_STARTED) is None:
        session[_STARTED] = hour
    if session.get(_SEEN) != hour:
        session[_SEEN] = hour


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _ref(key: str) -> str:
    return salted_hmac("newsroom.session", key, algorithm="sha256").hexdigest()[:32]


def _seen_by_people(row: StaffSession, this_key: str | None) -> OpenSession:
    name = row.staff.get_username() if row.staff else ""
    return OpenSession(_ref(row.pk), name, row.started, row.seen, row.pk == this_key)
