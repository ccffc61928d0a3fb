"""The rows of giving: codes that can be checked, states that don't fall, decisions that stay, words told once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.payments.status import State as Page
from hectograph.readers.desk_row import DeskRow
from hectograph.support import contribution, receipt, telling
from hectograph.support.contribution import Contribution, State
from hectograph.support.operator_action import OperatorAction, note
from hectograph.support.policy_row import PolicyRow
from hectograph.support.telling import Telling

NOW = datetime(2026, 11, 26, 12, 0, 0, 500, tzinfo=UTC)
PERSONAL = ("mail", "address", "name", "ip", "agent", "locale", "country", "phone", "last4")


@given(st.integers(0, 11), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
@settings(max_examples=100)
def test_a_slip_of_one_letter_in_a_receipt_code_shows(place: int, letter: str) -> None:
    plain = receipt.new().replace("-", "")
    wrong = plain[:place] + letter + plain[place + 1 :]
    if wrong == plain:
        assert receipt.read(wrong).replace("-", "") == plain
    else:
        with pytest.raises(ValueError, match="no receipt code"):
            receipt.read(wrong)


def test_a_receipt_code_is_read_however_it_is_typed() -> None:
    code = receipt.new()
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert receipt.read(typed) == code


@given(st.text(max_size=40))
def test_junk_is_no_receipt_code(junk: str) -> None:
    try:
        assert receipt.read(junk) == receipt.read(receipt.read(junk))
    except ValueError:
        return


@pytest.mark.django_db
def test_no_state_of_a_contribution_ever_falls() -> None:
    words = {"frequency": "once", "minor": 500, "currency": "EUR", "day": NOW.date(), "processor": "stripe"}
    Contribution.objects.create(uuid="0f" * 16, ref="pi_1", receipt=receipt.new(), **words)
    moves = [State.PAID, State.PROCESSING, State.REFUNDED, State.PAID, State.REFUNDED_PART]
    assert [contribution.raise_to("pi_1", state) for state in moves] == [True, False, True, False, False]
    assert Contribution.objects.get().state == State.REFUNDED


def test_a_contribution_has_no_field_for_a_person() -> None:
    names = [field.name for field in Contribution._meta.get_fields()]
    assert [name for name in names if any(word in name.split("_") for word in PERSONAL)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", [PolicyRow, OperatorAction])
def test_what_was_decided_is_neither_changed_nor_deleted(table: type[PolicyRow] | type[OperatorAction]) -> None:
    PolicyRow.objects.create(blocked=["RU"], effective_at=NOW, by="operator")
    note("protect", "operator", NOW, about="RU")
    for act in (lambda: table.objects.update(by="somebody"), lambda: table.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert table.objects.get().by == "operator"


def desk(number: int = 1) -> DeskRow:
    return DeskRow.objects.create(address=f"https://desk{number}.example", public="00" * 32)


@pytest.mark.django_db
def test_a_word_is_told_once_to_each_memory_of_a_desk() -> None:
    ours = desk().pk
    telling.tell(ours, "s" * 22, Page.UNDER_WAY, NOW)
    first = telling.due(ours, "boot1", NOW, 10)
    telling.told(ours, "boot1", first)
    assert telling.due(ours, "boot1", NOW, 10) == []
    assert telling.due(ours, "boot2", NOW, 10) == first
    assert telling.due(desk(2).pk, "boot1", NOW, 10) == []


@pytest.mark.django_db
def test_a_word_that_changed_while_it_was_told_is_told_again() -> None:
    ours = desk().pk
    telling.tell(ours, "s" * 22, Page.UNDER_WAY, NOW)
    first = telling.due(ours, "boot1", NOW, 10)
    telling.tell(ours, "s" * 22, Page.PAID, NOW)
    telling.told(ours, "boot1", first)
    assert [status.state for status in telling.due(ours, "boot1", NOW, 10)] == [Page.PAID]


@pytest.mark.django_db
def test_a_last_word_stands() -> None:
    ours = desk().pk
    telling.tell(ours, "s" * 22, Page.PAID, NOW)
    telling.tell(ours, "s" * 22, Page.EXPIRED, NOW)
    assert [status.state for status in telling.due(ours, "boot", NOW, 10)] == [Page.PAID]


@pytest.mark.django_db
def test_a_last_word_that_was_shown_is_wiped_and_another_goes_on() -> None:
    ours = desk().pk
    telling.tell(ours, "a" * 22, Page.PAID, NOW, {"manage": "a link"})
    telling.tell(ours, "b" * 22, Page.ACTION, NOW, {"secret": "for the script"})
    telling.shown(ours, ["a" * 22, "b" * 22, "c" * 22])
    rows = {row.status[0]: (row.state, row.words) for row in Telling.objects.all()}
    assert rows == {"a": ("shown", {}), "b": ("action", {"secret": "for the script"})}


@pytest.mark.django_db
def test_what_no_page_asks_for_is_forgotten() -> None:
    telling.tell(desk().pk, "a" * 22, Page.PAID, NOW)
    assert telling.purge(NOW + timedelta(hours=24)) == 0
    assert telling.purge(NOW + timedelta(hours=26)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_a_test_that_commits_leaves_no_decision_behind_and_the_guard_stands(time: int) -> None:
    assert not OperatorAction.objects.exists()
    note("refund", "ada", NOW, about="pi_1")
    with pytest.raises(DatabaseError):
        OperatorAction.objects.all().delete()
