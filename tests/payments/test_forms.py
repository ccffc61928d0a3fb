"""Amounts as people type them are read exactly or refused, and a form is read with bounds."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hectograph.money import Money
from hectograph.payments import forms
from hectograph.payments.forms import Ask, FormRefused, Frequency
from hectograph.payments.offers import CURRENCIES, OFFER
from tests.peers.stripe.currencies import minimum

ALL = ("USD", "EUR", "CZK", "JPY", "KRW", "ISK", "KWD", "BHD")


def read(**fields: str) -> Ask:
    return forms.read({"frequency": "once", "currency": "USD", **fields}, OFFER)


def refusal(typed: str, currency: str = "USD") -> str:
    with pytest.raises(FormRefused) as error:
        forms.amount(typed, currency)
    return error.value.reason


@pytest.mark.parametrize(
    "typed",
    [
        "2,50",
        "2.50",
        "2,5",
        "2.5",
        "٢٫٥٠",
        "٢٫٥",
        "۲٫۵۰",
        "२.५०",
        "２.５０",
        "\u00a02,50\u00a0",
        " 2.50\t",
        "02.50",
        "᠒,᠕᠐",
    ],
)
def test_two_and_a_half_in_every_spelling(typed: str) -> None:
    assert forms.amount(typed, "USD") == 250


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-5", "+5", "−5", "1e3", "1.999", "1,000", "1.000", "1 000", "1'000", "1,000.00", "1.000,00", "2.", ".5",
     ",50", "NaN", "Infinity", "inf", "0x10", "1_000", "²", "½", "Ⅳ", "五", "2..5", "2,5,0", "2.5.0", "$2", "2 €",
     "2\n5", "2\x005", "10000000000", "9" * 21, "1/2", "two", "2\u200b", "\u202e2"],
)  # fmt: skip
def test_what_could_mean_two_things_or_none_is_refused(typed: str) -> None:
    assert refusal(typed) == "amount"


@pytest.mark.parametrize("typed", ["2,00", "200.0", "0,5"])
def test_yen_have_no_decimals(typed: str) -> None:
    assert refusal(typed, "JPY") == "amount"
    assert forms.amount("200", "JPY") == 200


def test_dinars_have_three() -> None:
    assert forms.amount("1,250", "KWD") == 1250
    assert forms.amount("2.5", "KWD") == 2500


def oracle(typed: str, currency: str) -> int | None:
    """The minor units by Python's decimals, which know every script's digits; None where there are none."""
    try:
        value = Decimal(typed.strip(" \t\u00a0\u202f\u2009").replace(",", ".").replace("٫", "."))
        minor = value.scaleb(Money(0, currency).digits)
        return int(minor) if minor == minor.to_integral_value() else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


@given(st.text(st.sampled_from("0123456789٠١٢٣٤٥٦٧٨٩०१९.,٫ \u00a0-+eE'_"), max_size=14), st.sampled_from(ALL))
@example("٢", "USD")
@example("1e2", "USD")
def test_an_amount_is_exact_or_refused(typed: str, currency: str) -> None:
    try:
        read = forms.amount(typed, currency)
    except FormRefused:
        return
    assert read == oracle(typed, currency)
    assert read >= 0


@given(st.text(max_size=30), st.sampled_from(ALL))
def test_any_text_is_read_or_refused_in_one_way(typed: str, currency: str) -> None:
    try:
        assert forms.amount(typed, currency) == oracle(typed, currency)
    except FormRefused as error:
        reason = error.reason
    else:
        reason = "amount"
    assert reason == "amount"


@given(st.integers(0, 10**9 - 1), st.sampled_from(ALL))
def test_what_is_written_plainly_is_read_back(minor: int, currency: str) -> None:
    assert forms.amount(Money(minor, currency).plain(), currency) == minor


def test_own_amount_goes_before_the_chosen_one() -> None:
    assert read(own=" 7,50 ", once="10") == Ask(Frequency.ONCE, Money(750, "USD"))
    assert read(own="  ", once="10") == Ask(Frequency.ONCE, Money(1000, "USD"))


def test_a_choice_of_another_frequency_is_not_taken() -> None:
    with pytest.raises(FormRefused, match="amount"):
        read(frequency="monthly", once="10")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"own": "1,99"}, "low"),
        ({"own": "0"}, "low"),
        ({"own": "5000,01"}, "high"),
        ({"own": "999999999"}, "high"),
        ({"own": "5", "currency": "JPY"}, "currency"),
        ({"own": "5", "currency": "usd"}, "currency"),
        ({"own": "5", "currency": ""}, "currency"),
        ({"own": "5", "frequency": "weekly"}, "frequency"),
        ({"own": "5", "frequency": "ONCE"}, "frequency"),
        ({}, "amount"),
    ],
)
def test_a_form_that_asks_for_what_is_not_offered_is_refused(fields: Mapping[str, str], reason: str) -> None:
    with pytest.raises(FormRefused) as error:
        read(**fields)
    assert error.value.reason == reason


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_least_and_the_most_are_taken_and_a_unit_beyond_is_not(currency: str) -> None:
    least, most = OFFER.least[currency], OFFER.most[currency]
    assert read(currency=currency, own=Money(least, currency).plain()).money.minor == least
    assert read(currency=currency, own=Money(most, currency).plain()).money.minor == most
    for beyond, reason in ((least - 1, "low"), (most + 1, "high")):
        with pytest.raises(FormRefused, match=reason):
            read(currency=currency, own=Money(beyond, currency).plain())


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_least_is_twice_what_the_processor_takes(currency: str) -> None:
    assert OFFER.least[currency] >= 2 * minimum(currency.lower())
    assert set(OFFER.most) == set(OFFER.least)
