"""A letter whose sender is killed again and again: nobody gets it twice, nobody is skipped (mail.md §7, attack 1)."""

import pytest

from hectograph.newsroom.demo import crash_letter


@pytest.mark.parametrize(("readers", "kills"), [(400, 3), pytest.param(20_000, 200, marks=pytest.mark.soak)])
def test_a_killed_sender_repeats_nobody_and_skips_nobody(readers: int, kills: int) -> None:
    verdict = crash_letter.crash(readers, kills, 7, show=lambda line: None)
    assert (verdict.duplicates, verdict.lost, verdict.uncertain_over_limit) == (0, 0, 0)
    assert verdict.accepted + verdict.uncertain == readers
    assert verdict.kills_in_flight * 2 >= verdict.kills > 0
