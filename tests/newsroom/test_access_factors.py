"""The second factor: nobody works in production without having proved one in this very session."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from hectograph.newsroom.access import accounts
from hectograph.newsroom.staff import Staff
from tests.newsroom.cast import Newsroom

PASSWORD = "a-long-enough-password"


@pytest.fixture
def editor(newsroom: Newsroom, settings: Any) -> Staff:
    settings.PRODUCTION = True
    cache.clear()
    return accounts.create_staff("ed", PASSWORD, role="editor")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's own transaction never commits; in life these calls come before the answer is sent."""
    monkeypatch.setattr(transaction, "on_commit", lambda call, *_, **__: call())


def sign_in(client: Client, name: str = "ed", password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": name, "password": password})


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_totp(client: Client) -> str:
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    return secret


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/pages/", "/admin/account/", "/admin/users/", "/admin/api/main/pages/", "/media/press/x"]
)
def test_without_a_factor_no_page_of_work_opens(client: Client, editor: Staff, path: str) -> None:
    sign_in(client)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/")


def test_setting_one_up_opens_the_admin_and_shows_recovery_codes_once(client: Client, editor: Staff) -> None:
    sign_in(client)
    set_up_totp(client)
    codes = Authenticator.objects.get(user=editor, type="recovery_codes").wrap().get_unused_codes()
    assert codes[0] in client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert codes[0] not in client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code in (403, 404)
    assert client.get("/admin/").status_code == 200


def test_setting_one_up_ends_sessions_that_know_only_the_password(client: Client, editor: Staff) -> None:
    thief = Client()
    sign_in(thief)
    sign_in(client)
    set_up_totp(client)
    assert thief.get("/admin/").headers["Location"].startswith("/admin/login/")
    assert client.get("/admin/").status_code == 200


def test_a_session_from_before_the_factor_is_asked_for_it(client: Client, editor: Staff) -> None:
    sign_in(client)
    TOTP.activate(editor, generate_totp_secret())
    assert client.get("/admin/").headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


def test_a_password_alone_does_not_sign_in_once_there_is_a_factor(client: Client, editor: Staff) -> None:
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    assert sign_in(client).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/admin/").status_code == 200


def test_codes_cannot_be_tried_without_end(client: Client, editor: Staff) -> None:
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    sign_in(client)
    for _ in range(20):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/admin/").status_code == 302


def test_a_recovery_code_works_once(client: Client, editor: Staff) -> None:
    TOTP.activate(editor, generate_totp_secret())
    recovery = RecoveryCodes.activate(editor).get_unused_codes()[0]
    for expected in (200, 302):
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": recovery})
        assert client.get("/admin/").status_code == expected
        client.post("/accounts/logout/")


def test_recovery_codes_without_a_factor_are_no_factor(client: Client, editor: Staff) -> None:
    RecoveryCodes.activate(editor)
    sign_in(client)
    assert client.get("/admin/").headers["Location"] == "/accounts/2fa/"


def test_changing_factors_asks_for_proof_again_after_five_minutes(
    client: Client, editor: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    late = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: late)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")


def test_removing_the_last_factor_closes_the_admin_again(client: Client, editor: Staff) -> None:
    sign_in(client)
    set_up_totp(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/admin/").headers["Location"] == "/accounts/2fa/"


def test_a_reset_asks_for_a_password_of_ones_own_and_then_for_a_new_factor(client: Client, editor: Staff) -> None:
    TOTP.activate(editor, generate_totp_secret())
    password = accounts.reset_staff("ED")
    sign_in(client, password=password)
    assert client.get("/admin/").headers["Location"] == "/accounts/password/change/"
    own = "quite-another-long-one"
    client.post("/accounts/password/change/", {"oldpassword": password, "password1": own, "password2": own})
    assert client.get("/admin/").headers["Location"] == "/accounts/2fa/"


def test_an_account_that_is_switched_off_is_out_at_once(client: Client, editor: Staff, settings: Any) -> None:
    settings.PRODUCTION = False
    sign_in(client)
    Staff.objects.filter(pk=editor.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_secrets_of_factors_do_not_stand_in_the_database(client: Client, editor: Staff) -> None:
    sign_in(client)
    secret = set_up_totp(client)
    kept = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in kept
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code(secret)) in (True, False)  # it opens again
