"""Books against the stand-in's balance, over HTTP, whatever befalls the hints."""

from pathlib import Path
from typing import Any

import pytest

from hectograph.support.books import LedgerTxn
from hectograph.support.inbox import InboxEvent
from hectograph.support.sweep_row import SweepRun
from tests.peers.stripe.chaos import FORGERIES
from tests.support.storm import storm
from tests.support.street import storm_on_the_street

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


# A thousand acts take two months of the stand-in's clock: after three, hints are forgotten, as they should be.
@pytest.mark.parametrize(
    ("seed", "acts"), [(7, 60), *(pytest.param(seed, 1_000, marks=pytest.mark.soak) for seed in range(5))]
)
def test_after_a_storm_that_came_by_a_desk_the_books_are_equal_to_the_cent(
    seed: int, acts: int, newsroom: object, tmp_path: Path, settings: Any
) -> None:
    """Real webhooks at the real door, forged ones among them; the real question fetches them."""
    with storm_on_the_street(seed, tmp_path, settings) as over:
        over.rage(acts, seed, lost=0.05)
        assert {over.peer.webhooks._send(*over.peer.forge(kind)) for kind in FORGERIES} <= {400, 0}  # 0: it hung up
        run = over.abate()
        assert (over.apart(), run.state, over.waiting()) == ({}, SweepRun.State.EQUAL, 0)
        sent = {row["id"] for row in over.peer.rows("events")}
        taken = {ref.partition(":")[2] for ref in InboxEvent.objects.values_list("ref", flat=True)}
        assert taken <= sent
        assert len(taken) > len(sent) / 2
    kept = b"".join(path.read_bytes() for path in (tmp_path / "desk").glob("spool*"))
    assert b"evt_" not in kept
    assert len(kept) > 10_000


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50))
def test_after_a_long_storm_the_books_are_equal_to_the_cent(seed: int) -> None:
    equal_to_the_cent(seed, 10_000, at_once=1_000, asking=False, lost=0.8)
