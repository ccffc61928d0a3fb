"""What readers agreed to can be read for as long as their consent is kept."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hectograph.newsroom.command import readers_command
from hectograph.newsroom.flows import consents
from hectograph.press import desk_pages, records
from hectograph.press.consent import agreement, every, to_letters
from hectograph.press.furniture import Furnisher
from hectograph.press.words import Vocabulary, spoken
from hectograph.readers import consent_text, intake, vault
from hectograph.readers.consent_text import ConsentText
from hectograph.readers.small_mail import House, write
from hectograph.readers.subscriber import Consent, Subscriber
from tests.press.test_pages import SITE
from tests.readers.conftest import ADDRESS, Readers

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def readers(db: None, tmp_path: Path) -> Readers:
    return Readers(vault.make(tmp_path / "opener", NOW))


def _request(version: str) -> None:
    reader = Subscriber.objects.create(index=f"i{Subscriber.objects.count()}", number=f"n{Subscriber.objects.count()}")
    Consent.objects.create(subscriber=reader, kind=Consent.Kind.REQUESTED, letter="weekly", text=version, at=NOW)


def test_the_words_beside_the_form_are_kept_in_every_language() -> None:
    consents.keep_current(NOW)
    for language in ("en", "ru"):
        kept = dict(ConsentText.objects.filter(language=language).values_list("version", "text"))
        assert kept == {one.version: one.text for one in every(Vocabulary(language, "UTC"))}


def test_looking_again_changes_nothing() -> None:
    consents.keep_current(NOW)
    before = list(ConsentText.objects.values_list())
    consents.keep_current(NOW + timedelta(days=1))
    assert list(ConsentText.objects.values_list()) == before


def test_an_old_version_stays_when_the_words_change() -> None:
    consent_text.keep([("old", "en", "What we said then.")], NOW - timedelta(days=400))
    _request("old")
    consents.keep_current(NOW)
    first = consent_text.agreed()[0]
    assert (first.version, first.requests, first.text) == ("old", 1, "What we said then.")


def test_a_version_that_was_never_shown_is_listed_without_words() -> None:
    consents.keep_current(NOW)
    _request("forged")
    last = consent_text.agreed()[-1]
    assert (last.version, last.requests, last.text) == ("forged", 1, "")


def test_the_operator_reads_what_was_agreed_to(capsys: pytest.CaptureFixture[str]) -> None:
    version = agreement(Vocabulary("ru", "UTC"), "letter").version
    _request(version)
    assert readers_command.show_consents(as_json=True) == 0
    rows = {row["version"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows[version]["requests"] == 1
    assert rows[version]["text"] == agreement(Vocabulary("ru", "UTC"), "letter").text
    assert readers_command.show_consents(as_json=False) == 0
    assert agreement(Vocabulary("ru", "UTC"), "letter").text in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "ru"])
def test_several_letters_are_agreed_to_in_words_of_their_own(language: str) -> None:
    words = Vocabulary(language, "UTC")
    assert to_letters(words, 1) == agreement(words, "letter")
    assert to_letters(words, 2) == agreement(words, "letters")
    assert to_letters(words, 2).version != to_letters(words, 1).version


def test_every_language_of_the_press_has_every_text() -> None:
    names = [sorted(Vocabulary(language, "UTC").texts("consent")) for language in spoken()]
    assert all(found == names[0] for found in names)


@pytest.mark.parametrize("offered", [1, 2])
def test_page_desk_and_mail_show_the_same_words_under_one_version(offered: int, readers: Readers) -> None:
    consents.keep_current(NOW)
    said = to_letters(Vocabulary("en", "UTC"), offered)
    newsletters = tuple(records.Newsletter(f"n{number}", f"Letter {number}", "") for number in range(offered))
    letter = replace(SITE.languages[0].letter, newsletters=newsletters, action="https://desk.example/sign-up")
    site = replace(SITE, languages=(replace(SITE.languages[0], letter=letter),))
    box = Furnisher(site, {"en": Vocabulary("en", "UTC")}).at("en", "/").letter
    desk = dict(desk_pages.pages(site))["en/again.html"].decode()
    words = {"kind": "sign-up", "address": ADDRESS, "language": "en", "letter": "", "text": said.version}
    intake.take(readers.vault, readers.envelope(**words), NOW)
    house = House("The Courier", "https://links.example", "https://courier.example/how.html")
    mail = write(readers.vault, readers.one().mails.get(), house).text
    for shown in (box, desk):
        assert said.text in shown
        assert f'name="text" value="{said.version}"' in shown
    assert said.text in mail


def test_a_mail_quotes_the_version_that_the_reader_saw(readers: Readers) -> None:
    consent_text.keep([("v1", "en", "What we said then.")], NOW - timedelta(days=400))
    consents.keep_current(NOW)
    readers.sign_up()
    assert consent_text.shown_to(readers.one()) == "What we said then."


def test_where_a_form_names_a_version_that_we_never_showed_the_mail_says_ours(readers: Readers) -> None:
    consents.keep_current(NOW)
    readers.sign_up(language="ru")
    assert consent_text.shown_to(readers.one()) in [one.text for one in every(Vocabulary("ru", "UTC"))]
