"""What the relay says of an address at RCPT counts against it, once the edition is done, and only if it is about it."""

import pytest

from hectograph.letters.delivery import Delivery
from hectograph.letters.rows import Reader
from hectograph.newsroom.flows.refusals import Refusals
from hectograph.post.outcomes import Claim, Outcome, State
from hectograph.readers.bounce_row import Bounce
from hectograph.readers.subscriber import Subscriber
from tests.letters.test_rows import NOW, frozen

pytestmark = pytest.mark.django_db


def refused(
    edition: int, status: str, step: str = "rcpt", state: State = State.REJECTED
) -> tuple[Refusals, Subscriber]:
    reader = Subscriber.objects.order_by("pk")[0]
    Delivery.objects.filter(edition=edition, subscriber=reader.pk).update(state=state.value)
    claim = Claim(reader.pk, 1, 0, Reader(reader.number, "en", b""))
    refusals = Refusals()
    refusals.note([Outcome(claim, State.REJECTED, 550, status, step)])
    return refusals, reader


def test_an_address_that_is_no_more_takes_no_further_letter() -> None:
    edition = frozen(3).pk
    refusals, reader = refused(edition, "5.1.1")
    assert refusals.weigh(edition, NOW) == 1
    reader.refresh_from_db()
    assert reader.disabled_at == NOW


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", ""])
def test_what_is_about_us_or_says_nothing_disables_nobody(status: str) -> None:
    edition = frozen(3).pk
    refusals, _ = refused(edition, status)
    assert refusals.weigh(edition, NOW) == 0
    assert not Bounce.objects.exists()


def test_an_answer_to_the_text_is_not_about_the_address() -> None:
    edition = frozen(3).pk
    refusals, _ = refused(edition, "5.1.1", step="dot")
    assert refusals.weigh(edition, NOW) == 0


def test_whom_a_breaker_let_go_of_and_who_got_it_later_is_not_held_against() -> None:
    edition = frozen(3).pk
    refusals, reader = refused(edition, "5.1.1", state=State.ACCEPTED)
    assert refusals.weigh(edition, NOW) == 0
    reader.refresh_from_db()
    assert reader.disabled_at is None


def test_each_answer_counts_once() -> None:
    edition = frozen(3).pk
    refusals, _ = refused(edition, "5.1.1")
    assert [refusals.weigh(edition, NOW), refusals.weigh(edition, NOW)] == [1, 0]
