"""What tries to sign in leave behind: a count under keyed hashes, for a day."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from hectograph.newsroom.access import accounts, traces
from hectograph.newsroom.staff import Staff
from tests.newsroom.cast import Newsroom

PASSWORD = "a-long-enough-password"
SENT = {
    "REMOTE_ADDR": "203.0.113.9",
    "HTTP_USER_AGENT": "Rare/1.0 (only one of its kind)",
    "HTTP_ACCEPT": "text/rare",
    "HTTP_ACCEPT_LANGUAGE": "eo",
}


@pytest.fixture
def editor(newsroom: Newsroom) -> Staff:
    cache.clear()
    return accounts.create_staff("ed", PASSWORD, role="editor")


def attempt(client: Client, password: str = "wrong", name: str = "ed", **sent: str) -> Any:
    fields = {"login": name, "password": password, "next": "/admin/pages/7/"}
    return client.post("/accounts/login/?from=a-rare-place", fields, **{**SENT, **sent})


def kept() -> str:
    rows = [row for model in (AccessAttempt, AccessLog, AccessFailureLog) for row in model.objects.values()]
    return " ".join(str(value) for row in rows for value in row.values())


def test_no_trace_names_anyone_or_anything(client: Client, editor: Staff) -> None:
    attempt(client)
    attempt(client, name="my-password-typed-by-mistake")
    attempt(client, PASSWORD)
    attempt(client)
    for word in ("203.0.113", "Rare", "rare", "mistake", "ed ", "/admin/pages/7", "/accounts/", "wrong"):
        assert word not in kept()
    assert AccessAttempt.objects.exists()


def test_success_is_not_written_down(client: Client, editor: Staff) -> None:
    attempt(client, PASSWORD)
    assert kept() == ""


def test_too_many_tries_are_told_how_long_to_wait(client: Client, editor: Staff) -> None:
    answers = [attempt(client) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert "fifteen minutes" in answers[-1].content.decode()
    assert attempt(client, PASSWORD).status_code == 429


def test_other_spellings_of_a_name_are_counted_with_it(client: Client, editor: Staff) -> None:
    for name in ("ed", "ED", "Ed", " ed", "eD", "ed "):
        attempt(client, name=name)
    assert attempt(client, PASSWORD).status_code == 429


def test_knocking_on_while_held_up_does_not_lengthen_the_wait(client: Client, editor: Staff) -> None:
    for _ in range(6):
        attempt(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    attempt(client)
    assert AccessAttempt.objects.get().attempt_time < timezone.now() - timedelta(minutes=13)


def test_the_owner_comes_in_again_after_a_quarter_of_an_hour(client: Client, editor: Staff) -> None:
    for _ in range(6):
        attempt(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert attempt(client, PASSWORD).status_code == 302


def test_one_address_does_not_hold_up_another_at_once(client: Client, editor: Staff) -> None:
    for _ in range(6):
        attempt(client)
    assert attempt(Client(), PASSWORD, REMOTE_ADDR="203.0.113.10").status_code == 302


def test_tries_from_many_addresses_are_held_up_too(editor: Staff) -> None:
    for number in range(20):
        attempt(Client(), REMOTE_ADDR=f"203.0.113.{number}")
    answer = attempt(Client(), PASSWORD, REMOTE_ADDR="203.0.113.99")
    assert answer.status_code == 200  # the form again
    assert "Too many" in answer.content.decode()


def test_a_reset_forgives_what_was_counted(client: Client, editor: Staff) -> None:
    for _ in range(6):
        attempt(client)
    password = accounts.reset_staff("ed")
    assert attempt(client, password).status_code == 302


def test_traces_are_gone_after_a_day_and_not_before(client: Client, editor: Staff) -> None:
    attempt(client)
    traces.forget(timezone.now() + timedelta(hours=23))
    assert AccessAttempt.objects.exists()
    traces.forget(timezone.now() + timedelta(hours=25))
    assert not AccessAttempt.objects.exists()


def test_the_hash_of_an_address_changes_with_the_key(rf: Any, settings: Any, tmp_path: Any) -> None:
    request = rf.get("/", REMOTE_ADDR="203.0.113.9")
    before = traces.hashed_address(request)
    settings.HECTO_KEYS = tmp_path / "other"
    assert traces.hashed_address(request) != before
