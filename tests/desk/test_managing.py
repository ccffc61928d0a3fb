"""The page of a plan: shows what the newsroom says, passes wishes on, ends a plan even while the newsroom is away."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hectograph.desk.sealed_words import VOUCHES, vouched_bytes
from hectograph.payments.status import State, Status
from hectograph.sealing.capability import Capability, Purpose, issue
from tests.desk.conftest import Street
from tests.desk.test_paying import SCRIPT, TABLE, hear
from tests.loops import run

Streets = Callable[..., Street]
NUMBER = bytes(range(16))


@pytest.fixture
def street(streets: Streets) -> Street:
    made = streets(support=TABLE)
    hear(made)
    return made


def link(street: Street, *, language: str = "en", days: int = 7) -> str:
    until = datetime.now(UTC) + timedelta(days=days)
    return f"/l/{issue(street.links, Capability(Purpose.MANAGE, NUMBER, until, (language, '3')))}"


def said(street: Street) -> dict[str, object]:
    """The one live envelope, without what changes each time."""
    (words,) = street.live()
    return {name: value for name, value in words.items() if name not in ("id", "until")}


def shown(street: Street, told: State = State.PLAN, language: str = "en", **words: str) -> str:
    """The page of the link when the newsroom says `told`."""
    _, _, headers = run(street.ask("GET", link(street, language=language)))
    status_id = re.findall(r"/status/([^?]*)", headers["location"])[0]
    hear(street, Status(status_id, told, 2_000_000_000, words))
    return run(street.ask("GET", headers["location"]))[1]


PLAN = {
    "amount": "500", "currency": "USD", "frequency": "monthly", "state": "active", "next": "2027-01-05",
    "expires": "03/29",
}  # fmt: skip


def test_opening_the_link_asks_the_newsroom_for_this_plan_and_changes_nothing(street: Street) -> None:
    status, _, headers = run(street.ask("GET", link(street)))
    assert (status, headers["location"].startswith("/status/")) == (303, True)
    assert said(street) == {"kind": "look", "number": NUMBER.hex(), "epoch": "3"}
    assert street.kept() == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("$5 every month", "5 January 2027", "03/29")), ("ru", ("5 $ каждый месяц", "5 января 2027", "03/29"))],
)
def test_the_page_shows_what_the_newsroom_says_in_the_readers_language(
    street: Street, language: str, words: tuple[str, ...]
) -> None:
    page = shown(street, language=language, **PLAN).replace("\xa0", " ")
    assert [word for word in words if word not in page] == []


def test_ending_is_one_press_away(street: Street) -> None:
    page = shown(street, **PLAN)
    assert re.search(r'<form method="post" action="/l/[^"]+"><button name="act" value="cancel">', page)
    assert "go-on" not in page


def test_a_paused_plan_can_go_on_and_an_ended_one_has_no_buttons(street: Street) -> None:
    assert 'value="go-on"' in shown(street, **PLAN, paused_until="2027-03-01")
    ended = shown(street, **{**PLAN, "state": "ended"})
    assert "<div hidden>" in ended
    assert 'class="sf" hidden>Nothing changes until you press a button' in ended


@pytest.mark.parametrize(("state", "is_over"), [("ended", True), ("ending", False)])
def test_a_plan_that_is_still_being_ended_promises_no_more_than_is_known(
    street: Street, state: str, is_over: bool
) -> None:
    page = shown(street, **{**PLAN, "state": state})
    assert ("nothing more is taken" in page) is is_over
    assert ("already on its way" in page.partition("<div hidden>")[0]) is not is_over


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"act": "amount", "own": "7,50", "currency": "USD"}, {"act": "amount", "minor": 750}),
        ({"act": "go-on"}, {"act": "go-on"}),
        ({"act": "link"}, {"act": "link"}),
        ({"act": "card", "token": "ctoken_9"}, {"act": "card", "token": "ctoken_9", "caution": False}),
    ],
)
def test_wishes_go_to_the_newsroom_at_once(street: Street, fields: dict[str, str], words: dict[str, object]) -> None:
    assert run(street.post(link(street), **fields))[0] == 303
    assert said(street) == {"kind": "manage", "number": NUMBER.hex(), "epoch": "3", **words}


def test_days_are_read_within_bounds(street: Street) -> None:
    today = datetime.now(UTC).date()
    for days, status in ((0, 422), (1, 303), (60, 303), (61, 422), (-1, 422)):
        day = (today + timedelta(days=days)).isoformat()
        assert run(street.post(link(street), act="date", on=day))[0] == status
    assert run(street.post(link(street), act="date", on="soon"))[0] == 422
    run(street.post(link(street), act="pause", weeks="8"))
    assert street.live()[-1]["pause_until"] == (today + timedelta(weeks=8)).isoformat()


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "amount", "own": "1", "currency": "USD"},
        {"act": "amount", "own": "7", "currency": "RUB"},
        {"act": "pause", "weeks": "900"},
        {"act": "card", "token": "a b"},
        {"act": "refund"},
    ],
)
def test_what_no_page_of_ours_sends_changes_nothing(street: Street, fields: dict[str, str]) -> None:
    status, page, _ = run(street.post(link(street), **fields))
    assert status == 422
    assert "Nothing was changed" in page
    assert street.live() == []


def test_ending_a_plan_is_kept_on_disk_with_the_desks_word_for_it(street: Street) -> None:
    status, _, headers = run(street.post(link(street), act="cancel"))
    (words,) = street.kept()
    street.own.public_key().verify(bytes.fromhex(words[VOUCHES]), vouched_bytes(words))
    assert status == 303
    assert words["id"] in headers["location"]
    assert {name: words[name] for name in ("kind", "act", "number", "epoch")} == {
        "kind": "manage", "act": "cancel", "number": NUMBER.hex(), "epoch": "3",
    }  # fmt: skip
    hear(street, Status(words["id"], State.DONE, 2_000_000_000, {"what": "cancel"}))
    assert "Your support has ended" in run(street.ask("GET", headers["location"]))[1]


def test_ending_works_while_the_newsroom_is_away_and_nothing_else_is_promised(streets: Streets) -> None:
    street = streets(support=TABLE)
    page = run(street.ask("GET", link(street)))[1]
    assert 'value="cancel"' in page
    assert 'value="amount"' not in page
    assert run(street.post(link(street), act="amount", own="7", currency="USD"))[0] == 503
    assert street.live() == street.kept() == []
    status, page, _ = run(street.post(link(street), act="cancel"))
    assert (status, "kept here, sealed" in page) == (200, True)
    assert len(street.kept()) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_who_only_opens_the_link_ends_nothing(street: Street, method: str) -> None:
    for _ in range(30):
        run(street.ask(method, link(street)))
    assert street.kept() == []
    assert {words["kind"] for words in street.live()} <= {"look"}


def test_a_forged_or_old_link_leads_nowhere(street: Street, streets: Streets) -> None:
    stranger = link(streets(support=TABLE))
    for address in (stranger, link(street, days=-1)):
        assert run(street.ask("GET", address))[0] == 404
        run(street.post(address, act="cancel"))
    assert street.kept() == street.live() == []


def test_one_link_pressed_without_end_fills_nothing(streets: Streets) -> None:
    street = streets(support=TABLE, limits={"per_link": 3})
    hear(street)
    address = link(street)
    assert [run(street.post(address, act="cancel"))[0] for _ in range(5)] == [303, 303, 303, 503, 503]


def test_another_card_goes_through_the_same_fields_and_the_same_gate(street: Street) -> None:
    address = link(street)
    page = run(street.ask("GET", f"{address}?card"))[1]
    assert 'data-mode="setup"' in page
    assert f'action="{address}"' in page
    assert street.live() == []
    status, text, _ = run(street.post(address, accept=SCRIPT, act="card", token="ctoken_9", method="card"))
    found = json.loads(text)
    assert status == 200
    hear(street, Status(found["id"], State.CAUTION, 2_000_000_000))
    page = run(street.ask("GET", found["status"]))[1]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))
    assert fields == {"token": "ctoken_9", "act": "card", "caution": "yes"}
    assert f'action="{address}"' in page


def test_another_account_goes_through_fields_of_a_debit_in_euros_with_the_mandate_named(street: Street) -> None:
    address = link(street)
    page = run(street.ask("GET", f"{address}?account"))[1]
    assert 'data-mode="setup"' in page
    assert 'data-currency="EUR" data-methods="sepa_debit"' in page
    assert 'name="act" value="account"' in page
    assert "mandate whose words stand above" in page
    assert "both banks see both names" in page
    assert street.live() == []
    status, text, _ = run(street.post(address, accept=SCRIPT, act="account", token="ctoken_9", method="sepa"))
    assert status == 200
    assert (street.live()[-1]["act"], street.live()[-1]["token"]) == ("account", "ctoken_9")
    hear(street, Status(json.loads(text)["id"], State.REFUSED, 2_000_000_000))
    assert "card or account" in run(street.ask("GET", json.loads(text)["status"]))[1]


@pytest.mark.parametrize(("currency", "methods", "is_offered"), [
    ("EUR", ("card", "sepa"), True), ("USD", ("card", "sepa"), False), ("EUR", ("card",), False),
])  # fmt: skip
def test_another_account_is_offered_where_a_debit_can_be(
    streets: Streets, currency: str, methods: tuple[str, ...], is_offered: bool
) -> None:
    street = streets(support=replace(TABLE, methods=methods))
    hear(street)
    assert ('?account"' in shown(street, **{**PLAN, "currency": currency})) is is_offered


def test_an_account_that_failed_leads_back_to_its_own_fields(street: Street) -> None:
    address = link(street)
    _, text, _ = run(street.post(address, accept=SCRIPT, act="account", token="ctoken_9"))
    found = json.loads(text)
    hear(street, Status(found["id"], State.FAILED, 2_000_000_000, {"what": "account", "reason": "account"}))
    page = run(street.ask("GET", found["status"]))[1]
    assert "Another account, or a card" in page
    assert f'href="{address}?account"' in page


@pytest.mark.parametrize("reason", ["link", "ended", "service", "funds", "of the service's own"])
def test_a_wish_that_failed_says_why_and_that_nothing_changed(street: Street, reason: str) -> None:
    assert "Nothing was changed" in shown(street, State.FAILED, reason=reason)


@pytest.mark.parametrize("act", ["amount", "date", "pause", "go-on", "card", "account"])
def test_after_a_change_the_way_leads_back_to_the_plan_and_not_to_reminders(street: Street, act: str) -> None:
    page = shown(street, State.DONE, what=act)
    assert re.search(r'<a class="go" href="/l/[^"?]+">Your support</a>', page)
    assert re.search(r"<p hidden><a [^>]*>Shall we remind you", page)


def test_after_the_end_a_reminder_is_offered_and_no_way_back(street: Street) -> None:
    page = shown(street, State.DONE, what="cancel")
    assert 'href="/l/' not in page
    assert re.search(r"<p><a [^>]*>Shall we remind you", page)


@pytest.mark.parametrize(("reason", "again"), [("service", True), ("ended", False), ("link", False)])
def test_a_wish_that_failed_can_be_tried_again_where_that_can_help(street: Street, reason: str, again: bool) -> None:
    assert ('href="/l/' in shown(street, State.FAILED, what="amount", reason=reason)) is again
