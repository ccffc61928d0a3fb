"""Editions: states lead only where they may, and a slot has one."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hectograph.letters.edition import MAY_FOLLOW, Edition, Kind, State


def test_every_state_says_what_may_follow() -> None:
    assert MAY_FOLLOW.keys() == set(State)


def test_after_the_end_only_uncertain_readers_are_sent_to_again() -> None:
    assert MAY_FOLLOW[State.DONE] == {State.SENDING}
    assert MAY_FOLLOW[State.CANCELLED] == frozenset()


def test_only_what_was_approved_is_frozen() -> None:
    assert {state for state, after in MAY_FOLLOW.items() if State.FREEZING in after} == {
        State.APPROVED,
        State.SCHEDULED,
    }


@pytest.mark.django_db
def test_a_slot_has_one_edition_and_alerts_beside_it() -> None:
    friday = date(2026, 11, 27)
    Edition.objects.create(newsletter="weekly", slot=friday)
    Edition.objects.create(newsletter="weekly", slot=friday, kind=Kind.ALERT)
    Edition.objects.create(newsletter="weekly", slot=friday, kind=Kind.ALERT, number=1)
    for number in (0, 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(newsletter="weekly", slot=friday, number=number)
