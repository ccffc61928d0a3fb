"""References that people copy by hand, the account they pay into, and the code that bank apps read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.payments.processors.transfer import account, reference
from hectograph.payments.processors.transfer.account import Account

OURS = Account("Courier in Exile e.V.", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX")
REFERENCE = reference.make("a1")
keys = st.text(max_size=60)


@given(keys)
def test_a_reference_is_found_in_what_people_and_banks_make_of_it(key: str) -> None:
    made = reference.make(key)
    assert len(made) == 15
    for text in (made, reference.shown(made), made.lower(), f"Gift, {reference.shown(made)}. Thanks", "-".join(made)):
        assert reference.find(text) == made


@given(keys)
def test_its_check_digits_are_those_of_the_standard(key: str) -> None:
    made = reference.make(key)
    moved = made[4:] + made[:4]
    assert int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def test_the_standard_s_own_example_holds() -> None:
    assert reference._remainder("539007547034" + "RF18") == 1


@given(keys, st.integers(2, 14), st.sampled_from(reference.ALPHABET + "0123456789"))
def test_one_letter_or_digit_mistyped_is_no_reference(key: str, place: int, typed: str) -> None:
    made = reference.make(key)
    if made[place] != typed and made[place].isdigit() == typed.isdigit():
        assert reference.find(made[:place] + typed + made[place + 1 :]) == ""


@given(keys, st.integers(4, 13))
def test_two_letters_swapped_are_no_reference(key: str, place: int) -> None:
    made = reference.make(key)
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    assert swapped == made or reference.find(swapped) == ""


@given(st.text(max_size=200))
def test_any_text_holds_a_reference_or_none(text: str) -> None:
    found = reference.find(text)
    assert found == "" or reference.find(found) == found


def test_the_same_key_has_one_reference_and_another_key_another() -> None:
    assert reference.make("a1") == REFERENCE
    assert len({reference.make(str(number)) for number in range(20_000)}) == 20_000


def test_no_letter_looks_like_another() -> None:
    assert not set(reference.ALPHABET) & set("0O1IL2Z5S8BUVX")


def test_a_reference_after_a_false_start_is_found() -> None:
    assert reference.find(f"RF00 {REFERENCE}") == REFERENCE
    assert reference.find(f"RFRF12 {REFERENCE} {reference.make('a2')}") == REFERENCE


@pytest.mark.parametrize(
    "iban",
    ["DE89370400440532013000", "GB82WEST12345698765432", "CZ6508000000192000145399", "PL61109010140000071219812874",
     "CH9300762011623852957", "NO9386011117947", "MT84MALT011000012345MTLCAST001S", "lt12 1000 0111 0100 1000"],
)  # fmt: skip
def test_ibans_of_the_register_hold(iban: str) -> None:
    assert Account("Courier", iban).iban == iban.replace(" ", "").upper()


@pytest.mark.parametrize(
    "iban",
    ["", "DE88370400440532013000", "DE8937040044053201300", "DE893704004405320130000", "XX89370400440532013000",
     "ＤＥ89370400440532013000", "DE89-3704-0044-0532-0130-00", "89370400440532013000DE"],
)  # fmt: skip
def test_an_iban_that_does_not_hold_is_a_problem(iban: str) -> None:
    with pytest.raises(Problem, match="IBAN"):
        Account("Courier", iban)


@pytest.mark.parametrize(
    "fields", [{"bic": "COBADEFFXX"}, {"bic": "cobadeff"}, {"holder": ""}, {"holder": "x" * 71}, {"holder": "a\nb"}]
)
def test_an_account_with_fields_that_are_none_is_a_problem(fields: dict[str, str]) -> None:
    with pytest.raises(Problem):
        Account(**{"holder": "Courier", "iban": "DE89370400440532013000", **fields})


def test_a_page_shows_what_a_payer_types() -> None:
    assert account.words(OURS, REFERENCE, Money(1250, "EUR")) == {
        "name": "Courier in Exile e.V.",
        "account": "DE89 3704 0044 0532 0130 00",
        "bic": "COBADEFFXXX",
        "reference": reference.shown(REFERENCE),
        "amount": "12.50 EUR",
        "code": account.code(OURS, REFERENCE, Money(1250, "EUR")),
    }


def test_the_code_has_the_lines_of_the_guideline() -> None:
    lines = account.code(OURS, REFERENCE, Money(1205, "EUR")).split("\n")
    assert lines == [
        "BCD",
        "002",
        "1",
        "SCT",
        "COBADEFFXXX",
        "Courier in Exile e.V.",
        "DE89370400440532013000",
        "EUR12.05",
        "",
        REFERENCE,
    ]


def test_the_code_knows_euros_only() -> None:
    assert "code" not in account.words(OURS, REFERENCE, Money(5000, "CZK"))
    for money in (Money(5000, "CZK"), Money(0, "EUR"), Money(10**11, "EUR")):
        with pytest.raises(ValueError, match="no amount"):
            account.code(OURS, REFERENCE, money)
