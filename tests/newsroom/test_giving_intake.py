"""Opened envelopes of giving: looked over to the last word, since anyone can seal anything."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hectograph.newsroom.flows import give as flow
from hectograph.newsroom.flows import giving_intake
from hectograph.newsroom.flows.tellings import Tellings
from hectograph.newsroom.flows.till import Till
from hectograph.payments.processors.transfer.account import Account
from hectograph.payments.processors.transfer.service import Transfer
from hectograph.payments.status import State as Page
from hectograph.readers import vault as vaults
from hectograph.readers.contact_row import Contact
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.vault import Vault
from hectograph.sealing import capability
from hectograph.sealing.capability import Purpose
from hectograph.support import attempt as attempts
from hectograph.support import telling
from hectograph.support.attempt import Attempt
from hectograph.support.contribution import Contribution, State
from hectograph.support.inbox import InboxEvent
from hectograph.support.intent import Intent
from hectograph.support.plan import Plan, Wish
from tests.newsroom.giving import START as NOW
from tests.newsroom.giving import Giving

pytestmark = pytest.mark.django_db
INTENT = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def opened(tmp_path: Path) -> Vault:
    return vaults.make(tmp_path / "opener", NOW)


def desk() -> int:
    return DeskRow.objects.get_or_create(address="https://desk.example", defaults={"public": "00" * 32})[0].pk


def words(**other: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"kind": "give", "id": "s" * 22, "intent": INTENT, "frequency": "once", "minor": 500}
    asked |= {"currency": "EUR", "language": "ru", "appeal": "autumn", "method": "card", "token": "ctoken_12345678"}
    return asked | {"email": "", "caution": False, "until": int(NOW.timestamp()) + 120} | other


def give(opened: Vault, **other: Any) -> str:
    return giving_intake.give(opened, words(**other), NOW, desk())


def page(status: str = "s" * 22) -> tuple[str, dict[str, str]]:
    row = telling.Telling.objects.get(status=status)
    return row.state, row.words


def test_a_press_becomes_an_intent_and_an_attempt_and_no_person(opened: Vault) -> None:
    assert give(opened, email="giver@example.org") == "gift asked"
    attempt = Attempt.objects.get()
    assert (attempt.intent.minor, attempt.intent.language, attempt.token) == (500, "ru", "ctoken_12345678")
    assert not Contact.objects.exists()
    assert page() == ("under-way", {})


def test_who_gives_again_and_again_has_a_contact_that_goes_soon_if_nothing_comes(opened: Vault) -> None:
    give(opened, frequency="monthly", email="giver@example.org")
    row = Contact.objects.get()
    assert Attempt.objects.get().contact == row.number
    assert row.purpose == "plan"
    assert row.expires_at <= NOW + timedelta(days=14)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"minor": minor} for minor in (-500, 0, 199, 500_001, 10**12, "five", 5.0, True, None)),
        *({"currency": currency} for currency in ("XXX", "eur", "", "JPY", None)),
        *({"frequency": frequency} for frequency in ("weekly", "", "ONCE", None, 1)),
        *({"intent": intent} for intent in ("", "1", "z" * 32, None)),
        *({"id": status} for status in ("short", "a" * 65, "a b" * 10, 5, None)),
        *({"token": token} for token in ("", "tok", "ctoken_../../x", "a" * 121, None)),
        *({"method": method} for method in ("link", "", "paypal")),
        *({"until": until} for until in ("soon", None, float("inf"), float("nan"))),
    ],
)
def test_what_is_amiss_is_malformed_and_leaves_nothing(opened: Vault, wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        give(opened, **wrong)
    assert not Intent.objects.exists()


@pytest.mark.parametrize("appeal", ["a/b", "a" * 61, 5, None, "ы"])
def test_a_strange_appeal_stops_no_gift(opened: Vault, appeal: object) -> None:
    give(opened, appeal=appeal)
    assert Attempt.objects.get().intent.appeal == ""


@pytest.mark.parametrize("until", [int(NOW.timestamp()) + 86_400, 10**30])
def test_an_envelope_can_not_give_itself_more_time(opened: Vault, until: int) -> None:
    give(opened, until=until)
    assert Attempt.objects.get().until <= NOW + timedelta(minutes=3)


def test_one_that_comes_too_late_is_not_begun(opened: Vault) -> None:
    give(opened, until=int(NOW.timestamp()) - 1)
    assert page()[0] == "expired"
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("other", [{"minor": 200}, {"currency": "USD"}, {"frequency": "monthly"}])
def test_the_terms_of_an_intent_do_not_change(opened: Vault, other: dict[str, Any]) -> None:
    give(opened)
    assert give(opened, id="t" * 22, email="giver@example.org", **other) == "gift expired"
    assert Intent.objects.get().minor == 500
    assert Attempt.objects.count() == 1


def test_an_intent_that_was_paid_is_not_paid_again_even_after_it_was_purged(opened: Vault) -> None:
    giving = Giving()
    paid = giving.press()
    giving.work()
    Intent.objects.all().delete()
    give(opened, intent=paid.intent.uuid.hex)
    assert page()[0] == "already"


@pytest.mark.parametrize(("address", "reason"), [("giver@mail.ru", "watched"), ("giver", "address"), ("", "address")])
def test_an_address_that_can_not_be_kept_stops_a_plan_before_any_payment(
    opened: Vault, address: str, reason: str
) -> None:
    give(opened, frequency="annual", email=address)
    assert page() == ("failed", {"reason": reason})
    assert not Attempt.objects.exists()


def plan() -> Plan:
    giving = Giving()
    giving.press(frequency="monthly")
    giving.work()
    return Plan.objects.get()


def link(of: Plan, **other: Any) -> dict[str, Any]:
    return {"number": of.uuid.hex, "epoch": str(of.link_epoch), "id": "m" * 22} | other


def test_a_manage_page_shows_the_plan_and_nothing_of_the_card_but_its_end(opened: Vault) -> None:
    giving_intake.look(opened, link(plan()), NOW, desk())
    state, shown = page("m" * 22)
    assert state == "plan"
    assert shown.keys() == {"amount", "currency", "frequency", "state", "next", "expires"}


@pytest.mark.parametrize("other", [{"epoch": 0}, {"epoch": 10**30}, {"number": uuid4().hex}])
def test_an_old_and_a_foreign_link_get_the_same_answer(opened: Vault, other: dict[str, Any]) -> None:
    ours = plan()
    giving_intake.look(opened, link(ours, **other), NOW, desk())
    assert giving_intake.manage(opened, link(ours, act="cancel", id="n" * 22, **other), NOW, desk()) == "plan unknown"
    assert page("m" * 22) == page("n" * 22) == ("failed", {"reason": "link"})
    assert not Wish.objects.exists()


def test_a_plan_that_is_to_end_counts_as_ending_at_once(opened: Vault) -> None:
    ours = plan()
    giving_intake.manage(opened, link(ours, act="cancel"), NOW, desk())
    ours.refresh_from_db()
    assert ours.state == Plan.State.ENDING
    assert page("m" * 22)[0] == "under-way"


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "refund"},
        {"act": "amount", "minor": 1},
        {"act": "date", "on": "2026-01-01"},
        {"act": "pause", "pause_until": "2036-01-01"},
        {"act": "card", "token": "x", "until": 1},
    ],
)
def test_a_wish_that_is_none_is_malformed(opened: Vault, wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError)):
        giving_intake.manage(opened, link(plan(), **wrong), NOW, desk())


def test_a_hint_of_a_desk_is_kept(opened: Vault) -> None:
    said = {"processor": "stripe", "event": "evt_1", "type": "charge.succeeded", "object": "ch_1"}
    assert giving_intake.webhook(opened, {**said, "created": "1795686000"}, NOW, desk()) == "hint"
    assert InboxEvent.objects.get().object == "ch_1"


def test_a_page_that_began_a_plan_is_told_a_link_that_any_desk_can_check(opened: Vault) -> None:
    giving = Giving()
    attempt = giving.press(frequency="monthly")
    giving.work()
    tellings = Tellings(opened)
    (status,) = tellings.due(attempt.desk_id or 0, "boot", giving.clock(), 10)
    found = capability.check(opened.links.public_key(), status.words["manage"], giving.clock())
    assert status.state is Page.PAID
    assert found is not None
    assert (found.purpose, found.number.hex()) == (Purpose.MANAGE, Plan.objects.get().uuid.hex)
    tellings.told(attempt.desk_id or 0, "boot", [status])
    assert tellings.due(attempt.desk_id or 0, "boot", giving.clock(), 10) == []


# --- a reference of a transfer that got lost --------------------------------------------------------------------------


@pytest.fixture
def by_bank() -> Till:
    account = Account("Courier in Exile", "DE89370400440532013000")
    return replace(Giving().till(), ways={"transfer": Transfer(account), "card": Giving().bank})


def carried(till: Till) -> None:
    for pk in attempts.due(NOW, 10):
        flow.carry(till, pk)


def test_a_reference_that_got_lost_is_shown_again(opened: Vault, by_bank: Till) -> None:
    for status in ("s" * 22, "t" * 22):
        give(opened, id=status, method="transfer")
        carried(by_bank)
    assert page()[0] == page("t" * 22)[0] == "transfer"
    assert page()[1] == page("t" * 22)[1]
    assert Contribution.objects.count() == 1


def test_once_it_came_it_is_paid_already(opened: Vault, by_bank: Till) -> None:
    give(opened, method="transfer")
    carried(by_bank)
    Contribution.objects.update(state=State.PAID)
    give(opened, id="t" * 22, method="transfer")
    assert page("t" * 22)[0] == "already"


def test_another_way_after_a_reference_is_not_said_to_be_paid(opened: Vault, by_bank: Till) -> None:
    give(opened, method="transfer")
    carried(by_bank)
    give(opened, id="t" * 22)
    carried(by_bank)
    assert page("t" * 22)[0] == "expired"
