"""The street is closed as long as the cashier is: a desk gets its card fields once the checks are recorded."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from hectograph.desk import configuration
from hectograph.newsroom.flows import desk_support, desks
from hectograph.newsroom.rails import open_rails
from hectograph.readers import vault
from hectograph.support import sandbox_check
from hectograph.support.plan import Plan
from tests.newsroom.cast import Newsroom

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def set_up(settings: SimpleNamespace) -> None:
    settings.HECTO_SUPPORT_METHODS, settings.HECTO_STRIPE_PUBLISHABLE = ["card", "sepa"], "pk_test_street"


def record(*, but: str = "") -> None:
    for name in sandbox_check.CHECKS:
        sandbox_check.record(name, sandbox_check.BAD if name == but else sandbox_check.GOOD, "operator", NOW)


def test_before_the_checks_no_desk_takes_cards() -> None:
    assert desk_support.table() is None
    assert desk_support.rail().key == ""


def test_one_check_that_came_out_badly_keeps_the_street_closed() -> None:
    record(but="token")
    assert desk_support.table() is None


def test_with_all_checks_good_cards_are_taken() -> None:
    record()
    assert (desk_support.table() or {})["methods"] == ["card", "sepa"]
    assert desk_support.rail().key == "pk_test_street"


def test_for_the_checks_themselves_a_desk_is_opened(newsroom: Newsroom, tmp_path: Path) -> None:
    opened = vault.make(tmp_path / "keys", NOW)
    where = {"address": "http://desk.example", "listen": "127.0.0.1:1"}
    file = desks.configure(opened, tmp_path / "checking", **where, checking=True)
    assert "pk_test_street" in (tmp_path / "checking/pages/pay/en/pay-once.html").read_text()
    assert configuration.read(file).support is not None
    assert configuration.read(file).is_unmailed("anna@yandex.ru")  # the country policy's list goes along
    closed = desks.configure(opened, tmp_path / "usual", **where)
    assert configuration.read(closed).support is None
    assert "pk_test_street" not in (tmp_path / "usual/pages/pay/en/pay-once.html").read_text()


def test_a_stand_in_needs_no_checks(settings: SimpleNamespace) -> None:
    settings.HECTO_STRIPE_STAND_IN = "http://127.0.0.1:8070"
    assert (desk_support.table() or {})["methods"] == ["card", "sepa"]


def test_transfer_needs_no_checks(settings: SimpleNamespace) -> None:
    settings.HECTO_SUPPORT_METHODS = ["card", "transfer"]
    assert (desk_support.table() or {})["methods"] == ["transfer"]


def test_where_transfers_are_the_only_way_a_desk_takes_their_currencies_alone(settings: SimpleNamespace) -> None:
    settings.HECTO_SUPPORT_METHODS, settings.HECTO_TRANSFER_CURRENCIES = ["card", "transfer"], ["CHF", "EUR"]
    before = desk_support.table() or {}
    assert (before["currencies"], before["least"], before["transfer"]) == (["EUR", "CHF"], [200, 200], ["EUR", "CHF"])
    record()
    after = desk_support.table() or {}
    assert ("USD" in after["currencies"], after["transfer"]) == (True, ["EUR", "CHF"])
    settings.HECTO_TRANSFER_CURRENCIES = ["JPY"]
    assert (desk_support.table() or {})["methods"] == ["card"]


def test_who_has_a_plan_can_end_it_when_nothing_new_is_taken() -> None:
    Plan.objects.create(
        uuid="00000000-0000-4000-8000-000000000001", processor="stripe", sub_ref="sub_1", frequency="monthly",
        minor=500, currency="EUR", language="en", started_on=NOW.date(),
    )  # fmt: skip
    assert (desk_support.table() or {})["methods"] == []


def test_a_newsroom_that_takes_no_payments_offers_reminders(
    newsroom: Newsroom, settings: SimpleNamespace, tmp_path: Path
) -> None:
    settings.HECTO_SUPPORT_METHODS, settings.HECTO_STRIPE_PUBLISHABLE = [], ""
    file = desks.configure(
        vault.make(tmp_path / "keys", NOW), tmp_path / "desk", address="http://desk.example", listen="127.0.0.1:1"
    )
    found = configuration.read(file)
    assert (found.support, found.reminders) == (None, True)
    assert (tmp_path / "desk/pages/pay/ru/remind-sent.html").exists()


def test_the_cashier_is_closed_when_the_street_is() -> None:
    assert "card" not in open_rails().ways
