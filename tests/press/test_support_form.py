"""The form that asks for support: what it sends is what the desk reads, and it hides nothing from a giver."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import html5lib
import pytest
from markupsafe import escape

from hectograph.payments import forms
from hectograph.press import records, support_form
from hectograph.press.render import Renderer
from hectograph.press.support_records import Offered
from hectograph.press.words import Vocabulary
from tests.press.test_pages import AT, SITE, STORY, WORDS

ZLOTY = Offered("PLN", once=(2000, 6000), monthly=(1000, 2000), annual=(10000, 20000), minimum=800)
OFFERS = (Offered(), Offered("EUR"), ZLOTY)
TAKEN = forms.Offer({"USD": 200, "EUR": 200, "PLN": 800}, {"USD": 10**7, "EUR": 10**7, "PLN": 10**7})
GIVING = records.Giving("Giving is a crime there.", ("Lawyers.",), "gifts@courier.example")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def site(*offers: Offered, **giving: Any) -> records.Site:
    support = replace(SITE.support, offers=offers or (Offered(),), remind_action="https://desk.example/remind")
    return replace(SITE, support=support, languages=tuple(replace(words, giving=GIVING) for words in WORDS))


def parsed(html: bytes) -> Any:
    return html5lib.parse(html.decode(), namespaceHTMLElements=False)


def form(*offers: Offered) -> Any:
    document = parsed(Renderer(site(*offers)).story(STORY))
    return next(form for form in document.iter("form") if form.get("action") == "https://desk.example/give")


def fields(form: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in form.iter("input"):
        found.setdefault(node.get("name"), []).append(node)
    return found


@pytest.mark.parametrize("offers", [(Offered(),), OFFERS], ids=["one currency", "three currencies"])
def test_every_amount_that_is_shown_is_the_amount_that_the_desk_reads(offers: tuple[Offered, ...]) -> None:
    sent = fields(form(*offers))
    for offer in offers:
        for frequency, minors in offer.by_frequency():
            name = f"{frequency}-{offer.currency}"
            values = [node.get("value") for node in sent.get(name, sent[frequency])]
            posted = [{"frequency": frequency, "currency": offer.currency, frequency: "1", name: v} for v in values]
            assert tuple(forms.read(form, TAKEN).money.minor for form in posted) == minors


def test_one_amount_of_each_frequency_is_chosen_and_nothing_is_ticked() -> None:
    found = fields(form(*OFFERS))
    assert not any(node.get("type") == "checkbox" for nodes in found.values() for node in nodes)
    for name, nodes in found.items():
        if nodes[0].get("type") == "radio":
            assert sum(node.get("checked") is not None for node in nodes) == 1, name


def test_the_notice_of_the_crime_stands_above_the_amounts() -> None:
    html = Renderer(site()).story(STORY).decode()
    assert html.index("Giving is a crime there.") < html.index('name="frequency"') < html.index('name="monthly"')


def test_the_least_is_said_in_every_currency() -> None:
    assert "from $2 / €2 / PLN 8" in Renderer(site(*OFFERS)).story(STORY).decode().replace("\xa0", " ")


def test_currencies_with_the_same_numbers_share_them() -> None:
    words = Vocabulary("ru", "UTC")
    alike = support_form.choices(records.Support((Offered(), Offered("EUR", monthly=(200, 250)))), words)
    assert [choice.name for choice in alike] == ["once", "monthly", "monthly-EUR", "annual"]
    assert alike[0].amounts[0] == ("5", "5")
    assert alike[2].amounts[1] == ("2.50", "2,50\xa0€")


def test_styles_for_currencies_come_only_where_their_amounts_differ() -> None:
    assert not support_form.currency_styles(records.Support((Offered(), Offered("EUR"))))
    assert "PLN" in Renderer(site(*OFFERS)).story(STORY).decode().partition("</style>")[0]


def test_support_leads_to_the_form_on_the_page_or_to_its_own_page() -> None:
    renderer = Renderer(site())
    assert 'class="go" href="#support"' in renderer.story(STORY).decode()
    plain = records.Plain(3, "en", "en/pages/about.html", "About", (), AT)
    assert 'class="go" href="../../en/support.html"' in renderer.plain(plain).decode()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_says_who_sees_what_and_how_to_stop(language: str) -> None:
    page = Renderer(site()).support(language, NOW).decode()
    words = Vocabulary(language, "UTC")
    for name in ("support_not_text", "support_seen_text", "support_kept_text", "support_transfer", "support_lost_text"):
        assert escape(words.text(name)) in page
    assert "Lawyers." in page
    assert "gifts@courier.example" in page


def test_a_reminder_is_asked_for_by_a_named_month_of_the_next_six() -> None:
    document = parsed(Renderer(site()).support("en", datetime(2026, 11, 30, 23, tzinfo=UTC)))
    months = [(node.get("value"), node.text) for node in document.iter("option")]
    assert months[:2] == [("2026-12", "December 2026"), ("2027-01", "January 2027")]
    assert len(months) == 6


def test_without_a_desk_nothing_can_be_sent_from_the_page() -> None:
    page = parsed(Renderer(replace(SITE, support=records.Support())).support("en", NOW))
    forms_there = [form for form in page.iter("form") if form.get("method")]
    assert {form.get("action") for form in forms_there} <= {"https://desk.example/letter"}
    assert all(button.get("disabled") is not None for button in page.iter("button"))
