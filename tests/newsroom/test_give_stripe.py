"""The gate over the real pair: Stripe's library, our adapter, and the stand-in over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps

from hectograph.newsroom.flows import notices, protect, renewals
from hectograph.newsroom.flows.till import Till
from hectograph.payments.hooks import Hint
from hectograph.payments.policy import Policy
from hectograph.readers import contact
from hectograph.readers import vault as vaults
from hectograph.readers.vault import Vault
from hectograph.support import policy_row, telling
from hectograph.support.contribution import Contribution
from hectograph.support.plan import Plan
from tests.newsroom.pair import Pair, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(tmp_path: Path) -> Vault:
    return vaults.make(tmp_path / "opener", datetime.now(UTC))


@pytest.mark.parametrize("frequency", ["once", "monthly", "annual"])
def test_a_gift_goes_through(pair: Pair, frequency: str) -> None:
    attempt = pair.press(pair.ours.peer.token(country="DE"), frequency=frequency)
    pair.work()
    assert (pair.page(attempt), pair.charged()) == ("paid", 1)
    assert Contribution.objects.get().minor == 500
    assert Plan.objects.count() == (frequency != "once")


@pytest.mark.parametrize("frequency", ["once", "monthly", "annual"])
@pytest.mark.parametrize("country", ["RU", "BY", None])
def test_of_a_protected_card_the_service_hears_but_the_reading_of_its_token(
    pair: Pair, frequency: str, country: str | None
) -> None:
    token = pair.ours.peer.token(country=country)
    before = len(pair.called())
    attempt = pair.press(token, frequency=frequency)
    pair.work()
    assert pair.page(attempt) == "refused"
    assert pair.called()[before:] == [f"GET /v1/confirmation_tokens/{token}"]


@pytest.mark.parametrize("frequency", ["once", "monthly"])
def test_a_banks_question_is_answered_and_the_gift_taken(pair: Pair, frequency: str) -> None:
    attempt = pair.press(pair.ours.peer.token(country="DE", challenge=True), frequency=frequency)
    pair.work()
    assert pair.page(attempt) == "action"
    pair.ours.peer.complete_challenge(pair.words(attempt)["secret"].partition("_secret_")[0])
    pair.pass_time(seconds=11)
    pair.work()
    assert (pair.page(attempt), pair.charged()) == ("paid", 1)


@pytest.mark.parametrize("frequency", ["once", "monthly"])
def test_another_card_after_a_decline_is_one_charge(pair: Pair, frequency: str) -> None:
    first = pair.press(pair.ours.peer.token(decline="insufficient_funds"), frequency=frequency)
    pair.work()
    assert (pair.page(first), pair.words(first)) == ("declined", {"reason": "funds"})
    second = pair.press(pair.ours.peer.token(country="FR"), first.intent.uuid, frequency=frequency)
    pair.work()
    assert (pair.page(second), pair.charged()) == ("paid", 1)


@pytest.mark.parametrize("frequency", ["once", "monthly"])
@pytest.mark.parametrize("trouble", ["500", "500_after", "cut_after", "429"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_an_answer_that_is_lost_anywhere_makes_no_second_charge(
    pair: Pair, trouble: str, call: int, frequency: str
) -> None:
    paths = ["/v1/payment_intents", "/v1/payment_intents/pi_", "/v1/confirmation_tokens"]
    if frequency != "once":
        paths[0] = "/v1/subscriptions"
    attempt = pair.press(pair.ours.peer.token(country="DE"), frequency=frequency)
    pair.ours.peer.trouble(trouble, times=1, path=paths[call - 1])
    for _ in range(12):
        pair.work()
        pair.pass_time(seconds=11)
    pair.pass_time(hours=25)
    pair.work()
    assert (pair.page(attempt), pair.charged()) in [("paid", 1), ("expired", 0)]
    assert Contribution.objects.count() == pair.charged()


def test_a_country_that_turns_out_another_is_let_go_of(pair: Pair) -> None:
    attempt = pair.press(pair.ours.peer.token(country="DE", then_country="RU"))
    pair.work()
    assert (pair.page(attempt), pair.charged()) == ("refused", 0)


def plan(pair: Pair, **card: object) -> Plan:
    pair.press(pair.ours.peer.token(country="DE", **card), frequency="monthly")
    pair.work()
    return Plan.objects.get()


def renewed(pair: Pair) -> None:
    """A month passes, and hints of all that happened are worked off."""
    pair.pass_time(days=32)
    for hint in reversed(list(pair.ours.worker.hints(pair.clock() - timedelta(days=40)))):
        try:
            renewals.deal(worker(pair), "stripe", hint)
        except Exception as error:  # as the books do: what is none of ours is passed over
            if type(error).__name__ != "Rejected":
                raise


def test_a_renewal_is_a_contribution_of_its_own(pair: Pair) -> None:
    plan(pair)
    renewed(pair)
    assert Contribution.objects.count() == pair.charged() == 2


def test_a_renewal_that_fails_is_noticed_and_told_once(pair: Pair) -> None:
    ours = plan(pair, renewal="decline")
    renewed(pair)
    ours.refresh_from_db()
    assert ours.state == "failing"
    assert pair.charged() == 1


def test_a_card_that_turns_protected_is_not_charged_at_the_next_renewal(pair: Pair) -> None:
    ours = plan(pair)
    method = pair.ours.peer.rows("payment_methods")[0]["id"]
    pair.ours.peer.flip_country(method, "RU")
    hint = Hint("evt_1", "payment_method.automatically_updated", method, 1)
    renewals.deal(worker(pair), "stripe", hint)
    pair.pass_time(days=64)
    ours.refresh_from_db()
    assert (ours.state, pair.charged()) == ("ended", 1)


def test_amount_date_pause_and_card_change_at_the_service(pair: Pair) -> None:
    ours = plan(pair)
    day = (pair.clock() + timedelta(days=10)).date()
    pair.wish(ours, "amount", minor="900")
    pair.wish(ours, "date", on=day.isoformat())
    assert (ours.minor, ours.next_on) == (900, day)
    until = str(int(pair.clock().timestamp()) + 100)
    pair.wish(ours, "card", token=pair.ours.peer.token(country="FR"), until=until, caution="")
    terms = pair.ours.plans.terms(ours.sub_ref)
    assert (terms.money.minor, terms.preview and terms.preview.country) == (900, "FR")
    pair.wish(ours, "pause", until=(day + timedelta(days=60)).isoformat())
    assert pair.ours.plans.terms(ours.sub_ref).paused
    pair.wish(ours, "go-on")
    assert not pair.ours.plans.terms(ours.sub_ref).paused


def test_a_protected_card_is_no_new_card(pair: Pair) -> None:
    ours = plan(pair)
    token, until = pair.ours.peer.token(country="RU"), str(int(pair.clock().timestamp()) + 100)
    before = len(pair.called())
    pair.wish(ours, "card", token=token, until=until, caution="")
    assert pair.called()[before:] == [f"GET /v1/confirmation_tokens/{token}"]


def test_a_cancelled_plan_is_never_charged_again(pair: Pair) -> None:
    ours = plan(pair)
    pair.wish(ours, "cancel")
    pair.pass_time(days=64)
    notices.forget(pair.clock())
    assert (ours.state, pair.charged()) == ("ended", 1)


def test_the_switch_ends_plans_and_retries_from_there_before_the_next_charge(pair: Pair) -> None:
    policy_row.publish(Policy(0, frozenset(("RU",)), frozenset()), "operator", pair.clock())
    pair.press(pair.ours.peer.token(country="KZ"), frequency="monthly", caution=True)
    pair.work()
    theirs = plan_of("KZ", pair)
    till = Till({"stripe": pair.ours.worker}, {"stripe": pair.ours.worker_plans}, "books", pair.clock)
    assert protect.protect(till, "KZ", "operator").plans == 1
    pair.pass_time(days=64)
    theirs.refresh_from_db()
    assert (theirs.state, pair.charged()) == ("ended", 1)


def plan_of(country: str, pair: Pair) -> Plan:
    found = Plan.objects.get()
    terms = pair.ours.plans.terms(found.sub_ref)
    assert terms.preview is not None
    assert terms.preview.country == country
    return found


def test_nothing_of_a_giver_is_left_behind(pair: Pair, opened: Vault, caplog: pytest.LogCaptureFixture) -> None:
    """The canary drill over the gate: strings that belong to givers, looked for in every row and in the log."""
    caplog.set_level("DEBUG")
    peer = pair.ours.peer
    tokens = [peer.token(country=country, email="canary.once@example.org") for country in ("LI", "RU", "KZ")]
    tokens.append(peer.token(country="LI", decline="insufficient_funds"))
    tokens.append(peer.token(country="LI", challenge=True))
    presses = [pair.press(token) for token in tokens]
    number = contact.keep(opened, "canary.plan@example.org", "plan", "en", pair.clock() + timedelta(days=14))
    presses.append(pair.press(peer.token(country="LI"), frequency="monthly", contact=number))
    pair.work()
    assert {pair.page(press) for press in presses} == {"paid", "refused", "caution", "declined", "action"}
    telling.shown(presses[0].desk_id or 0, [press.status for press in presses])
    pair.pass_time(minutes=16)
    pair.work()
    pair.pass_time(hours=49)
    notices.forget(pair.clock())
    found = _rows() + caplog.text
    secrets_of = [*tokens, "canary", "_secret_", '"LI"', '"RU"', '"KZ"', "4242", "127.0.0.1:"]
    assert [secret for secret in secrets_of if secret in found] == []
    assert Contribution.objects.count() == 2


def _rows() -> str:
    """Every row of every table that money touches, as a thief would read it."""
    tables = [*apps.get_app_config("support").get_models(), *apps.get_app_config("readers").get_models()]
    rows = [list(table.objects.values()) for table in tables if table.__name__ != "DeskRow"]
    return json.dumps(rows, default=lambda value: bytes(value).decode("latin-1") if _is_raw(value) else str(value))


def _is_raw(value: object) -> bool:
    return isinstance(value, bytes | memoryview)
