"""The opener's round: what fails in it holds up nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hectograph.newsroom import opener
from hectograph.newsroom.opener import Opener
from hectograph.post.relay import RelayProblem
from hectograph.readers import vault
from tests.newsroom.cast import Newsroom

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_relay_that_is_away_holds_up_no_desk(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulls: list[object] = []
    tries: list[object] = []

    def away(now: datetime) -> int:
        tries.append(now)
        raise RelayProblem("The relay can't be reached.", "Is it running?")

    monkeypatch.setattr(opener.subscribe, "pull", lambda *words, **more: pulls.append(words))
    made = Opener(vault.make(tmp_path / "keys/opener", NOW))
    monkeypatch.setattr(made.outbox, "send_due", away)
    rests = [made.step() for _ in range(3)]
    assert max(rests) <= opener._PAUSE
    assert (len(pulls), len(tries)) == (3, 1)
