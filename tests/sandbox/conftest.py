"""A processor to hold a contract against: the stand-in always, the real test mode when a key of it is at hand."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from stripe import StripeClient

from tests.peers.stripe.service import API_VERSION
from tests.peers.stripe.stand_in import StripeStandIn

SERVICES = ["stand-in", pytest.param("test mode", marks=pytest.mark.sandbox)]


class Processor:
    """The SDK's client of either service, and what both services' test helpers can do."""

    def __init__(self, client: StripeClient) -> None:
        self.v1 = client.v1

    def token(self, card: str = "visa") -> str:
        """A confirmation token of one of the processor's own test cards; its id."""
        return self.v1.test_helpers.confirmation_tokens.create({"payment_method": f"pm_card_{card}"}).id

    def intent(self, amount: int = 500, currency: str = "eur", **more: Any) -> Any:
        params: Any = {"amount": amount, "currency": currency, "allowed_payment_method_types": ["card"], **more}
        return self.v1.payment_intents.create(params)

    def confirm(self, intent: str, token: str, **more: Any) -> Any:
        return self.v1.payment_intents.confirm(intent, {"confirmation_token": token, **more})


@pytest.fixture(params=SERVICES)
def processor(request: pytest.FixtureRequest) -> Iterator[Processor]:
    if request.param == "stand-in":
        with StripeStandIn() as peer:
            yield Processor(peer.client("tester"))
        return
    key = os.environ.get("STRIPE_TEST_KEY", "")
    if not key:
        pytest.skip("STRIPE_TEST_KEY is not set")
    if "_test_" not in key:
        pytest.fail("STRIPE_TEST_KEY is no key of the test mode")
    yield Processor(StripeClient(key, stripe_version=API_VERSION, max_network_retries=2))
