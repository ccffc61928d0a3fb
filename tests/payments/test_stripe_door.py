"""Which keys, addresses and amounts Stripe's door lets through, and what it keeps quiet about."""

import logging
import logging.config

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from hectograph.errors import Problem
from hectograph.money import Money
from hectograph.payments import origins
from hectograph.payments.origins import STRIPE, Origins
from hectograph.payments.port import Forbidden, Rejected, Unclear, Unreachable
from hectograph.payments.processors.stripe import amounts, failures, keys
from hectograph.payments.processors.stripe.door import API_VERSION, Door
from tests.payments.conftest import Ours
from tests.peers.stripe import service

LIVE, TEST = "rk_live_" + "a" * 24, "rk_test_" + "b" * 24


def test_a_restricted_key_of_the_right_mode_is_taken() -> None:
    assert keys.check(LIVE, live=True) == LIVE
    assert keys.check(TEST, live=False) == TEST


@pytest.mark.parametrize("key", ["sk_live_" + "c" * 24, "sk_test_" + "c" * 24])
@pytest.mark.parametrize("live", [True, False])
def test_a_full_secret_key_is_refused_and_never_shown(key: str, live: bool) -> None:
    with pytest.raises(Problem, match="full secret key") as error:
        Door(key, live=live)
    assert "ccc" not in repr(error.value) + str(error.value)


@pytest.mark.parametrize("key", ["", "pk_live_" + "c" * 24, "rk_live_", LIVE + "\n", " " + LIVE, "rk_prod_" + "c" * 24])
def test_what_is_no_restricted_key_is_refused(key: str) -> None:
    with pytest.raises(Problem):
        Door(key, live=True)


@pytest.mark.parametrize(("key", "live"), [(LIVE, False), (TEST, True)])
def test_a_key_of_the_other_mode_is_refused(key: str, live: bool) -> None:
    with pytest.raises(Problem, match="mode"):
        Door(key, live=live)


ELSEWHERE = [
    "https://api.stripe.com.evil.example",
    "http://api.stripe.com",
    "https://api.stripe.com/",
    "https://api.stripe.com@evil.example",
    "https://127.0.0.1@evil.example",
    "http://[::1",
    "file:///etc",
    "*",
    "",
]


@pytest.mark.parametrize("api", [*ELSEWHERE, "http://127.0.0.1:9", "http://localhost:9"])
def test_production_speaks_to_the_processor_alone(api: str) -> None:
    with pytest.raises(Problem, match="no address of the payment processor"):
        Door(LIVE, live=True, api=api, stand_in=True)
    with pytest.raises(Problem, match="no address of the payment processor"):
        Door(TEST, live=False, api=api)


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_stand_in_lives_on_this_machine_and_nowhere_else(origin: str) -> None:
    for wanted in (Origins(origin, STRIPE.api, ()), Origins(STRIPE.script, STRIPE.api, (origin,))):
        with pytest.raises(Problem):
            origins.check(wanted, stand_in=True)


def test_the_processor_s_own_addresses_are_taken() -> None:
    assert origins.check(STRIPE) == STRIPE
    near = Origins("http://127.0.0.1:8700", "http://127.0.0.1:8700", ("http://localhost:8700",))
    assert origins.check(near, stand_in=True) == near


def test_the_library_keeps_quiet(
    ours: Ours, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})  # as Django's start does
    for name in (None, "stripe", "urllib3", "urllib3.connectionpool"):
        caplog.set_level(logging.DEBUG, logger=name)
    ours.web.preview(ours.peer.token(name="Canary Name"))
    out = capfd.readouterr()
    assert "ctoken" not in out.out + out.err + caplog.text
    assert not stripe.enable_telemetry


def test_the_version_is_the_library_s_and_the_stand_in_s() -> None:
    assert API_VERSION == service.API_VERSION == stripe.api_version


@given(st.integers(1, 10**9), st.sampled_from(["USD", "CZK", "JPY", "ISK", "UGX"]))
def test_an_amount_comes_back_as_it_went(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert amounts.from_stripe(amounts.to_stripe(money), currency.lower()) == money


@pytest.mark.parametrize(
    ("money", "number"),
    [
        (Money(250, "USD"), 250),
        (Money(200, "JPY"), 200),
        (Money(500, "ISK"), 50_000),
        (Money(5000, "UGX"), 500_000),
        (Money(20_000, "MGA"), 200),
        (Money(1250, "KWD"), 1250),
    ],
)
def test_minor_units_as_the_service_counts_them(money: Money, number: int) -> None:
    assert amounts.to_stripe(money) == number
    assert amounts.from_stripe(number, money.currency.lower()) == money


@pytest.mark.parametrize("money", [Money(1255, "KWD"), Money(20_050, "MGA"), Money(0, "EUR"), Money(-5, "EUR")])
def test_what_the_service_would_round_is_rejected(money: Money) -> None:
    with pytest.raises(Rejected):
        amounts.to_stripe(money)


def test_a_fraction_that_a_currency_has_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="fraction"):
        amounts.from_stripe(150, "isk")


@pytest.mark.parametrize(
    ("error", "writing", "reading"),
    [
        (stripe.IdempotencyError("x", http_status=400), Unclear, Unclear),
        (stripe.InvalidRequestError("x", None, http_status=409, code="lock_timeout"), Unclear, Unclear),
        (stripe.RateLimitError("x", http_status=429), Unreachable, Unreachable),
        (stripe.AuthenticationError("x", http_status=401), Forbidden, Forbidden),
        (stripe.PermissionError("x", http_status=403), Forbidden, Forbidden),
        (stripe.InvalidRequestError("x", None, http_status=404), Rejected, Rejected),
        (stripe.APIError("x", http_status=500), Unclear, Unreachable),
        (stripe.APIError("x"), Unclear, Unreachable),
        (stripe.APIConnectionError("x"), Unclear, Unreachable),
    ],
)
def test_each_error_of_the_library_means_one_thing(
    error: stripe.StripeError, writing: type[Exception], reading: type[Exception]
) -> None:
    assert type(failures.problem(error, writes=True)) is writing
    assert type(failures.problem(error, writes=False)) is reading
