"""The country policy: nothing passes that is not an allowed means from an allowed country, in so many letters."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from hectograph.errors import Problem
from hectograph.payments import policy
from hectograph.payments.countries import COUNTRIES, EEA, SEPA
from hectograph.payments.policy import Policy, Ruling, Verdict
from hectograph.payments.port import Preview

OURS = Policy(1)
METHODS = ("card", "sepa_debit", "us_bank_account")
means = st.builds(
    Preview,
    method=st.sampled_from((*METHODS, "link", "paypal", "Card", "card ", "")) | st.text(max_size=20),
    country=st.sampled_from(sorted(COUNTRIES)) | st.text(max_size=4),
    wallet=st.sampled_from(("", "apple_pay", "google_pay", "link", "samsung_pay")) | st.text(max_size=10),
)


def ruling(method: str, country: str, wallet: str = "", rules: Policy = OURS) -> Verdict:
    return policy.decide(rules, Preview(method, country, wallet))


@given(means)
def test_nothing_passes_but_an_allowed_means_from_an_allowed_country(preview: Preview) -> None:
    verdict = policy.decide(OURS, preview)
    if verdict.ruling is not Ruling.REFUSE:
        assert preview.method in METHODS
        assert preview.wallet in ("", "apple_pay", "google_pay")
        country = preview.country or ("US" if preview.method == "us_bank_account" else "")
        assert country in COUNTRIES - {"RU", "BY"}
        assert (verdict.ruling is Ruling.CAUTION) == (country in OURS.caution)


@given(st.frozensets(st.sampled_from(sorted(COUNTRIES - EEA)), max_size=30), means)
def test_no_blocked_country_passes_whatever_is_blocked(blocked: frozenset[str], preview: Preview) -> None:
    verdict = policy.decide(Policy(1, blocked=blocked), preview)
    assert preview.country not in blocked or verdict.ruling is Ruling.REFUSE


@given(means)
def test_a_reason_never_names_the_country(preview: Preview) -> None:
    assert policy.decide(OURS, preview).reason in ("", "method", "unknown", "blocked", "caution")


@pytest.mark.parametrize("country", ["RU", "BY"])
@pytest.mark.parametrize("wallet", ["", "apple_pay", "google_pay"])
def test_a_protected_card_is_refused_in_every_wallet(country: str, wallet: str) -> None:
    assert ruling("card", country, wallet) == Verdict(Ruling.REFUSE, "blocked")


ODD = [
    "",
    " ",
    "ru",
    "Ru",
    "RU ",
    " RU",
    "R",
    "RUS",
    "643",
    "XX",
    "ZZ",
    "EU",
    "UK",
    "РУ",
    "\u0420U",
    "RU\0",
    "ＲＵ",
    "None",
]


@pytest.mark.parametrize(
    ("method", "country"), [(one, odd) for one in METHODS for odd in ODD if (one, odd) != ("us_bank_account", "")]
)
def test_what_no_list_knows_is_refused(method: str, country: str) -> None:
    assert ruling(method, country).ruling is Ruling.REFUSE


@pytest.mark.parametrize("country", [" DE", "de", "DE\n", "dE"])
def test_an_allowed_country_in_another_spelling_is_refused(country: str) -> None:
    assert ruling("card", country) == Verdict(Ruling.REFUSE, "unknown")


@pytest.mark.parametrize(
    "method", ["link", "paypal", "amazon_pay", "revolut_pay", "klarna", "CARD", "card ", "", "crypto"]
)
def test_a_means_whose_country_is_known_too_late_is_refused(method: str) -> None:
    assert ruling(method, "DE") == Verdict(Ruling.REFUSE, "method")


@pytest.mark.parametrize("wallet", ["link", "samsung_pay", "Apple_Pay", "masterpass"])
def test_a_wallet_that_is_not_listed_is_refused(wallet: str) -> None:
    assert ruling("card", "DE", wallet) == Verdict(Ruling.REFUSE, "method")


@pytest.mark.parametrize("country", ["DE", "US", "UA", "JP", "XK"])
def test_a_card_from_elsewhere_is_allowed(country: str) -> None:
    assert ruling("card", country, "apple_pay") == Verdict(Ruling.ALLOW)


@pytest.mark.parametrize("country", ["KZ", "AM", "KG", "GE", "TR", "RS"])
def test_a_country_where_giving_can_bring_trouble_asks_once_more(country: str) -> None:
    assert ruling("card", country) == Verdict(Ruling.CAUTION, "caution")


def test_a_debit_is_allowed_from_countries_of_sepa_only() -> None:
    allowed = {country for country in COUNTRIES if ruling("sepa_debit", country).ruling is Ruling.ALLOW}
    assert allowed == SEPA - OURS.caution


def test_a_bank_account_of_the_united_states_is_theirs_by_nature() -> None:
    assert ruling("us_bank_account", "").ruling is Ruling.ALLOW
    assert ruling("us_bank_account", "US").ruling is Ruling.ALLOW
    assert ruling("us_bank_account", "", rules=Policy(1, blocked=frozenset(("US",)))).reason == "blocked"


def test_blocked_is_stronger_than_caution() -> None:
    rules = Policy(1, blocked=frozenset(("KZ",)), caution=frozenset(("KZ",)))
    assert ruling("card", "KZ", rules=rules) == Verdict(Ruling.REFUSE, "blocked")


@pytest.mark.parametrize("country", sorted(EEA))
def test_no_country_of_the_european_economic_area_can_be_blocked(country: str) -> None:
    with pytest.raises(Problem, match="2018/302"):
        Policy(1, blocked=frozenset(("RU", country)))
    assert ruling("card", country, rules=Policy(1, caution=frozenset((country,)))).ruling is Ruling.CAUTION


@pytest.mark.parametrize("code", ["ru", "RUS", "", "XX", "R U", "UK"])
def test_a_list_with_a_code_that_is_none_is_a_problem(code: str) -> None:
    for lists in ({"blocked": frozenset((code,))}, {"caution": frozenset((code,))}):
        with pytest.raises(Problem, match="no countries"):
            Policy(1, **lists)


def test_the_countries_are_those_of_the_unicode_consortium() -> None:
    named = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha() and code.isupper()}
    apart = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}  # groups, exceptions
    assert named - apart == COUNTRIES


@pytest.mark.parametrize(
    "host",
    ["mail.ru", "MAIL.RU", "mail.ru.", "box.mail.ru", "yandex.com", "mx.yandex.net", "rambler.ru", "any.ru", "почта.рф",
     "xn--80a1acny.xn--p1ai", "газета.бел", "tut.by", "vk.com", "", " ", ".", "a..b", "no host", "x" * 300,
     "\ud800.org"],
)  # fmt: skip
def test_mail_hosts_that_a_state_can_read_are_watched(host: str) -> None:
    assert policy.watched(OURS, [host])


@pytest.mark.parametrize(
    "host", ["proton.me", "gmail.com", "notmail.ru.example", "mail.ru.example.org", "ruby.org", "bücher.de"]
)
def test_other_mail_hosts_are_not(host: str) -> None:
    assert not policy.watched(OURS, [host])


def test_one_watched_mail_exchanger_is_enough() -> None:
    assert policy.watched(OURS, ["paper.example", "mx1.paper.example", "mx.yandex.net."])


@given(st.text(max_size=80))
def test_any_text_is_a_host_or_counts_as_watched(text: str) -> None:
    assert policy.watched(OURS, [text]) in (True, False)
    assert policy.watched(OURS, [f"{text}.mail.ru"])


@pytest.mark.parametrize("host", ["Mail.ru", "@mail.ru", "*.mail.ru", ""])
def test_a_list_with_a_host_that_is_none_is_a_problem(host: str) -> None:
    with pytest.raises(Problem, match="no mail hosts"):
        Policy(1, watched=frozenset((host,)))
