"""When a letter stops by itself: the very number, whose fault it is, and whom it holds blameless."""

import pytest

from hectograph.post.breakers import Breakers, about_us
from hectograph.post.outcomes import Claim, Outcome, State

POLICY, NOBODY = ("5.7.1", "rcpt"), ("5.1.1", "rcpt")


def refused(reader: int, how: tuple[str, str] = NOBODY, code: int = 550) -> Outcome:
    return Outcome(Claim(reader, 1), State.REJECTED, code, *how)


def taken(reader: int) -> Outcome:
    return Outcome(Claim(reader, 1), State.ACCEPTED, 250, "", "dot")


def test_the_twentieth_refusal_by_policy_stops_it_and_those_before_and_after_are_blameless() -> None:
    breakers = Breakers()
    assert not any(breakers.heard(refused(reader, POLICY)) for reader in range(19))
    assert "refuses us" in breakers.heard(refused(19, POLICY))
    assert not breakers.heard(refused(20, POLICY))  # was under way
    assert breakers.blameless() == list(range(21))


def test_refusals_by_policy_that_differ_are_not_alike() -> None:
    breakers = Breakers()
    assert not any(breakers.heard(refused(n, (f"5.7.{n % 2}", "rcpt"))) for n in range(38))
    assert breakers.heard(refused(38, ("5.7.26", "rcpt"))) == ""
    assert breakers.heard(refused(39, ("5.7.0", "rcpt")))


def test_more_than_one_in_twenty_of_two_hundred_stops_it_and_one_in_twenty_does_not() -> None:
    breakers = Breakers()
    answers = [refused(n) if n % 20 == 0 else taken(n) for n in range(400)]
    assert not any(map(breakers.heard, answers))
    assert not breakers.heard(refused(400))
    assert "11 of the last 200" in breakers.heard(refused(401))


def test_what_the_relay_never_heard_of_counts_nothing() -> None:
    breakers = Breakers()
    assert not any(breakers.heard(refused(reader, ("5.1.3", ""), code=0)) for reader in range(400))
    assert not any(breakers.heard(taken(reader)) for reader in range(190))
    assert not any(breakers.heard(refused(reader)) for reader in range(10))


@pytest.mark.parametrize(
    ("code", "status", "step", "ours"),
    [
        (550, "5.7.1", "rcpt", True),
        (530, "", "mail", True),
        (554, "", "data", True),
        (552, "5.3.4", "mail", False),  # the letter is too long for that mailbox
        (550, "5.1.1", "rcpt", False),
        (554, "", "dot", False),
    ],
)
def test_a_refusal_is_about_us_by_its_status_or_its_step(code: int, status: str, step: str, ours: bool) -> None:
    assert about_us(refused(1, (status, step), code)) is ours
