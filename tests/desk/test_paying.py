"""Paying at the desk: forms kindly read, tokens handed on sealed, and pages that say what is true."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hectograph.desk import pay_pages, work
from hectograph.desk.app import Desk
from hectograph.desk.own_marks import OwnMarks
from hectograph.desk.support_table import SupportTable
from hectograph.money import Money
from hectograph.payments.forms import Offer
from hectograph.payments.status import NotAsAgreed, State, Status
from hectograph.press import pay_pages as press_pages
from hectograph.press.furniture import script
from hectograph.press.words import Vocabulary
from tests.desk.conftest import RAIL, Street
from tests.loops import run
from tests.press.test_pages import SITE

Streets = Callable[..., Street]
OFFER = Offer({"USD": 200, "EUR": 200}, {"USD": 1_000_000, "EUR": 1_000_000})
TABLE = SupportTable(OFFER, ("card", "sepa", "transfer"), ("USD", "EUR"))
SCRIPT = "application/json"
GIVE = {"frequency": "once", "once": "5", "currency": "USD", "language": "en", "appeal": "winter"}


@pytest.fixture
def street(streets: Streets) -> Street:
    made = streets(support=TABLE)
    hear(made)
    return made


def hear(street: Street, *told: Status) -> None:
    """The newsroom asks."""
    live = street.desk.calls.live
    live.hear(live.boot, 0, told, is_all=True)


def ticket(street: Street, **changes: str) -> str:
    """The address of a pay page."""
    status, _, headers = run(street.post("/support", **{**GIVE, **changes}))
    assert status == 303
    return headers["location"]


def press(street: Street, address: str, **fields: str) -> tuple[int, dict[str, str]]:
    """The script posts a token; a plan's comes with an address."""
    status, text, _ = run(street.post(address, accept=SCRIPT, **{"token": "ctoken_1", **fields}))
    return status, json.loads(text)


def page_of(street: Street, state: State, language: str = "en", **words: str) -> str:
    """The page of a payment of which the newsroom says `state`."""
    _, found = press(street, ticket(street, language=language))
    hear(street, Status(found["id"], state, 2_000_000_000, words))
    return run(street.ask("GET", found["status"]))[1]


# --- the form ---------------------------------------------------------------------------------------------------------


def test_the_press_renders_every_page_about_paying() -> None:
    assert {*press_pages.TOLD, *press_pages.PAY} == set(pay_pages.NAMES)
    assert set(State) - {State.ACTION, State.PLAN} <= set(pay_pages.NAMES)


def test_the_form_leads_to_a_pay_page_that_says_how_much_and_how_often(street: Street) -> None:
    page = run(street.ask("GET", ticket(street, frequency="annual", annual="24")))[1]
    assert "<h1>$24 every year</h1>" in page
    assert "<h1>2,50 $ разово</h1>" in run(street.ask("GET", ticket(street, own="2,5", language="ru")))[1].replace(
        "\xa0", " "
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"own": "1.99"}, "We take amounts from $2:"),
        ({"own": "10000.01"}, "up to $10,000."),
        ({"own": "five"}, "digits alone"),
        ({"own": "1,000"}, "digits alone"),
        ({"currency": "RUB", "own": "500"}, "We don't take this currency"),
        ({"frequency": "weekly", "own": "5"}, "choose how often"),
    ],
)
def test_what_is_wrong_is_said_plainly_and_what_was_typed_stays(
    street: Street, changes: dict[str, str], words: str
) -> None:
    status, page, _ = run(street.post("/support", **{**GIVE, **changes}))
    assert status == 422
    assert words in html.unescape(page)
    assert f'value="{changes["own"]}"' in page
    assert 'name="appeal" value="winter"' in page


def test_a_mended_form_is_taken(street: Street) -> None:
    _, page, _ = run(street.post("/support", **{**GIVE, "own": "1"}))
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))
    assert 'value="once" required checked' in page
    assert run(street.post("/support", frequency="once", own="2", currency="USD", **fields))[0] == 303


def test_what_was_typed_breaks_out_of_no_page(street: Street) -> None:
    for field in ("own", "appeal", "language", "frequency", "currency"):
        _, page, _ = run(street.post("/support", **{**GIVE, "own": "0", field: '"><script>@@kept@@'}))
        assert "<script>" not in page
    assert ticket(street, appeal='x"><script>')


@settings(deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(["en", "ru"]), st.sampled_from(["USD", "EUR"]))
def test_amounts_are_written_as_the_press_writes_them(minor: int, language: str, currency: str) -> None:
    words = Vocabulary(language, "UTC")
    made = pay_pages.PayPages.__new__(pay_pages.PayPages)
    made._words = {language: press_pages._own_words(RAIL, words)}
    assert made.amount(Money(minor, currency), language) == words.amount(minor, currency)


# --- the pay page -----------------------------------------------------------------------------------------------------


def policy(page: str) -> dict[str, list[str]]:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    parts = [part.split() for part in html.unescape(found[1]).split("; ")]
    return {name: values for name, *values in parts}


def test_the_policy_names_the_processor_and_nobody_else(street: Street) -> None:
    found = policy(run(street.ask("GET", ticket(street)))[1])
    own = [values.pop(0) for name, values in found.items() if name in ("style-src", "script-src")]
    assert all(value.startswith("'sha256-") for value in own)
    assert found == {
        "default-src": ["'none'"],
        "img-src": ["data:"],
        "style-src": [],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "script-src": ["https://js.stripe.com"],
        "connect-src": ["'self'", "https://api.stripe.com"],
        "frame-src": ["https://js.stripe.com", "https://hooks.stripe.com"],
    }


def test_every_script_of_ours_is_the_one_that_the_policy_names(street: Street) -> None:
    _, found = press(street, ticket(street))
    for address in (ticket(street), found["status"]):
        page = run(street.ask("GET", address))[1]
        (own,) = re.findall(r"<script(?: id=\"own\"[^>]*)?>(.*?)</script>", page, re.DOTALL)
        digest = hashlib.sha256(own.encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy(page)["script-src"]


def test_a_page_that_only_tells_runs_no_script_and_calls_nobody(street: Street) -> None:
    found = policy(page_of(street, State.PAID))
    assert set(found) == {"default-src", "img-src", "style-src", "base-uri", "form-action"}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_pay_page_is_small(street: Street, language: str) -> None:
    page = run(street.ask("GET", ticket(street, frequency="monthly", monthly="5", language=language)))[1]
    assert len(page.encode()) <= 20_000


def test_only_a_plan_asks_for_an_address(street: Street) -> None:
    assert 'name="email"' not in run(street.ask("GET", ticket(street)))[1]
    assert 'name="email"' in run(street.ask("GET", ticket(street, frequency="monthly", monthly="5")))[1]


@pytest.mark.parametrize("address", ["/pay/x", "/pay/" + "A" * 400, "/pay/"])
def test_a_ticket_that_is_not_ours_opens_nothing(street: Street, address: str) -> None:
    status, page, _ = run(street.ask("GET", address))
    assert status == 404
    assert "<script" not in page


def test_a_ticket_ends_after_two_hours_and_survives_a_restart(streets: Streets) -> None:
    now = [1_800_000_000.0]
    street = streets(support=TABLE, clock=lambda: now[0])
    address = ticket(street)
    now[0] += 7_000
    street.desk.close()
    street.desk = Desk(street.configuration, lambda: now[0])
    assert run(street.ask("GET", address))[0] == 200
    now[0] += 300
    assert run(street.ask("GET", address))[0] == 404
    assert press(street, address) == (410, {"error": "over"})


# --- pressing the button ----------------------------------------------------------------------------------------------


def test_a_token_goes_to_the_newsroom_sealed_and_never_to_a_disk(street: Street) -> None:
    status, found = press(street, ticket(street))
    (words,) = street.live()
    assert status == 200
    assert found["status"] == f"/status/{found['id']}?en"
    assert words.pop("until") > 0
    assert len(words.pop("intent")) == 32
    assert words == {
        "kind": "give", "id": found["id"], "frequency": "once", "minor": 500, "currency": "USD", "language": "en",
        "appeal": "winter", "method": "card", "token": "ctoken_1", "email": "", "caution": False,
    }  # fmt: skip
    files = [path for path in Path(street.configuration.spool).parent.rglob("*") if path.is_file()]
    assert not [path for path in files if b"ctoken_1" in path.read_bytes()]
    assert street.kept() == []


def test_what_a_one_time_supporter_typed_as_an_address_is_dropped(street: Street) -> None:
    press(street, ticket(street), email="anna@example.org")
    assert street.live()[0]["email"] == ""


def test_each_press_of_one_page_is_the_same_intent_and_each_page_its_own(street: Street) -> None:
    one, other = ticket(street), ticket(street)
    for address in (one, one, other):
        press(street, address)
    intents = [words["intent"] for words in street.live()]
    assert intents[0] == intents[1] != intents[2]


def test_no_field_of_a_press_changes_the_amount(street: Street) -> None:
    press(street, ticket(street), minor="1", currency="EUR", own="1", frequency="annual", intent="0" * 32)
    (words,) = street.live()
    assert (words["minor"], words["currency"], words["frequency"]) == (500, "USD", "once")
    assert words["intent"] != "0" * 32


def test_a_plan_needs_an_address_that_mail_can_be_sent_to(street: Street) -> None:
    address = ticket(street, frequency="monthly", monthly="5")
    assert press(street, address) == (422, {"error": "email_wrong"})
    status, page, _ = run(street.post(address, token="ctoken_1", email="anna@", method="card"))
    assert status == 422
    assert 'name="token" value="ctoken_1"' in page
    assert page.count('name="email"') == 1
    assert press(street, address, email=" anna@example.org")[0] == 200
    assert street.live()[0]["email"] == "anna@example.org"


@pytest.mark.parametrize("fields", [{"token": ""}, {"token": "a b"}, {"token": "x" * 200}, {"method": "cash"}])
def test_what_no_page_of_ours_sends_is_not_handed_on(street: Street, fields: dict[str, str]) -> None:
    assert press(street, ticket(street), **fields) == (422, {"error": "wrong"})
    assert street.live() == []


def test_a_newsroom_that_is_away_takes_nothing_and_the_page_says_so(streets: Streets) -> None:
    street = streets(support=TABLE)
    address = ticket(street)
    assert press(street, address) == (503, {"error": "away"})
    status, page, _ = run(street.post(address, method="transfer"))
    assert (status, "Nothing was charged" in page) == (503, True)
    assert street.live() == []


def test_a_transfer_needs_no_script(street: Street) -> None:
    status, _, headers = run(street.post(ticket(street), method="transfer"))
    assert status == 303
    assert street.live()[0]["method"] == "transfer"
    page = run(street.ask("GET", headers["location"]))[1]
    assert '<noscript><meta http-equiv="refresh"' in page


# --- what became of it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.DECLINED, State.REFUSED, State.CAUTION, State.EXPIRED, State.CLOSED])
@pytest.mark.parametrize(("language", "words"), [("en", "othing "), ("ru", "е списано")])
def test_what_is_certainly_unpaid_says_that_nothing_was_charged(
    street: Street, state: State, language: str, words: str
) -> None:
    assert words in page_of(street, state, language)


@pytest.mark.parametrize("state", [State.UNDER_WAY, State.UNKNOWN, State.ACTION, State.PAID, State.PROCESSING])
def test_what_is_not_certainly_unpaid_never_says_so(street: Street, state: State) -> None:
    page = page_of(street, state)
    assert "Nothing was charged" not in page
    assert "Not charged" not in page


def test_a_refusal_accuses_nobody_and_says_what_was_not_done(street: Street) -> None:
    page = page_of(street, State.REFUSED)
    assert "no payment was made" in page
    assert "we keep nothing about you" in page


@pytest.mark.parametrize(("language", "asked"), [("en", "the bank had been asked"), ("ru", "запрос уже ушёл в банк")])
def test_a_refusal_after_the_bank_was_asked_does_not_claim_that_none_was(
    street: Street, language: str, asked: str
) -> None:
    page = page_of(street, State.REFUSED, language, asked="yes")
    assert asked in page
    assert [word for word in ("told no bank", "no payment was made", "ни одному банку") if word in page] == []


REASONS = {
    "en": {
        "country": "punished as a crime",
        "caution": "had not been asked about that",
        "terms": "not the one that you",
    },
    "ru": {"country": "могут преследовать", "caution": "не предупредили", "terms": "не ту сумму"},
}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("asked", NotAsAgreed)
def test_each_refusal_after_a_bank_was_asked_has_its_own_reason_and_no_other(
    street: Street, language: str, asked: str
) -> None:
    page = page_of(street, State.REFUSED, language, asked=asked)
    assert [reason for reason, words in REASONS[language].items() if words in page] == [asked]


def test_a_head_does_not_count_as_shown(street: Street) -> None:
    _, found = press(street, ticket(street))
    hear(street, Status(found["id"], State.PAID, 2_000_000_000))
    run(street.ask("HEAD", found["status"]))
    assert street.desk.calls.live.lately_shown() == []
    run(street.ask("GET", found["status"]))
    assert street.desk.calls.live.lately_shown() == [found["id"]]


def test_without_a_script_a_watched_host_is_told_as_one_and_another_address_asked_for(streets: Streets) -> None:
    street = streets(support=TABLE, watched_hosts=frozenset({"watched.example"}))
    hear(street)
    typed = {"token": "ctoken_1", "email": "anna@watched.example"}
    status, page, _ = run(street.post(ticket(street, frequency="monthly", monthly="5"), **typed))
    assert (status, "write there" in page) == (422, True)
    assert page.count('name="email"') == 1
    assert "can't be right" not in page


@pytest.mark.parametrize(("refuses", "words"), [(False, "can be read by others"), (True, "write to this host")])
def test_who_signs_up_for_the_letter_is_not_answered_with_a_page_about_paying(
    streets: Streets, refuses: bool, words: str
) -> None:
    street = streets(support=TABLE, watched_hosts=frozenset({"watched.example"}), refuse_watched=refuses)
    _, page, _ = run(street.post("/sign-up", address="anna@watched.example", language="en"))
    assert words in page
    assert "charged" not in page


@pytest.mark.parametrize(("language", "words"), [("en", "bank transfer"), ("ru", "банковским переводом")])
def test_transfer_is_named_only_where_it_is_offered(language: str, words: str) -> None:
    named = []
    for is_offered in (True, False):
        rail = replace(RAIL, transfer=("EUR",) if is_offered else (), methods=("card",))
        rendered = {path: page.decode() for path, page in press_pages.pages(SITE, rail)}
        named.append(words in rendered[f"pay/{language}/pay-once.html"].lower())
        assert words not in rendered[f"pay/{language}/card.html"].lower()
    assert named == [True, False]


@pytest.mark.parametrize("frequency", ["once", "monthly"])
def test_a_transfer_is_offered_in_the_currencies_that_the_account_takes_and_in_no_other(
    streets: Streets, frequency: str
) -> None:
    street = streets(support=replace(TABLE, transfer=("EUR",)))
    hear(street)
    pages = {}
    for currency in ("EUR", "USD"):
        address = ticket(street, currency=currency, frequency=frequency, monthly="5")
        pages[currency] = run(street.ask("GET", address))[1].lower()
    assert "bank transfer" in pages["EUR"]
    assert "transfer" not in pages["USD"].replace("-no-transfer", "").replace("or a bank transfer, both", "")
    assert 'id="f"' in pages["USD"]


def test_a_transfer_that_is_pressed_for_in_another_currency_is_not_handed_on(streets: Streets) -> None:
    street = streets(support=replace(TABLE, transfer=("EUR",)))
    hear(street)
    status, page, _ = run(street.post(ticket(street, currency="USD"), method="transfer"))
    assert (status, "Nothing was charged" in page) == (422, True)
    assert press(street, ticket(street, currency="USD"), method="transfer")[0] == 422
    assert press(street, ticket(street, currency="EUR"), method="transfer")[0] == 200


@pytest.mark.parametrize(("name", "kept"), [("pay-once", False), ("pay-again", True), ("card", True), ("plan", True)])
def test_where_an_address_and_a_date_are_kept_the_page_says_so(name: str, kept: bool) -> None:
    page = dict(press_pages.pages(SITE, RAIL))[f"pay/en/{name}.html"].decode()
    assert ("e-mail address, sealed" in page and "expires" in page) is kept


def test_no_script_of_ours_hands_the_processor_an_address() -> None:
    assert "billing_details" not in script("pay.js")


def test_a_bank_that_says_no_is_told_by_its_reason_with_another_try_on_the_same_page(street: Street) -> None:
    address = ticket(street)
    _, found = press(street, address)
    hear(street, Status(found["id"], State.DECLINED, 2_000_000_000, {"reason": "funds"}))
    page = run(street.ask("GET", found["status"]))[1]
    assert "does not hold enough" in page
    assert f'href="{address}"' in page
    assert "another card often works" in page_of(street, State.DECLINED, reason="of the service's own").lower()


def test_a_caution_is_asked_once_and_the_answer_goes_along(street: Street) -> None:
    page = page_of(street, State.CAUTION)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))
    (action,) = re.findall(r'action="(/pay/[^"]*)"', page)
    assert run(street.post(action, **fields))[0] == 303
    assert [words["caution"] for words in street.live()] == [False, True]
    assert street.live()[1]["token"] == "ctoken_1"


def test_a_transfer_shows_what_to_copy(street: Street) -> None:
    page = page_of(street, State.TRANSFER, reference="HX-1234", account="LV00BANK", name="<Courier>")
    assert "<dd>HX-1234" in page
    assert "<dd>LV00BANK" in page
    assert "<dd>&lt;Courier&gt;" in page
    assert "<dd>$5" in page


def test_the_script_hears_the_state_and_the_secret_of_a_challenge_alone(street: Street) -> None:
    _, found = press(street, ticket(street))
    hear(street, Status(found["id"], State.ACTION, 2_000_000_000, {"secret": "pi_secret_1"}))
    ask = street.ask("GET", found["status"], accept=SCRIPT)
    assert json.loads(run(ask)[1]) == {"state": "action", "secret": "pi_secret_1"}
    hear(street, Status(found["id"], State.PAID, 2_000_000_000, {"manage": "token"}))
    ask = street.ask("GET", found["status"], accept=SCRIPT)
    _, text, headers = run(ask)
    assert json.loads(text) == {"state": "paid"}
    assert headers["cache-control"] == "no-store"


def test_who_began_a_plan_gets_the_way_to_its_page(street: Street) -> None:
    assert 'href="/l/TOKEN"' in page_of(street, State.PAID, manage="TOKEN")
    assert "/l/" not in page_of(street, State.PAID)


@pytest.mark.parametrize("state", [State.PAID, State.PROCESSING])
def test_who_gave_once_is_told_the_code_by_which_it_can_be_given_back(street: Street, state: State) -> None:
    assert "<dd>7K3F-9QXM-2T0D</dl>" in page_of(street, state, receipt="7K3F-9QXM-2T0D")
    assert "by this code" not in page_of(street, state, manage="TOKEN")


def test_an_address_that_can_not_be_written_to_leads_back_to_the_same_payment(street: Street) -> None:
    page = page_of(street, State.FAILED, reason="watched")
    assert re.search(r'<a class="go" href="/pay/[^"]+">Try once more</a>', page)


def test_a_script_that_asks_takes_no_word_away_from_the_page(street: Street) -> None:
    _, found = press(street, ticket(street))
    hear(street, Status(found["id"], State.PAID, 2_000_000_000))
    run(street.ask("GET", found["status"], accept=SCRIPT))
    assert street.desk.calls.live.lately_shown() == []
    assert "Thank you" in run(street.ask("GET", found["status"]))[1]
    assert street.desk.calls.live.lately_shown() == [found["id"]]


def test_after_a_challenge_the_newsroom_is_asked_to_look_again(street: Street) -> None:
    _, found = press(street, ticket(street))
    run(street.post(found["status"], after="yes"))
    assert [words["kind"] for words in street.live()] == ["give"]
    hear(street, Status(found["id"], State.ACTION, 2_000_000_000, {"secret": "s"}))
    run(street.post(found["status"], after="yes"))
    assert [words["kind"] for words in street.live()] == ["give", "give-after"]
    assert street.live()[1]["id"] == found["id"]


def test_an_address_that_means_nothing_claims_nothing(street: Street) -> None:
    status, page, _ = run(street.ask("GET", "/status/abc?ru"))
    assert status == 404
    assert "Здесь ничего нет" in page
    assert "не списано" not in page


# --- limits -----------------------------------------------------------------------------------------------------------


def test_one_page_and_one_client_are_slowed(streets: Streets) -> None:
    street = streets(support=replace(TABLE, per_ticket=2, per_client=4))
    hear(street)
    address = ticket(street)
    assert [press(street, address)[0] for _ in range(3)] == [200, 200, 429]
    assert [press(street, ticket(street))[0] for _ in range(3)] == [200, 200, 429]
    assert len(street.live()) == 4


def test_the_fuse_holds_for_all_and_the_newsroom_hears_of_it(streets: Streets) -> None:
    street = streets(support=replace(TABLE, per_client=0, in_all=3))
    hear(street)
    statuses = [press(street, ticket(street))[0] for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert run(street.pull())["turned_away"] == 2


def test_a_page_that_is_turned_away_sends_the_same_again(streets: Streets) -> None:
    street = streets(support=replace(TABLE, per_client=0, in_all=1))
    hear(street)
    press(street, ticket(street))
    status, page, _ = run(street.post(ticket(street), token="ctoken_2", method="card"))
    assert status == 429
    assert 'name="token" value="ctoken_2"' in page
    assert "Nothing was charged" in page


def test_over_the_number_of_a_good_day_a_card_has_to_be_worked_for(streets: Streets) -> None:
    street = streets(support=replace(TABLE, per_client=0, per_ticket=0, at_ease=1))
    hear(street)
    address = ticket(street)
    assert press(street, address)[0] == 200
    status, asked = press(street, address, token="ctoken_2")
    assert (status, set(asked)) == (429, {"work", "bits"})
    tried = next(n for n in range(10**7) if _zeros(f"{asked['work']}.{n}"))
    assert press(street, address, token="another", work=asked["work"], tried=str(tried))[0] == 429
    assert press(street, address, token="ctoken_2", work=asked["work"], tried=str(tried))[0] == 200
    assert run(street.post(address, method="transfer"))[0] == 303, "a transfer tries no card"


def _zeros(text: str) -> bool:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> (32 - work.BITS) == 0


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=30))
def test_no_made_up_answer_solves_a_task(asked: str, tried: str) -> None:
    marks = OwnMarks(Ed25519PrivateKey.generate())
    assert not work.is_solved(marks, "token", asked, tried, 1_800_000_000)


def test_a_body_of_any_size_is_no_payment(street: Street) -> None:
    address = ticket(street)
    assert run(street.ask("POST", address, b"token=ctoken_1&x=" + b"x" * 500_000))[0] == 422
    assert run(street.ask("POST", "/support", b"x" * 500_000))[0] == 422
    assert street.live() == []


def test_no_page_of_a_payment_sets_a_cookie_or_is_stored(street: Street) -> None:
    address = ticket(street)
    _, found = press(street, address)
    for path in (address, found["status"], "/status/x"):
        headers = run(street.ask("GET", path))[2]
        assert "set-cookie" not in headers
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_a_desk_with_no_way_of_paying_says_so_and_issues_no_ticket(streets: Streets) -> None:
    status, page, _ = run(streets(support=replace(TABLE, methods=())).post("/support", **GIVE))
    assert (status, "closed for now" in page) == (503, True)


def test_a_desk_without_the_table_knows_none_of_it(streets: Streets) -> None:
    street = streets()
    assert run(street.post("/support", **GIVE))[0] == 404
    assert run(street.ask("POST", "/webhooks/stripe", b"{}"))[0] == 404
