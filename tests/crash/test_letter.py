"""A letter whose sender is killed again and again: nobody gets it twice, nobody is skipped (mail.md §7, attack 1)."""

import pytest

from hectograph.newsroom.demo import crash_letter


@pytest.mark.parametrize(("readers", "kills"), [(400, 3), pytest.param(20_000, 200, marks=pytest.mark.soak)])
def test_a_killed_sender_repeats_nobody_and_skips_nobody(readers: int, kills: int) -> None:
    verdict = crash_letter.crash(readers, kills, 7, show=lambda line: None)
    assert (verdict.duplicates, verdict.lost, verdict.uncertain_over_limit) == (0, 0, 0)
    assert verdict.accepted + verdict.uncertain == readers
    assert verdict.kills == kills
    assert verdict.kills_in_flight * 2 >= kills


def test_a_reader_whom_the_relay_never_saw_is_lost_however_many_are_uncertain() -> None:
    uncertain = range(8)  # of whom the relay took each
    assert crash_letter.accounted_for(range(9), accepted=[8, 9], uncertain=uncertain) == 9


def test_a_reader_whom_the_relay_took_and_the_sender_forgot_is_lost() -> None:
    assert crash_letter.accounted_for([0, 1], accepted=[0], uncertain=[]) == 1
