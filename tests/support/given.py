"""Contributions for tests."""

from datetime import date
from uuid import uuid4

from hectograph.support import receipt
from hectograph.support.contribution import Contribution, State


def given(number: int, minor: int = 1000, **values: object) -> Contribution:
    """A contribution of the movement of that number (tests.support.movements)."""
    known = {"state": State.PAID, "frequency": "once", "currency": "EUR", "day": date(2026, 11, 1), "processor": "peer"}
    known |= {"uuid": uuid4(), "minor": minor, "ref": f"pi_{number}", "receipt": receipt.new()}
    return Contribution.objects.create(**{**known, **values})
