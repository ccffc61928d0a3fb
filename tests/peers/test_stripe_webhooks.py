"""The stand-in's deliveries: signed as the SDK checks it, tried again, and mistreated as told."""

import json
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from stripe import SignatureVerificationError, Webhook

from tests.peers.stripe.chaos import FORGERIES, Parcel
from tests.peers.stripe.service import API_VERSION
from tests.peers.stripe.stand_in import StripeStandIn

STILL_SIGNED = {"from_the_future", "live_mode", "other_account", "other_version", "ten_megabytes", "not_json"}


class Receiver:
    """Keeps what came, and answers as told."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.status = 200

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        self.parcels.append((body, headers))
        return self.status

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.parcels]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def peer(receiver: Receiver) -> Iterator[StripeStandIn]:
    with StripeStandIn() as peer:
        peer.deliver_to(receiver)
        yield peer


def test_a_delivery_is_signed_as_the_sdk_wants_it(peer: StripeStandIn, receiver: Receiver) -> None:
    peer.pay(1000)
    peer.deliver()
    for body, headers in receiver.parcels:
        event = Webhook.construct_event(body, headers["Stripe-Signature"], peer.webhook_secret)
        assert (event.livemode, event.api_version) == (False, API_VERSION)
    assert receiver.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "charge.updated",
        "payment_intent.succeeded",
    ]


def test_an_event_shows_the_object_as_it_was_then(peer: StripeStandIn) -> None:
    peer.pay(1000)
    events = peer.client("worker").v1.events.list({"type": "charge.succeeded"}).data
    assert events[0].data.object.balance_transaction is None
    assert peer.rows("charges")[0]["balance_transaction"]


def test_what_was_not_taken_is_tried_again_for_three_days(peer: StripeStandIn, receiver: Receiver) -> None:
    receiver.status = 500
    peer.warn(peer.pay(1000)["latest_charge"])
    tries = 0
    for _ in range(4 * 24):
        tries += len(peer.deliver())
        peer.clock.advance(hours=1)
    assert tries == 5 * 10
    assert len(peer.webhooks.given_up) == 5


def test_a_try_after_a_failure_is_signed_anew(peer: StripeStandIn, receiver: Receiver) -> None:
    receiver.status = 503
    peer.fail_payout(peer.payout(amount=100)["id"])  # type: ignore[index]
    peer.deliver()
    peer.webhooks.signs_at = lambda: 2_000_000_000
    receiver.status = 200
    peer.clock.advance(hours=1)
    peer.deliver()
    assert "t=2000000000," in receiver.parcels[-1][1]["Stripe-Signature"]
    assert receiver.parcels[0][0] == receiver.parcels[2][0]


def test_chaos_doubles_loses_delays_and_shuffles(peer: StripeStandIn, receiver: Receiver) -> None:
    peer.chaos.duplicate, peer.chaos.drop, peer.chaos.delay, peer.chaos.shuffle = 0.2, 0.1, 0.1, True
    peer.random_acts(200, seed=1)
    peer.deliver()
    before = len(receiver.parcels)
    peer.clock.advance(days=3)
    peer.deliver()
    came = Counter(json.loads(body)["id"] for body, _ in receiver.parcels)
    order = [json.loads(body)["created"] for body, _ in receiver.parcels[:before]]
    assert order != sorted(order)
    assert max(came.values()) == 2
    assert len(receiver.parcels) > before
    assert len(came) < len(peer.rows("events"))


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forgery_is_what_it_says(peer: StripeStandIn, kind: str) -> None:
    peer.pay(1000)
    body, headers = peer.forge(kind)
    if kind in STILL_SIGNED:
        assert headers["Stripe-Signature"]
        return
    with pytest.raises((SignatureVerificationError, UnicodeDecodeError)):
        Webhook.construct_event(body, headers.get("Stripe-Signature"), peer.webhook_secret)


def test_deliveries_go_over_http_by_themselves() -> None:
    came: list[bytes] = []

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server, StripeStandIn() as peer:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        peer.deliver_to(f"http://127.0.0.1:{server.server_port}/webhooks/stripe")
        peer.pay(1000)
        assert peer.deliver() == [200] * 4
        assert len(came) == 4
        server.shutdown()
    with StripeStandIn() as peer:
        peer.deliver_to("http://127.0.0.1:9/")
        peer.pay(1000)
        assert peer.deliver() == [0] * 4


def test_settings_that_drift_are_seen_through_the_api(peer: StripeStandIn) -> None:
    peer.drift("payment_methods.link", True)
    peer.drift("portal.payment_method_update", True)
    client = peer.client("tester")
    assert client.v1.payment_method_configurations.list().data[0].link.display_preference.value == "on"
    assert client.v1.billing_portal.configurations.list().data[0].features.payment_method_update.enabled
