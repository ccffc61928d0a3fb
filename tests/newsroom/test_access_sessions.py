"""Sessions: how long they last, what is kept of them, and how they are ended."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hectograph.newsroom.access import accounts, sessions, traces
from hectograph.newsroom.access.session_row import StaffSession
from hectograph.newsroom.staff import Staff
from tests.newsroom.cast import Newsroom

PASSWORD = "a-long-enough-password"


@pytest.fixture
def editor(newsroom: Newsroom) -> Staff:
    return accounts.create_staff("ed", PASSWORD, role="editor")


def signed_in(name: str = "ed") -> Client:
    client = Client(headers={"user-agent": "Rare/1.0"})
    client.post("/accounts/login/", {"login": name, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def make_older(client: Client, monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    later = timezone.now() + by
    monkeypatch.setattr(sessions.timezone, "now", lambda: later)


def test_times_are_kept_to_the_hour_and_nothing_else_is(editor: Staff) -> None:
    signed_in().get("/admin/")
    row = StaffSession.objects.get(staff=editor)
    assert row.started is not None
    assert (row.started.minute, row.started.second, row.started.microsecond) == (0, 0, 0)
    data = str(row.get_decoded())
    assert "203.0.113" not in data
    assert "Rare" not in data


def test_a_session_left_alone_for_twelve_hours_ends(editor: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    assert is_in(client)
    make_older(client, monkeypatch, timedelta(hours=13))
    assert not is_in(client)
    assert not StaffSession.objects.filter(staff=editor).exists()


def test_a_session_in_use_ends_after_fourteen_days(editor: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    session = client.session
    session["newsroom_started"] = (datetime.now(UTC) - timedelta(days=14, hours=1)).isoformat()
    session.save()
    assert not is_in(client)


def test_reading_within_the_hour_writes_nothing(editor: Staff, django_assert_max_num_queries: Any) -> None:
    client = signed_in()
    client.get("/admin/")
    before = StaffSession.objects.get(staff=editor).session_data
    client.get("/admin/")
    assert StaffSession.objects.get(staff=editor).session_data == before


def test_the_page_lists_own_sessions_and_says_which_is_this(editor: Staff, newsroom: Newsroom) -> None:
    accounts.create_staff("zoltan", PASSWORD, role="editor")
    signed_in("zoltan")
    client = signed_in()
    signed_in()
    page = client.get("/admin/newsroom/sessions/").content.decode()
    assert page.count("This one") == 1
    assert page.count('name="ref"') == 1
    assert "zoltan" not in page.partition("<main")[2]
    assert client.session.session_key not in page


def test_one_of_own_sessions_can_be_ended(editor: Staff) -> None:
    client, elsewhere = signed_in(), signed_in()
    ref = [row.ref for row in sessions.open_sessions(timezone.now(), staff=editor)]
    this = sessions.open_sessions(timezone.now(), staff=editor, this_key=client.session.session_key)[0].ref
    client.post("/admin/newsroom/sessions/", {"ref": next(one for one in ref if one != this)})
    assert is_in(client)
    assert not is_in(elsewhere)


def test_all_others_can_be_ended_at_once(editor: Staff) -> None:
    client, second, third = signed_in(), signed_in(), signed_in()
    client.post("/admin/newsroom/sessions/", {"others": "1"})
    assert [is_in(client), is_in(second), is_in(third)] == [True, False, False]


def test_an_editor_cannot_end_a_session_of_someone_else(editor: Staff) -> None:
    other = accounts.create_staff("other", PASSWORD, role="reporter")
    theirs = signed_in("other")
    ref = sessions.open_sessions(timezone.now(), staff=other)[0].ref
    signed_in().post("/admin/newsroom/sessions/", {"ref": ref})
    assert is_in(theirs)


def test_an_operator_sees_and_ends_sessions_of_everyone(editor: Staff) -> None:
    accounts.create_staff("op", PASSWORD, role="operator")
    theirs, client = signed_in(), signed_in("op")
    assert "ed" in client.get("/admin/newsroom/sessions/").content.decode().partition("<main")[2]
    client.post("/admin/newsroom/sessions/", {"ref": sessions.open_sessions(timezone.now(), staff=editor)[0].ref})
    assert not is_in(theirs)


def test_looking_at_the_page_ends_nothing(editor: Staff) -> None:
    client, elsewhere = signed_in(), signed_in()
    client.get("/admin/newsroom/sessions/?others=1")
    assert is_in(elsewhere)


def test_a_password_of_ones_own_ends_other_sessions(editor: Staff) -> None:
    client, elsewhere = signed_in(), signed_in()
    own = "quite-another-long-one"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": own, "password2": own})
    assert [is_in(client), is_in(elsewhere)] == [True, False]


def test_signing_out_deletes_the_row(editor: Staff) -> None:
    client = signed_in()
    client.post("/admin/logout/")
    assert not StaffSession.objects.filter(staff=editor).exists()


def test_ended_sessions_are_forgotten(editor: Staff) -> None:
    signed_in().get("/admin/")
    traces.forget(timezone.now() + timedelta(hours=14))
    assert not StaffSession.objects.filter(staff=editor).exists()


def test_a_deleted_account_takes_its_sessions_along(editor: Staff) -> None:
    client = signed_in()
    editor.delete()
    assert not StaffSession.objects.exclude(staff=None).exists()
    assert not is_in(client)
