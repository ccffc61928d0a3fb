"""The protected card at once, monthly, annual, update, renewal (group 9): what the service hears of it, by the
stand-in's own log; and that no mail which follows names us."""

from datetime import timedelta
from pathlib import Path

import pytest

from hectograph.newsroom.flows import card_checks, renewals
from hectograph.payments.port import Rejected
from hectograph.readers import contact
from hectograph.readers import vault as vaults
from hectograph.readers.outbox_row import Outgoing
from hectograph.support.contribution import Contribution
from hectograph.support.plan import Plan
from tests.newsroom.pair import Pair, worker

pytestmark = pytest.mark.django_db


def begun(pair: Pair, folder: Path, **card: object) -> Plan:
    opened = vaults.make(folder / "opener", pair.clock())
    number = contact.keep(opened, "giver@example.org", "plan", "en", pair.clock() + timedelta(days=14))
    method = "sepa" if card.get("type") == "sepa_debit" else "card"
    pair.press(pair.ours.peer.token(**card), frequency="monthly", contact=number, method=method)
    pair.work()
    return Plan.objects.get()


def mails() -> list[str]:
    return list(Outgoing.objects.order_by("pk").values_list("kind", flat=True))


WALLETS = [{}, {"wallet": "apple_pay"}, {"wallet": "google_pay"}, {"challenge": True}, {"decline": "card_declined"}]


@pytest.mark.parametrize("card", WALLETS)
@pytest.mark.parametrize("act", ["once", "monthly", "annual", "update"])
def test_of_a_protected_card_the_service_hears_but_the_reading_of_its_token(
    pair: Pair, act: str, card: dict[str, object], tmp_path: Path
) -> None:
    ours = begun(pair, tmp_path, country="DE") if act == "update" else None
    token, before = pair.ours.peer.token(country="RU", **card), len(pair.called())
    if ours is None:
        pair.press(token, frequency=act)
        pair.work()
    else:
        until = str(int(pair.clock().timestamp()) + 100)
        pair.wish(ours, "card", token=token, until=until, caution="yes")
    pair.pass_time(hours=3)
    pair.work()
    assert pair.called()[before:] == [f"GET /v1/confirmation_tokens/{token}"]


@pytest.mark.parametrize("country", ["RU", "BY", "ru", "", None])
def test_of_a_protected_account_for_a_plan_the_service_hears_but_the_reading_of_its_token(
    pair: Pair, tmp_path: Path, country: str | None
) -> None:
    ours = begun(pair, tmp_path, type="sepa_debit", country="DE")
    token, before = pair.ours.peer.token(type="sepa_debit", country=country), len(pair.called())
    pair.wish(ours, "account", token=token, until=str(int(pair.clock().timestamp()) + 100), caution="yes")
    pair.pass_time(hours=3)
    pair.work()
    called = [call for call in pair.called()[before:] if "/payment_intents/" not in call]  # its first debit, looked at
    assert called == [f"GET /v1/confirmation_tokens/{token}"]


@pytest.mark.parametrize("noticed", ["payment_method.", "invoice.created", "customer.subscription.", "the clock"])
def test_at_a_renewal_the_service_hears_the_end_of_the_plan_and_charges_nothing(
    pair: Pair, noticed: str, tmp_path: Path
) -> None:
    ours = begun(pair, tmp_path, country="DE")
    ends = pair.ours.plans.terms(ours.sub_ref).next_on
    peer = pair.ours.peer
    peer.flip_country(peer.rows("payment_methods")[0]["id"], "RU")
    assert ends is not None
    pair.pass_time(seconds=(ends - pair.clock()).total_seconds() + 600)  # the invoice is a draft, for an hour
    before = len(pair.called())
    if noticed == "the clock":
        card_checks.check_cards(worker(pair), pair.clock())
    for hint in pair.ours.worker.hints(pair.clock() - timedelta(days=32)):
        if hint.type.startswith(noticed):
            deal(pair, hint)
    writes = [call for call in pair.called()[before:] if not call.startswith("GET ")]
    pair.pass_time(days=64)
    assert writes == [f"DELETE /v1/subscriptions/{Plan.objects.get().sub_ref}"]
    assert (Plan.objects.get().state, pair.charged(), Contribution.objects.count()) == ("ended", 1, 1)
    assert mails() == ["plan-thanks", "plan-protect"]


def deal(pair: Pair, hint: object) -> None:
    try:
        renewals.deal(worker(pair), "stripe", hint)  # type: ignore[arg-type]
    except Rejected:
        return  # as the books do: what is none of ours is passed over


def test_no_mail_names_us_to_whom_a_plan_s_first_payment_turned_out_to_protect(pair: Pair, tmp_path: Path) -> None:
    ours = begun(pair, tmp_path, country="DE", then_country="RU")
    pair.wish(ours, "link")
    assert (ours.state, mails()) == ("ended", ["plan-protect"])
