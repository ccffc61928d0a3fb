"""No figure on the publisher's board can be taken apart to fewer than twenty contributions."""

from hypothesis import given
from hypothesis import strategies as st

from hectograph.money import Money
from hectograph.support.veil import FEWEST, Sum, amount, decimal, veiled

_COUNTS = st.dictionaries(st.integers(), st.integers(min_value=0, max_value=60), max_size=12)


def parts(counts: dict[int, int]) -> dict[int, Sum]:
    return {key: Sum(count, Money(count * 7, "EUR")) for key, count in counts.items()}


@given(_COUNTS)
def test_no_part_of_fewer_than_twenty_is_shown(counts: dict[int, int]) -> None:
    assert all(part is None or part.count == 0 or part.count >= FEWEST for part in veiled(parts(counts)).values())


@given(_COUNTS)
def test_what_a_total_less_the_shown_parts_tells_is_of_twenty_or_of_everyone(counts: dict[int, int]) -> None:
    shown = veiled(parts(counts))
    left = sum(count for key, count in counts.items() if shown[key] is None)
    assert left == 0 or left >= FEWEST or left == sum(counts.values())


@given(st.dictionaries(st.integers(), st.integers(min_value=FEWEST, max_value=60), max_size=12))
def test_where_all_parts_are_large_all_are_shown(counts: dict[int, int]) -> None:
    assert None not in veiled(parts(counts)).values()


def test_amounts_have_all_decimals_of_their_currency() -> None:
    assert [decimal(123_450, code) for code in ("EUR", "JPY", "KWD")] == ["1234.50", "123450", "123.450"]
    assert amount(Money(-123_450, "EUR")) == "−1\u202f234.50 EUR"
