"""Paying in a real browser: desk, newsroom and cashier as processes, the stand-in as the payment service."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_gates import JUDGES
from tests.peers.stripe.cards import own_number
from tests.peers.stripe.stand_in import StripeStandIn
from tests.process import Home, port_for_later

PAYS, FUNDS, CHALLENGE = "4242424242424242", "4000000000009995", "4000000000003220"
RUSSIAN, KAZAKH = own_number("RU"), own_number("KZ")
PATIENCE = 20_000  # milliseconds


@dataclass(frozen=True)
class Paying(Home):
    """A newsroom that takes payments through `peer`."""

    peer: StripeStandIn = field(default_factory=StripeStandIn)
    port: int = field(default_factory=port_for_later)

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "HECTO_SUPPORT_METHODS": "card,sepa,transfer",
            "HECTO_STRIPE_PUBLISHABLE": self.peer.publishable,
            "HECTO_STRIPE_ACCOUNT": self.peer.account,
            "HECTO_STRIPE_STAND_IN": self.peer.url,
            "HECTO_TRANSFER_IBAN": "DE89370400440532013000",
            "HECTO_TRANSFER_HOLDER": "The Courier",
            "HECTO_TRANSFER_CURRENCIES": "USD,EUR",
            "HECTO_LINKS": self.desk,
        }

    def set_up(self) -> None:
        keys = self.folder / "keys/processors/stripe"
        self.found()
        self.hecto("keys", "make")
        keys.mkdir(mode=0o700, parents=True)
        own = self.peer.keys
        named = {"web": own.web, "worker": own.worker, "operator": own.operator, "webhook": own.webhook_secret}
        for name, key in named.items():
            (keys / name).touch(mode=0o600)
            (keys / name).write_text(key)
        self.hecto("support", "policy", "--block", "RU,BY", "--caution", "KZ")
        self.set_up_desk()

    def set_up_desk(self) -> None:
        self.hecto("desk", "--configure", "--address", self.desk, "--listen", self.desk.removeprefix("http://"))
        file = self.folder / "var/desk/desk.toml"  # all who pay here are one client: nobody is to wait for a turn
        file.write_text(file.read_text().replace("[support]\n", "[support]\nper_client = 0\nat_ease = 0\n"))

    def ticket(self, page: Page, **changes: str) -> str:
        """The address of a pay page."""
        form = {"frequency": "once", "once": "5", "monthly": "5", "currency": "USD", "language": "en", **changes}
        answer = page.request.post(f"{self.desk}/support", form=form, max_redirects=0)
        return self.desk + answer.headers["location"]


@pytest.fixture(scope="module")
def paying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    with StripeStandIn(running=True, settles=("usd", "eur")) as peer:
        home = Paying(tmp_path_factory.mktemp("paying"), peer=peer)
        home.set_up()
        peer.deliver_to(f"{home.desk}/webhooks/stripe", by_itself=True)
        parts = [home.start("desk"), home.start("work", "--opener"), home.start("support", "work")]
        yield home
        end(parts)


def end(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        part.terminate()
    for part in parts:
        part.wait()


@pytest.fixture
def reader(chromium: Browser, paying: Paying) -> Iterator[Page]:
    """A page whose contacts are noted in `contacts`; ready when the newsroom has been heard of."""
    yield from _reader(chromium, paying)


def _reader(chromium: Browser, paying: Paying, **how: Any) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, **how)
    page = context.new_page()
    page.on("request", lambda request: contacts.add("/".join(request.url.split("/")[:3])))
    contacts.clear()
    _until_open(page, paying)
    yield page
    context.close()


contacts: set[str] = set()


def _until_open(page: Page, paying: Paying) -> None:
    """Until a desk is up that has heard of its newsroom: a transfer is taken then."""
    end_at = time.monotonic() + 60
    while time.monotonic() < end_at:
        with suppress(Exception):
            answer = page.request.post(paying.ticket(page), form={"method": "transfer"}, max_redirects=0)
            if answer.status == 303:
                return
        page.wait_for_timeout(200)
    raise AssertionError("the desk does not open")


def fill(page: Page, number: str) -> None:
    fields = page.frame_locator("#pe iframe")
    fields.locator("#number").fill(number)
    fields.locator("#expiry").fill("12/30")
    fields.locator("#cvc").fill("123")


def pay(page: Page, number: str) -> None:
    fill(page, number)
    page.click("#go")


def debit(page: Page, iban: str) -> None:
    expect(page.locator("#go")).to_be_enabled(timeout=PATIENCE)
    fields = page.frame_locator("#pe iframe")
    if fields.locator("[data-type=sepa_debit]").count():
        fields.locator("[data-type=sepa_debit]").click()
    fields.locator("#iban").fill(iban)
    fields.locator("#name").fill("Boris")
    fields.locator("#sepa_debit #email").fill("boris@example.org")
    page.click("#go")


def says(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("h1")).to_have_text(words, timeout=PATIENCE)


def test_once_is_given_and_only_the_desk_and_the_processor_are_contacted(reader: Page, paying: Paying) -> None:
    charged = len(paying.peer.rows("charge"))
    reader.goto(paying.ticket(reader))
    pay(reader, PAYS)
    says(reader, "Thank you")
    assert len(paying.peer.rows("charge")) == charged + 1
    assert contacts - {"data:,"} == {paying.desk, paying.peer.url}


def test_monthly_is_given_in_russian_and_managed_and_ended_by_its_link(reader: Page, paying: Paying) -> None:
    reader.goto(paying.ticket(reader, frequency="monthly", language="ru"))
    reader.fill("[name=email]", "anna@example.org")
    pay(reader, PAYS)
    says(reader, "Спасибо")
    reader.locator("a[href^='/l/']").click()
    says(reader, "Ваша поддержка")
    expect(reader.locator("dl")).to_contain_text("каждый месяц")
    reader.click("button[value=cancel]")
    says(reader, "Сделано")
    expect(reader.locator("main")).to_contain_text("Больше ничего не будет списано")


def test_who_pays_by_debit_gives_another_account_by_the_link_of_the_plan(reader: Page, paying: Paying) -> None:
    reader.goto(paying.ticket(reader, frequency="monthly", currency="EUR"))
    reader.fill("[name=email]", "boris@example.org")
    debit(reader, "DE89 3704 0044 0532 0130 00")
    says(reader, re.compile("Thank you"))
    reader.locator("a[href^='/l/']").click()
    says(reader, "Your support")
    reader.get_by_role("link", name="Use another bank account").click()
    says(reader, "Another bank account")
    debit(reader, "FR14 2004 1010 0505 0001 3M02 606")
    says(reader, "Done")
    expect(reader.locator("main")).to_contain_text("the new account is used")
    plan = paying.peer.rows("subscription")[-1]
    assert paying.peer.row(plan["default_payment_method"])["sepa_debit"]["country"] == "FR"


@pytest.mark.parametrize(("language", "words"), [("en", "We do not take"), ("ru", "платежей не принимаем")])
def test_a_protected_card_is_refused_and_the_processor_was_asked_for_its_token_alone(
    reader: Page, paying: Paying, language: str, words: str
) -> None:
    reader.goto(paying.ticket(reader, language=language))
    fill(reader, RUSSIAN)
    before = len(paying.peer.requests)
    reader.click("#go")
    says(reader, re.compile(words))
    asked = [str(call) for call in paying.peer.requests[before:]]
    acts = [call for call in asked if not re.match("GET /v1/(events|balance|subscriptions)", call)]
    assert len(acts) == 1
    assert acts[0].startswith("GET /v1/confirmation_tokens/")


def test_after_a_card_was_declined_another_one_pays_on_the_same_page(reader: Page, paying: Paying) -> None:
    reader.goto(paying.ticket(reader))
    pay(reader, FUNDS)
    says(reader, "The payment did not go through")
    reader.click("text=Try once more")
    pay(reader, PAYS)
    says(reader, "Thank you")


def test_a_country_of_caution_is_asked_about_once(reader: Page, paying: Paying) -> None:
    reader.goto(paying.ticket(reader))
    pay(reader, KAZAKH)
    says(reader, "Please think this over first")
    reader.get_by_role("button", name="go on").click()
    says(reader, "Thank you")


@pytest.mark.parametrize(("button", "words"), [(0, "Thank you"), (1, "The payment did not go through")])
def test_a_bank_that_asks_its_customer_is_answered(reader: Page, paying: Paying, button: int, words: str) -> None:
    reader.goto(paying.ticket(reader))
    pay(reader, CHALLENGE)
    reader.frame_locator("[role=dialog] iframe").locator("button").nth(button).click(timeout=PATIENCE)
    says(reader, words)


def test_two_clicks_and_two_tabs_are_one_payment(reader: Page, paying: Paying) -> None:
    charged, address = len(paying.peer.rows("charge")), paying.ticket(reader)
    other = reader.context.new_page()
    for page in (reader, other):
        page.goto(address)
        fill(page, PAYS)
    reader.locator("#go").dblclick()
    other.click("#go")
    for page in (reader, other):
        says(page, re.compile("Thank you|This is paid already"))
    assert len(paying.peer.rows("charge")) == charged + 1


def test_a_script_that_does_not_load_is_said_and_the_transfer_stands(reader: Page, paying: Paying) -> None:
    reader.route(f"{paying.peer.url}/**", lambda route: route.abort())
    reader.goto(paying.ticket(reader))
    expect(reader.locator("#st")).to_contain_text("did not load", timeout=PATIENCE)
    expect(reader.locator("#go")).to_be_hidden()
    reader.get_by_role("button", name="Pay by bank transfer").click()
    says(reader, "Your bank transfer")
    expect(reader.locator("dl")).to_contain_text("DE89")


def test_without_a_script_cards_say_what_they_need_and_the_transfer_goes_through(
    chromium: Browser, paying: Paying
) -> None:
    for page in _reader(chromium, paying, java_script_enabled=False):
        page.goto(paying.ticket(page))
        expect(page.locator("noscript b")).to_be_visible()
        page.get_by_role("button", name="Pay by bank transfer").click()
        says(page, "Your bank transfer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_paying_breaks_a_rule_of_accessibility(
    chromium: Browser, paying: Paying, width: int, scheme: Any
) -> None:
    script = JUDGES / "axe-core/axe.min.js"
    if not script.exists():
        pytest.skip("axe-core is not installed")
    for page in _reader(chromium, paying, bypass_csp=True, color_scheme=scheme):
        page.set_viewport_size({"width": width, "height": 900})
        for number, words in ((None, ""), (RUSSIAN, "We do not take"), (PAYS, "Thank you")):
            page.goto(paying.ticket(page, frequency="once" if number else "monthly"))
            expect(page.locator("#go")).to_be_enabled(timeout=PATIENCE)
            if number:
                pay(page, number)
                says(page, re.compile(words))
            page.add_script_tag(path=script)
            found = page.evaluate("axe.run({ iframes: false })")["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_a_newsroom_that_is_off_charges_nothing_and_the_page_says_so(
    chromium: Browser, tmp_path: Path, paying: Paying
) -> None:
    home = Paying(tmp_path, peer=paying.peer)
    home.set_up()
    desk = home.start("desk")
    page = chromium.new_page()
    try:
        for _ in range(200):
            with suppress(Exception):
                page.goto(home.ticket(page))
                break
            page.wait_for_timeout(100)
        charged = len(paying.peer.rows("charge"))
        pay(page, PAYS)
        expect(page.locator("#st")).to_contain_text("Nothing was charged", timeout=PATIENCE)
        expect(page.locator("#go")).to_be_enabled()
        assert len(paying.peer.rows("charge")) == charged
    finally:
        page.close()
        end([desk])
