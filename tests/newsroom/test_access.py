"""Who may come in, and what is kept of those who try."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import settings as own
from hectograph.newsroom.access import accounts, traces
from hectograph.newsroom.staff import Staff
from tests.newsroom.cast import Newsroom

PASSWORD = "a-long-enough-password"


@pytest.fixture
def editor(newsroom: Newsroom) -> Staff:
    return accounts.create_staff("ed", PASSWORD, role="editor")


def sign_in(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": "ed", "password": password}, REMOTE_ADDR="203.0.113.9")


def test_a_password_is_kept_by_what_takes_memory_and_time_to_guess() -> None:
    assert own.PASSWORD_HASHERS[0].endswith(".ScryptPasswordHasher")  # the house's own, not what tests run with


def test_a_name_and_a_password_open_the_admin_on_loopback(client: Client, editor: Staff) -> None:
    assert sign_in(client).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_in_production_a_password_alone_leads_to_the_second_factor(
    client: Client, editor: Staff, settings: Any
) -> None:
    settings.PRODUCTION = True
    sign_in(client)
    assert client.get("/admin/").headers["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/", "/admin/password_reset/"])
def test_other_ways_in_are_closed(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_wagtails_own_form_leads_to_ours(client: Client, db: None) -> None:
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")


def test_too_many_tries_are_held_up_and_leave_no_address_and_no_browser(client: Client, editor: Staff) -> None:
    for _ in range(7):
        answer = sign_in(client, "wrong")
    assert answer.status_code == 429
    kept = " ".join(str(value) for row in AccessAttempt.objects.values() for value in row.values())
    assert "203.0.113.9" not in kept
    assert AccessAttempt.objects.get().user_agent in ("", "<unknown>")


def test_traces_of_sign_ins_are_gone_after_a_day(client: Client, editor: Staff) -> None:
    sign_in(client, "wrong")
    traces.forget(timezone.now() + timedelta(hours=25))
    assert not AccessAttempt.objects.exists()


def test_a_reset_ends_every_session(client: Client, editor: Staff) -> None:
    sign_in(client)
    accounts.reset_staff("ed")
    assert client.get("/admin/").status_code == 302


def test_a_name_can_be_taken_once(editor: Staff) -> None:
    with pytest.raises(Problem):
        accounts.create_staff("ed", PASSWORD, role="reporter")


def test_a_weak_password_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(Problem, match="short"):
        accounts.create_staff("weak", "short", role="reporter")


def test_a_reporter_cannot_publish_alone(newsroom: Newsroom) -> None:
    story = newsroom.story("Draft", publish=False)
    reporter = accounts.create_staff("rep", PASSWORD, role="reporter")
    assert not story.permissions_for_user(reporter).can_publish()


def test_an_editor_can_publish_and_cannot_take_down(newsroom: Newsroom, client: Client, editor: Staff) -> None:
    story = newsroom.story("Up")
    sign_in(client)
    assert story.permissions_for_user(editor).can_publish()
    assert client.get(f"/admin/newsroom/take-down/{story.pk}/").status_code != 200


def test_the_admin_allows_no_inline_script_and_nothing_from_elsewhere(client: Client, editor: Staff) -> None:
    sign_in(client)
    policy = client.get("/admin/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy


def test_pictures_of_the_library_are_for_staff_alone(client: Client, db: None, settings: Any) -> None:
    (settings.MEDIA_ROOT / "press").mkdir(parents=True, exist_ok=True)
    (settings.MEDIA_ROOT / "press/x.jpg").write_bytes(b"x")
    assert client.get("/media/press/x.jpg").status_code == 404
    assert client.get("/media/../newsroom.sqlite3").status_code == 404
