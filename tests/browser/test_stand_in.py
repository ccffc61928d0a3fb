"""The stand-in's browser script under a page's strict policy: what is typed goes into its frame, a token comes out."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.peers.stripe.stand_in import StripeStandIn

PAGE = """<!doctype html><html lang="%(locale)s"><title>Pay</title>
<script src="%(script)s"></script><div id="pay"></div>"""
START = """async ({key, settings, options}) => {
  window.stripe = Stripe(key);
  window.elements = stripe.elements(settings);
  const payment = elements.create("payment", options ?? {});
  window.changes = [];
  payment.on("change", (event) => changes.push(event));
  const outcome = new Promise((resolve) => {
    for (const name of ["ready", "loaderror"]) payment.on(name, (event) => resolve([name, event.error]));
  });
  payment.mount("#pay");
  return outcome;
}"""
SUBMIT_AND_MAKE = """async () => {
  const { error } = await elements.submit();
  return error ? { error } : stripe.createConfirmationToken({ elements });
}"""


class Site(ThreadingHTTPServer):
    """A page of another origin, with a policy that lets nothing in but the stand-in."""

    daemon_threads = True

    def __init__(self, peer: StripeStandIn) -> None:
        self.peer, self.query, self.locale = peer, "", "en"
        super().__init__(("127.0.0.1", 0), Page)
        self.violations: list[Any] = []

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}/"


class Page(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        there = self.server.peer.url
        policy = f"default-src 'none'; script-src {there}; frame-src {there}; connect-src {there}"
        body = (
            PAGE % {"script": self.server.peer.script_url + self.server.query, "locale": self.server.locale}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def peer() -> Iterator[StripeStandIn]:
    with StripeStandIn() as peer:
        yield peer


@pytest.fixture
def site(peer: StripeStandIn) -> Iterator[Site]:
    with Site(peer) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()


def start(page: Any, site: Site, types: tuple[str, ...] = ("card",), options: Any = None, **settings: Any) -> Any:
    page.on("console", lambda message: message.type == "error" and site.violations.append(message.text))
    page.goto(site.url)
    wanted = {"mode": "payment", "amount": 500, "currency": "eur", "paymentMethodTypes": list(types), **settings}
    return page.evaluate(START, {"key": site.peer.publishable, "settings": wanted, "options": options})


def frame(page: Any) -> Any:
    return page.frame_locator("iframe")


def type_card(page: Any, number: str) -> None:
    for label, words in (("Card number", number), ("Expiry date", "1234"), ("Security code", "123")):
        frame(page).get_by_label(label).fill(words)


@pytest.mark.browser
def test_a_debit_in_another_currency_than_euros_fails_to_load(page: Any, site: Site) -> None:
    assert start(page, site, ("card", "sepa_debit"), currency="usd")[0] == "loaderror"


@pytest.mark.browser
def test_a_card_that_is_typed_becomes_a_token_and_the_page_never_sees_its_number(page: Any, site: Site) -> None:
    assert start(page, site) == ["ready", None]
    frame(page).get_by_label("Card number").press_sequentially("4000002760000016")
    assert frame(page).get_by_label("Card number").input_value() == "4000 0027 6000 0016"
    type_card(page, "4000002760000016")
    made = page.evaluate(SUBMIT_AND_MAKE)["confirmationToken"]
    assert made["payment_method_preview"]["card"]["country"] == "DE"
    assert page.evaluate("changes.at(-1)")["complete"]
    assert "4000002760000016" not in json.dumps(made) + page.content()
    assert site.violations == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("number", "code"),
    [("4242", "incomplete_number"), ("4242424242424241", "invalid_number"), ("4111111111111111", "card_declined")],
)
def test_a_number_that_is_none_is_refused_in_the_frame(page: Any, site: Site, number: str, code: str) -> None:
    start(page, site)
    type_card(page, number)
    assert page.evaluate(SUBMIT_AND_MAKE)["error"]["code"] == code
    assert frame(page).get_by_role("alert").inner_text()


@pytest.mark.browser
def test_a_debit_is_offered_when_the_page_asks_for_it(page: Any, site: Site) -> None:
    start(page, site, ("card", "sepa_debit"))
    frame(page).get_by_role("tab", name="SEPA debit").click()
    for label, words in (("IBAN", "DE89370400440532013000"), ("Name on the account", "A"), ("E-mail", "a@example.org")):
        frame(page).get_by_label(label).fill(words)
    made = page.evaluate(SUBMIT_AND_MAKE)["confirmationToken"]
    assert made["payment_method_preview"]["sepa_debit"]["country"] == "DE"


@pytest.mark.browser
def test_a_wallet_of_the_device_is_one_more_way(page: Any, site: Site) -> None:
    site.peer.drift("browser.wallets", ["apple_pay", "google_pay"])
    start(page, site, options={"wallets": {"applePay": "never"}})
    frame(page).get_by_role("tab", name="Google Pay").click()
    frame(page).get_by_label("Card in the wallet").select_option("4000006430000009")
    card = page.evaluate(SUBMIT_AND_MAKE)["confirmationToken"]["payment_method_preview"]["card"]
    assert (card["wallet"]["type"], card["country"]) == ("google_pay", "RU")
    assert frame(page).get_by_role("tab").count() == 2


@pytest.mark.browser
@pytest.mark.parametrize(("button", "status"), [("Complete", "succeeded"), ("Fail", "requires_payment_method")])
def test_a_challenge_is_shown_and_answered(page: Any, site: Site, button: str, status: str) -> None:
    start(page, site)
    client = site.peer.client()
    params: Any = {"amount": 500, "currency": "eur", "allowed_payment_method_types": ["card"]}
    intent = client.v1.payment_intents.create(params)
    client.v1.payment_intents.confirm(intent.id, {"confirmation_token": site.peer.token(challenge=True)})
    page.evaluate(
        "secret => { window.after = stripe.handleNextAction({ clientSecret: secret }) }", intent.client_secret
    )
    page.frame_locator('iframe[title="3D Secure"]').get_by_role("button", name=button).click()
    after = page.evaluate("after")
    assert client.v1.payment_intents.retrieve(intent.id).status == status
    assert ("error" in after) == (button == "Fail")
    assert page.locator('iframe[title="3D Secure"]').count() == 0


@pytest.mark.browser
def test_a_way_of_paying_that_the_account_has_not_is_a_load_error(page: Any, site: Site) -> None:
    assert start(page, site, ("card", "link"))[0] == "loaderror"


@pytest.mark.browser
def test_a_script_that_does_not_come_leaves_no_processor(page: Any, site: Site) -> None:
    site.peer.trouble("down", times=None, path="/v3/")
    page.goto(site.url)
    assert page.evaluate("typeof Stripe") == "undefined"


@pytest.mark.browser
def test_the_frame_speaks_russian_and_fills_in_an_example(page: Any, site: Site) -> None:
    site.locale, site.query = "ru", "?advancedFraudSignals=false"
    start(page, site)
    frame(page).get_by_text("Что сюда вводить?").click()
    frame(page).get_by_role("button", name="4000 0064 3000 0009").click()
    made = page.evaluate(SUBMIT_AND_MAKE)["confirmationToken"]
    assert made["payment_method_preview"]["card"]["country"] == "RU"
    assert "GET /v3/?advancedFraudSignals=false" in site.peer.script_calls


@pytest.mark.browser
def test_a_mistake_of_the_pages_own_is_thrown(page: Any, site: Site) -> None:
    start(page, site)
    for wrong in (
        'Stripe("sk_test_1")',
        'stripe.elements({mode: "payment", amount: 5.5, currency: "eur"})',
        'elements.create("payment")',
    ):
        assert (
            page.evaluate(f"() => {{ try {{ {wrong}; return '' }} catch (error) {{ return error.name }} }}")
            == "IntegrationError"
        )
