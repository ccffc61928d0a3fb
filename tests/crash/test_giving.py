"""Payments and plans whose process is killed (`kill -9`) between any two steps (support.md §6, attack 7)."""

import pytest

from bench.support_crash import killed_payments, killed_plans


@pytest.mark.parametrize(("runs", "kills"), [(15, 8), pytest.param(500, 300, marks=pytest.mark.soak)])
def test_a_killed_cashier_charges_once_or_not_at_all_and_the_page_is_true(runs: int, kills: int) -> None:
    found = killed_payments(runs)
    assert found["strays"] == []
    assert (found["double_charges"], found["untrue_pages"], found["runs"]) == (0, 0, runs)
    assert int(str(found["kills"])) >= kills
    assert int(str(found["paid"])) > 0


@pytest.mark.parametrize(("runs", "kills"), [(6, 20), pytest.param(500, 2_000, marks=pytest.mark.soak)])
def test_a_killed_keeper_of_plans_grants_each_wish_once_charges_no_protected_card_and_tells_it(
    runs: int, kills: int
) -> None:
    """Another card, amounts, dates, pauses, ends, renewals, failing ones tried again, cards that turned protected."""
    found = killed_plans(runs)
    assert found["strays"] == []
    assert found["runs"] == runs
    assert int(str(found["kills"])) >= kills
    assert int(str(found["wishes_done"])) > 0
