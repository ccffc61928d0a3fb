"""Groups 10 and 18 of the attacks: a processor that is gone overnight, and currencies that change under way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from hectograph.money import Money
from hectograph.newsroom.flows.till import Till
from hectograph.payments.port import Rejected
from hectograph.payments.processors.transfer.account import Account
from hectograph.payments.processors.transfer.service import Transfer
from hectograph.support.contribution import Contribution
from hectograph.support.intent import Intent
from hectograph.support.plan import Plan
from tests.newsroom.giving import Clock
from tests.newsroom.pair import Pair
from tests.payments.conftest import Ours
from tests.peers.stripe.stand_in import StripeStandIn

pytestmark = pytest.mark.django_db
BANK = Transfer(Account("Courier", "DE89370400440532013000"))


class Two(Pair):
    """A newsroom with cards and transfer."""

    def till(self, worker: str = "cashier", bank: object = None, plans: object = None) -> Till:
        ways = {"card": self.ours.web, "sepa": self.ours.web, "transfer": BANK}
        return Till(ways, {"stripe": self.ours.plans}, worker, self.clock, lambda: self.policy)


@pytest.fixture
def two(settings: SimpleNamespace) -> Iterator[Two]:
    with StripeStandIn() as peer:
        ours = Ours(peer)
        ours.web.prepare()
        yield Two(clock=Clock(datetime.fromtimestamp(peer.clock.now, UTC)), ours=ours)


def test_where_the_processor_is_gone_cards_expire_unpaid_and_transfer_works_on(two: Two) -> None:
    token = two.ours.peer.token(country="DE")
    two.ours.peer.trouble("down", times=None)
    card, by_bank = two.press(token), two.press("", method="transfer")
    for _ in range(14):
        two.work()
        two.clock.wait(seconds=11)
    assert two.page(by_bank) == "transfer"
    assert two.words(by_bank)["reference"]
    assert two.page(card) == "expired"
    two.ours.peer.mend()
    two.work()
    assert two.charged() == 0


def test_a_processor_that_comes_back_takes_new_gifts(two: Two) -> None:
    two.ours.peer.trouble("down", times=2)
    attempt = two.press(two.ours.peer.token(country="DE"))
    for _ in range(4):
        two.work()
        two.pass_time(seconds=11)
    assert (two.page(attempt), two.charged()) == ("paid", 1)


def test_a_currency_that_changes_after_the_payment_was_begun_is_not_charged(two: Two) -> None:
    first = two.press(two.ours.peer.token(country="DE", decline="insufficient_funds"))
    two.work()
    Intent.objects.filter(pk=first.intent_id).update(currency="USD")  # whoever does that is not the giver
    second = two.press(two.ours.peer.token(country="DE"), first.intent.uuid)
    two.work()
    assert two.page(second) != "paid"
    assert two.charged() == 0
    assert not Contribution.objects.exists()


def test_the_currency_of_a_live_plan_can_not_be_changed(two: Two) -> None:
    two.press(two.ours.peer.token(country="DE"), frequency="monthly")
    two.work()
    ours = Plan.objects.get()
    with pytest.raises(Rejected):
        two.ours.plans.change_amount(ours.sub_ref, Money(500, "USD"), "k1")
    terms = two.ours.plans.terms(ours.sub_ref)
    assert terms.money == Money(500, "EUR")
