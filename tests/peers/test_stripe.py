"""The stand-in for the processor keeps the processor's contract, as the real SDK sees it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stripe import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    CardError,
    IdempotencyError,
    InvalidRequestError,
    PaymentIntent,
    PermissionError,
    RateLimitError,
    RequestsClient,
    StripeClient,
    StripeError,
)
from stripe._encode import _api_encode

from tests.peers.stripe import cards, currencies, forms, routes, strictness
from tests.peers.stripe.stand_in import StripeStandIn


@pytest.fixture
def peer() -> Iterator[StripeStandIn]:
    with StripeStandIn() as peer:
        yield peer


@pytest.fixture
def client(peer: StripeStandIn) -> StripeClient:
    return peer.client("web")


def intent(client: StripeClient, amount: int = 500, currency: str = "eur", **more: object) -> str:
    params = {"amount": amount, "currency": currency, "allowed_payment_method_types": ["card", "sepa_debit"], **more}
    return client.v1.payment_intents.create(params).id


def confirm(client: StripeClient, name: str, token: str, **more: object) -> PaymentIntent:
    return client.v1.payment_intents.confirm(name, {"confirmation_token": token, **more})


def preview(client: StripeClient, token: str) -> Any:
    return client.v1.confirmation_tokens.retrieve(token).payment_method_preview


def test_a_token_is_read_then_pays(peer: StripeStandIn, client: StripeClient) -> None:
    token = peer.token(country="DE", wallet="apple_pay")
    shown = preview(client, token)
    assert (shown.card.country, shown.card.wallet.type) == ("DE", "apple_pay")
    paid = confirm(peer.client("tester"), intent(client), token, expand=["latest_charge.balance_transaction"])
    assert (paid.status, paid.amount_received) == ("succeeded", 500)
    assert paid.latest_charge.balance_transaction.net == 500 - 33
    assert peer.calls("POST") == ["POST /v1/payment_intents", f"POST /v1/payment_intents/{paid.id}/confirm"]


@pytest.mark.parametrize("country", ["RU", "BY", "KZ", None, "ru", "  "])
def test_a_preview_shows_whatever_country_the_card_has(
    peer: StripeStandIn, client: StripeClient, country: str | None
) -> None:
    shown = preview(client, peer.token(country=country))
    assert shown.card.country == country


def test_the_country_may_turn_out_to_be_another(peer: StripeStandIn, client: StripeClient) -> None:
    token = peer.token(country="DE", then_country="RU")
    paid = confirm(client, intent(client), token, expand=["payment_method"])
    assert paid.payment_method.card.country == "RU"


def test_link_tells_an_address_and_no_country(peer: StripeStandIn, client: StripeClient) -> None:
    shown = preview(client, peer.token(type="link", email="a@example.org"))
    assert (shown.type, shown.link.email, hasattr(shown, "card")) == ("link", "a@example.org", False)


def test_a_token_of_a_type_that_is_not_allowed_pays_nothing(peer: StripeStandIn, client: StripeClient) -> None:
    with pytest.raises(InvalidRequestError, match="not allowed"):
        confirm(client, intent(client), peer.token(type="link"))


def test_a_token_pays_once(peer: StripeStandIn, client: StripeClient) -> None:
    token = peer.token()
    confirm(client, intent(client), token)
    with pytest.raises(InvalidRequestError, match="already been used"):
        confirm(client, intent(client), token)


def test_a_token_expires_after_twelve_hours(peer: StripeStandIn, client: StripeClient) -> None:
    token = peer.token()
    peer.clock.advance(hours=12)
    with pytest.raises(InvalidRequestError, match="expired"):
        confirm(client, intent(client), token)


@pytest.mark.parametrize("code", ["insufficient_funds", "generic_decline", "expired_card", "lost_card"])
def test_a_declined_card_may_be_followed_by_another(peer: StripeStandIn, client: StripeClient, code: str) -> None:
    name = intent(client)
    with pytest.raises(CardError) as error:
        confirm(client, name, peer.token(decline=code))
    assert code in (error.value.code, error.value.error.decline_code)
    assert client.v1.payment_intents.retrieve(name).status == "requires_payment_method"
    assert confirm(client, name, peer.token()).status == "succeeded"


def test_a_bank_that_wants_a_challenge_gets_one(peer: StripeStandIn, client: StripeClient) -> None:
    name = intent(client)
    asked = confirm(client, name, peer.token(challenge=True))
    assert (asked.status, asked.next_action.type) == ("requires_action", "use_stripe_sdk")
    peer.complete_challenge(name)
    assert client.v1.payment_intents.retrieve(name).status == "succeeded"


def test_a_failed_challenge_charges_nothing(peer: StripeStandIn, client: StripeClient) -> None:
    name = intent(client)
    confirm(client, name, peer.token(challenge=True))
    peer.fail_challenge(name)
    assert client.v1.payment_intents.retrieve(name).last_payment_error.code == "payment_intent_authentication_failure"
    assert peer.rows("charges") == []


def test_a_held_amount_is_captured_or_let_go(peer: StripeStandIn, client: StripeClient) -> None:
    held, let_go = intent(client, capture_method="manual"), intent(client, capture_method="manual")
    for name in (held, let_go):
        assert confirm(client, name, peer.token()).status == "requires_capture"
    client.v1.payment_intents.capture(held)
    client.v1.payment_intents.cancel(let_go)
    assert [row["amount"] for row in peer.rows("balance_transactions")] == [500]


def test_a_debit_is_left_out_where_it_cannot_be(client: StripeClient) -> None:
    types = [
        client.v1.payment_intents.retrieve(intent(client, **more)).payment_method_types
        for more in ({}, {"currency": "usd"}, {"capture_method": "manual"})
    ]
    assert types == [["card", "sepa_debit"], ["card"], ["card"]]


def test_a_card_alone_may_be_held_and_a_debit_goes_on(peer: StripeStandIn, client: StripeClient) -> None:
    held: Any = {"card": {"capture_method": "manual"}}
    card, debit = (intent(client, payment_method_options=held) for _ in range(2))
    assert confirm(client, card, peer.token()).status == "requires_capture"
    assert confirm(client, debit, peer.token(type="sepa_debit", country="DE")).status == "processing"


def test_methods_that_the_dashboard_chooses_want_a_way_back(peer: StripeStandIn, client: StripeClient) -> None:
    name = client.v1.payment_intents.create({"amount": 500, "currency": "eur"}).id
    with pytest.raises(InvalidRequestError, match="return_url"):
        confirm(client, name, peer.token())


@pytest.mark.parametrize(("later", "status"), [(None, "succeeded"), ("fails", "requires_payment_method")])
def test_a_debit_ends_days_later(peer: StripeStandIn, client: StripeClient, later: str | None, status: str) -> None:
    token = peer.token(type="sepa_debit", country="DE", later=later)
    name = intent(client)
    assert confirm(client, name, token).status == "processing"
    peer.clock.advance(days=6)
    assert client.v1.payment_intents.retrieve(name).status == status


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"amount": 500, "currency": "eur", "colour": "red"}, "parameter_unknown"),
        ({"currency": "eur"}, "parameter_missing"),
        ({"amount": "5,00", "currency": "eur"}, "parameter_invalid_integer"),
        (
            {"amount": 500, "currency": "eur", "payment_method_options": {"card": {"captur_method": "manual"}}},
            "parameter_unknown",
        ),
    ],
)
def test_a_request_that_the_sdk_would_not_type_is_refused(
    client: StripeClient, params: dict[str, object], code: str
) -> None:
    with pytest.raises(InvalidRequestError) as error:
        client.v1.payment_intents.create(params)
    assert error.value.code == code


NAMES = st.sampled_from(["amount", "items", "metadata", "a_b", "x"])
LEAVES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
INNER = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, INNER, max_size=3))
def test_a_form_is_read_as_the_sdk_wrote_it(tree: dict[str, Any]) -> None:
    assert forms.read(urlencode(list(_api_encode(tree)))) == tree


def test_an_enum_is_closed(client: StripeClient) -> None:
    with pytest.raises(InvalidRequestError, match="setup_future_usage"):
        intent(client, setup_future_usage="some_day")


def test_every_route_names_parameters_that_the_sdk_has() -> None:
    for route in routes.ROUTES:
        assert strictness._adapter(route.params)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "eur", "amount_too_small"),
        (29, "gbp", "amount_too_small"),
        (1499, "czk", "amount_too_small"),
        (49, "jpy", "amount_too_small"),
        (100_000_000, "usd", "amount_too_large"),
        (5001, "kwd", "parameter_invalid_integer"),
        (500, "xyz", "invalid_currency"),
        (0, "usd", "parameter_invalid_integer"),
        (-500, "usd", "parameter_invalid_integer"),
    ],
)
def test_amounts_have_bounds_in_each_currency(client: StripeClient, amount: int, currency: str, code: str) -> None:
    with pytest.raises(InvalidRequestError) as error:
        intent(client, amount, currency)
    assert error.value.code == code


def test_two_hundred_yen_are_two_hundred_yen() -> None:
    assert currencies.convert(200, currencies.rate("jpy", "eur", 0)) in range(115, 130)


def test_the_same_key_answers_the_same(peer: StripeStandIn, client: StripeClient) -> None:
    params = {"amount": 500, "currency": "eur"}
    first = client.v1.payment_intents.create(params, {"idempotency_key": "k"})
    again = client.v1.payment_intents.create(params, {"idempotency_key": "k"})
    assert (again.id, len(peer.rows("payment_intents"))) == (first.id, 1)
    assert again.last_response.headers["idempotent-replayed"] == "true"


def test_the_same_key_with_other_parameters_is_refused(client: StripeClient) -> None:
    client.v1.payment_intents.create({"amount": 500, "currency": "eur"}, {"idempotency_key": "k"})
    with pytest.raises(IdempotencyError):
        client.v1.payment_intents.create({"amount": 501, "currency": "eur"}, {"idempotency_key": "k"})


def test_a_decline_is_replayed(peer: StripeStandIn, client: StripeClient) -> None:
    name, params = intent(client), {"confirmation_token": peer.token("4000000000000002")}
    for _ in range(2):
        with pytest.raises(CardError):
            client.v1.payment_intents.confirm(name, params, {"idempotency_key": "d"})
    assert len(peer.rows("charges")) == 1


def test_a_500_is_replayed_though_the_charge_was_made(peer: StripeStandIn, client: StripeClient) -> None:
    name, params = intent(client), {"confirmation_token": peer.token()}
    peer.trouble("500_after", path="/v1/payment_intents/")
    for _ in range(2):
        with pytest.raises(StripeError) as error:
            client.v1.payment_intents.confirm(name, params, {"idempotency_key": "c"})
        assert error.value.http_status == 500
    assert client.v1.payment_intents.retrieve(name).status == "succeeded"


def test_a_key_is_forgotten_after_a_day(peer: StripeStandIn, client: StripeClient) -> None:
    for _ in range(2):
        client.v1.payment_intents.create({"amount": 500, "currency": "eur"}, {"idempotency_key": "k"})
        peer.clock.advance(days=1)
    assert len(peer.rows("payment_intents")) == 2


def test_two_calls_at_once_under_one_key_make_one(peer: StripeStandIn, client: StripeClient) -> None:
    peer.trouble("latency", seconds=0.3)
    with ThreadPoolExecutor(2) as both:
        calls = [both.submit(_create_under, peer.client(), "k") for _ in range(2)]
    statuses = sorted(call.result() for call in calls)
    assert (statuses, len(peer.rows("payment_intents"))) == ([200, 409], 1)


def _create_under(client: StripeClient, key: str) -> int:
    try:
        client.v1.payment_intents.create({"amount": 500, "currency": "eur"}, {"idempotency_key": key})
    except StripeError as error:
        return error.http_status or 0
    return 200


def test_an_answer_lost_after_the_charge_is_found_again_by_the_key(peer: StripeStandIn) -> None:
    client = peer.client(max_network_retries=1)
    name, token = intent(client), peer.token()
    peer.trouble("cut_after", path="/v1/payment_intents/")
    assert confirm(client, name, token).status == "succeeded"
    assert len(peer.rows("charges")) == 1


def test_an_answer_may_never_come_though_the_charge_was_made(peer: StripeStandIn, client: StripeClient) -> None:
    name = intent(client)
    peer.trouble("hang_after", path="/v1/payment_intents/")
    with pytest.raises(APIConnectionError):
        confirm(peer.client("web", http_client=RequestsClient(timeout=0.2)), name, peer.token())
    assert client.v1.payment_intents.retrieve(name).status == "succeeded"


@pytest.mark.parametrize(("kind", "error"), [("down", APIConnectionError), ("429", RateLimitError), ("500", APIError)])
def test_trouble_befalls_the_calls_that_were_named_and_is_mended(
    peer: StripeStandIn, client: StripeClient, kind: str, error: type[StripeError]
) -> None:
    peer.trouble(kind, times=None, path="/v1/payment_intents")
    client.v1.customers.create({})
    with pytest.raises(error):
        intent(client)
    peer.mend()
    assert intent(client)


@pytest.mark.parametrize("key", ["sk_live_abc", "rk_live_abc", "sk_test_abc", "rk_test_abc"])
def test_a_key_that_is_not_ours_opens_nothing(peer: StripeStandIn, key: str) -> None:
    stranger = StripeClient(key, base_addresses={"api": peer.url}, max_network_retries=0)
    with pytest.raises(AuthenticationError):
        stranger.v1.balance.retrieve()


def test_each_key_may_do_its_own_work_and_no_more(peer: StripeStandIn) -> None:
    peer.client("web").v1.payment_intents.create({"amount": 500, "currency": "eur"})
    peer.client("worker").v1.balance_transactions.list()
    forbidden = [
        lambda: peer.client("web").v1.balance.retrieve(),
        lambda: peer.client("web").v1.refunds.create({"charge": "ch_1"}),
        lambda: peer.client("worker").v1.refunds.create({"charge": "ch_1"}),
        lambda: peer.client("worker").v1.confirmation_tokens.retrieve("ctoken_1"),
        lambda: peer.client("operator").v1.payment_intents.create({"amount": 500, "currency": "eur"}),
    ]
    for call in forbidden:
        with pytest.raises(PermissionError, match="Having the 'rak_"):
            call()


def test_another_version_of_the_api_is_refused(peer: StripeStandIn) -> None:
    old = peer.client("web", stripe_version="2024-06-20")
    with pytest.raises(InvalidRequestError, match="Invalid Stripe API version"):
        old.v1.customers.create({})


def test_lists_page_from_the_newest(peer: StripeStandIn, client: StripeClient) -> None:
    names = [intent(client) for _ in range(7)]
    first = client.v1.payment_intents.list({"limit": 3})
    assert ([row.id for row in first.data], first.has_more) == (names[:3:-1], True)
    assert [row.id for row in first.auto_paging_iter()] == names[::-1]
    back = client.v1.payment_intents.list({"limit": 2, "ending_before": names[2]})
    assert ([row.id for row in back.data], back.has_more) == ([names[4], names[3]], True)


def test_lists_are_narrowed_by_time(peer: StripeStandIn, client: StripeClient) -> None:
    times = []
    for _ in range(4):
        intent(client)
        times.append(peer.clock.now)
        peer.clock.advance(10)
    found = client.v1.payment_intents.list({"created": {"gte": times[1], "lt": times[3]}})
    assert [row.created for row in found.data] == [times[2], times[1]]


def test_a_list_gives_at_most_a_hundred(client: StripeClient) -> None:
    with pytest.raises(InvalidRequestError):
        client.v1.payment_intents.list({"limit": 101})


def test_a_customer_who_is_deleted_leaves_nothing_personal(peer: StripeStandIn, client: StripeClient) -> None:
    name = client.v1.customers.create({"email": "giver@example.org"}).id
    client.v1.customers.delete(name)
    assert client.v1.customers.retrieve(name).deleted
    assert "giver@example.org" not in str(peer.row(name))


def test_a_number_in_our_own_pattern_is_a_number() -> None:
    assert all(cards.luhn(number) for number in cards.NUMBERS)
    assert {cards.NUMBERS[cards.own_number(country)].country for country in cards.ISO_NUMERIC} == set(cards.ISO_NUMERIC)


def test_the_same_acts_are_done_over_http(peer: StripeStandIn, client: StripeClient) -> None:
    def control(act: str, **arguments: object) -> Any:
        request = Request(f"{peer.url}/_control/{act}", json.dumps(arguments).encode())
        with urlopen(request) as answer:
            return json.load(answer)

    token = control("token", country="BY")
    assert preview(client, token).card.country == "BY"
    assert [call["path"] for call in control("requests")] == [f"/v1/confirmation_tokens/{token}"]
    assert control("clock", days=1)["now"] == peer.clock.now
