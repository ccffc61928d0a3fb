"""Remind me later at the desk: sealed and vouched for, confirmed by one button, or a file that keeps nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hectograph.desk.sealed_words import VOUCHES
from hectograph.sealing.capability import Capability, Purpose, issue
from tests.desk.conftest import Street
from tests.desk.test_paying import TABLE
from tests.loops import run

Streets = Callable[..., Street]
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ASKED = {"address": "anna@example.org", "month": "2027-02", "language": "ru"}


@pytest.fixture
def street(streets: Streets) -> Street:
    return streets(support=TABLE, clock=lambda: NOW.timestamp(), watched_hosts=frozenset({"watched.example"}))


def kept(street: Street) -> list[dict[str, object]]:
    found = street.kept()
    assert all(len(words.pop(VOUCHES)) == 128 for words in found)
    return found


def link(street: Street, purpose: Purpose) -> str:
    return f"/l/{issue(street.links, Capability(purpose, bytes(range(16)), NOW + timedelta(days=9), ('ru',)))}"


def test_an_address_and_a_month_are_kept_for_the_newsroom(street: Street) -> None:
    status, page, _ = run(street.post("/remind", **ASKED))
    assert (status, "Проверьте почту" in page) == (200, True)
    assert kept(street) == [{"kind": "remind", **ASKED}]


@pytest.mark.parametrize(("language", "words"), [("en", "we don&#39;t write there"), ("ru", "туда мы не пишем")])
def test_who_waits_in_vain_reads_why_and_has_the_calendar(street: Street, language: str, words: str) -> None:
    _, page, _ = run(street.post("/remind", **{**ASKED, "language": language}))
    assert words in page
    assert 'href="/remind/2027-02.ics"' in page


def test_a_desk_that_takes_no_payments_takes_reminders(streets: Streets) -> None:
    street = streets(reminders=True, clock=lambda: NOW.timestamp())
    assert run(street.post("/remind", **ASKED))[0] == 200
    assert run(street.post(link(street, Purpose.REMIND)))[0] == 200
    assert [words["kind"] for words in kept(street)] == ["remind", "remind"]
    assert run(street.post("/support", frequency="once", once="5", currency="USD"))[0] == 404


@pytest.mark.parametrize(
    "changes",
    [{"address": "anna@"}, {"month": "2026-11"}, {"month": "2027-12"}, {"month": "2027-13"}, {"month": "soon"}],
)
def test_what_can_not_be_is_said_and_typed_once(street: Street, changes: dict[str, str]) -> None:
    status, page, _ = run(street.post("/remind", **{**ASKED, **changes}))
    assert status == 422
    assert f'value="{changes.get("address", ASKED["address"])}"' in page
    assert street.kept() == []


def test_a_watched_host_gets_the_calendar_instead(street: Street) -> None:
    _, page, _ = run(street.post("/remind", **{**ASKED, "address": "anna@watched.example"}))
    assert 'href="/remind/2027-02.ics"' in page
    assert street.kept() == []


@pytest.mark.parametrize(("address", "is_written_to"), [("anna@mail.ru", False), ("anna@ru.example", True)])
def test_who_is_not_written_to_hears_it_at_the_desk_and_does_not_wait(
    streets: Streets, address: str, is_written_to: bool
) -> None:
    street = streets(support=TABLE, clock=lambda: NOW.timestamp(), unmailed_hosts=frozenset({"ru"}))
    _, page, _ = run(street.post("/remind", **{**ASKED, "address": address}))
    assert ("На эту почту мы не пишем" in page) is not is_written_to
    assert bool(street.kept()) is is_written_to


def test_a_machine_gets_the_usual_answer(street: Street) -> None:
    assert run(street.post("/remind", **ASKED, website="x"))[0] == 200
    assert street.kept() == []


def test_the_calendar_file_names_nobody_and_keeps_nothing(street: Street) -> None:
    status, body, headers = run(street.ask("GET", "/remind/2027-02.ics"))
    assert (status, headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert "DTSTART;VALUE=DATE:20270201\r\n" in body
    assert "SUMMARY:Reminder\r\n" in body
    assert "Courier" not in body
    for path in ("2026-11.ics", "2027-02", "x.ics", ""):
        assert run(street.ask("GET", f"/remind/{path}"))[0] == 404


@pytest.mark.parametrize(("purpose", "act"), [(Purpose.REMIND, "confirm"), (Purpose.FORGET, "cancel")])
def test_a_mailed_link_has_one_button_and_only_its_press_counts(street: Street, purpose: Purpose, act: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        run(street.ask(method, link(street, purpose)))
    assert street.kept() == []
    assert run(street.ask("GET", link(street, purpose)))[1].count("<button>") == 1
    run(street.post(link(street, purpose)))
    assert kept(street) == [{"kind": "remind", "act": act, "number": bytes(range(16)).hex()}]
