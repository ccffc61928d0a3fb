"""What readers agreed to can be read for as long as their consent is kept."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from hectograph.newsroom.command import readers_command
from hectograph.newsroom.flows import consents
from hectograph.press.sign_up import consent_version
from hectograph.press.words import Vocabulary
from hectograph.readers import consent_text
from hectograph.readers.consent_text import ConsentText
from hectograph.readers.subscriber import Consent, Subscriber

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _request(version: str) -> None:
    reader = Subscriber.objects.create(index=f"i{Subscriber.objects.count()}", number=f"n{Subscriber.objects.count()}")
    Consent.objects.create(subscriber=reader, kind=Consent.Kind.REQUESTED, letter="weekly", text=version, at=NOW)


def test_the_words_beside_the_form_are_kept_in_every_language() -> None:
    consents.keep_current(NOW)
    kept = dict(ConsentText.objects.values_list("language", "text"))
    for language in ("en", "ru"):
        assert kept[language] == Vocabulary(language, "UTC").text("letter_consent")


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
    version = consent_version(Vocabulary("ru", "UTC"))
    _request(version)
    assert readers_command.show_consents(as_json=True) == 0
    rows = {row["version"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows[version]["requests"] == 1
    assert rows[version]["text"] == Vocabulary("ru", "UTC").text("letter_consent")
    assert readers_command.show_consents(as_json=False) == 0
    assert Vocabulary("ru", "UTC").text("letter_consent") in capsys.readouterr().out
