"""Groups 14 and 19 of the attacks, at the desk: mail scanners that open every link, and readers who come from a mirror,
an onion address or nowhere, without a script and without a cookie."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hectograph.sealing.capability import Capability, Purpose, issue
from tests.desk.conftest import Street
from tests.desk.test_paying import GIVE, TABLE, hear
from tests.loops import run

ORIGINS = [
    {},
    {"origin": "null", "referer": ""},
    {
        "origin": "https://copy.example",
        "referer": "https://copy.example/en/2026/11/a-story.html",
        "host": "copy.example",
    },
    {"origin": "http://" + "a" * 56 + ".onion", "host": "a" * 56 + ".onion"},
    {"origin": "https://hostile.example", "sec_fetch_site": "cross-site", "cookie": "left=over"},
]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def street(streets: Callable[..., Street]) -> Street:
    made = streets(support=TABLE, reminders=True)
    hear(made)
    return made


def link(street: Street, purpose: Purpose) -> str:
    until = datetime.now(UTC) + timedelta(days=7)
    return f"/l/{issue(street.links, Capability(purpose, bytes(16), until, ('en', '1')))}"


@pytest.mark.parametrize("purpose", [Purpose.REMIND, Purpose.FORGET, Purpose.MANAGE])
def test_a_scanner_that_opens_a_mailed_link_a_hundred_times_does_nothing(street: Street, purpose: Purpose) -> None:
    address = link(street, purpose)
    for number in range(100):
        method, path = ("HEAD", address) if number % 3 else ("GET", f"{address}?act=cancel&utm_source=scan")
        assert run(street.ask(method, path, user_agent="LinkScanner/1.0"))[0] in (200, 303, 429)
    assert street.kept() == []
    assert {words["kind"] for words in street.live()} <= {"look"}


@pytest.mark.parametrize("purpose", [Purpose.REMIND, Purpose.FORGET])
def test_the_one_press_behind_a_link_needs_no_cookie_and_no_origin(street: Street, purpose: Purpose) -> None:
    for headers in ORIGINS:
        assert run(street.ask("POST", link(street, purpose), b"", content_type=FORM, **headers))[0] == 200
    assert len(street.kept()) == len(ORIGINS)


def test_links_that_are_guessed_lead_nowhere(street: Street) -> None:
    good = link(street, Purpose.FORGET)
    for place in range(3, len(good), 7):
        other = "A" if good[place] != "A" else "B"
        for method in ("GET", "POST"):
            status = run(street.ask(method, good[:place] + other + good[place + 1 :], content_type=FORM))[0]
            assert status in (200, 404)
    assert street.kept() == []


@pytest.mark.parametrize("headers", ORIGINS)
def test_a_form_from_any_copy_of_the_site_leads_to_the_pay_page_without_a_script(
    street: Street, headers: dict[str, str]
) -> None:
    body = "&".join(f"{name}={value}" for name, value in GIVE.items()).encode()
    status, _, answer = run(street.ask("POST", "/support", body, content_type=FORM, **headers))
    assert status == 303
    assert answer["location"].startswith("/pay/")  # on whichever address the reader came by
    assert "set-cookie" not in answer
    status, page, _ = run(street.ask("GET", answer["location"], **headers))
    assert (status, "<h1>$5" in page) == (200, True)
    posted = run(street.ask("POST", answer["location"], b"method=transfer", content_type=FORM, **headers))
    assert posted[0] == 303
    assert posted[2]["location"].startswith("/status/")
    assert [words["method"] for words in street.live()] == ["transfer"]
