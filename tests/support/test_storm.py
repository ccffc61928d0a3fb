"""Books against the stand-in's balance, over HTTP, whatever befalls the hints."""

from typing import Any

import pytest

from hectograph.support.books import LedgerTxn
from hectograph.support.sweep_row import SweepRun
from tests.support.storm import storm

pytestmark = pytest.mark.django_db


def equal_to_the_cent(seed: int, acts: int, **how: Any) -> None:
    with storm(seed) as over:
        over.rage(acts, seed, **how)
        run = over.abate()
        assert over.apart() == {}
        assert (run.state, run.diff) == (SweepRun.State.EQUAL, {})
        moved = [row for row in over.peer.rows("balance_transactions") if row["amount"] or row["fee"]]
        assert LedgerTxn.objects.count() == len(moved)  # a haler given back may be less than a cent
        assert over.waiting() == 0


@pytest.mark.parametrize("seed", range(3))
def test_after_a_storm_the_books_are_equal_to_the_cent(seed: int) -> None:
    equal_to_the_cent(seed, 200, asking=seed == 0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50))
def test_after_a_long_storm_the_books_are_equal_to_the_cent(seed: int) -> None:
    equal_to_the_cent(seed, 10_000, at_once=1_000, asking=False, lost=0.8)
