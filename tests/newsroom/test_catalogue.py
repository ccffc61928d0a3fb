"""The admin's screens of money and appeals in Russian: no sentence is left in English, and none is told wrongly."""

import re
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from hectograph.errors import Problem
from hectograph.newsroom.editing.spoken import spoken
from hectograph.newsroom.staff import Staff
from hectograph.payments.processors.transfer.lines import StatementRefused
from hectograph.support import fuse, refund
from tests.newsroom import catalogue
from tests.newsroom.test_money_admin import BOARD, RECEIPTS, gifts, person
from tests.support.given import given

STATEMENT, APPEALS, NEW = "/admin/newsroom/money/statement/", "/admin/newsroom/appeals/", "/admin/newsroom/appeals/add/"
_LATIN = re.compile(r">[^<>]*\b(?:the|and|of|is|are|by|to|no)\b[^<>]*<")
_PLACES = re.compile(r"%\(\w+\)s|<[^>]+>|`[^`]+`")


@cache
def entries() -> dict[str, tuple[str, ...]]:
    """Every sentence, by its singular, with all forms of its translation. One that a person has yet to look at (a
    “fuzzy” one) is never shown, so it is none."""
    with (catalogue.LOCALE / "django.po").open("rb") as file:
        said = [one for one in read_po(file, "ru") if one.id and not one.fuzzy]
    return {_all(one.id)[0]: _all(one.string) for one in said}


def _all(forms: Any) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else tuple(forms)


def test_every_sentence_of_these_screens_has_its_russian() -> None:
    with translation.override("ru"):
        forms = {key: entries().get(key) or (translation.gettext(key),) for key in catalogue.sentences()}
    assert sorted(key for key, words in forms.items() if {"", key} & {*words}) == []


def test_the_catalogue_holds_nothing_that_no_screen_says() -> None:
    assert sorted(entries().keys() - catalogue.sentences()) == []


@pytest.mark.parametrize("key", sorted(entries()))
def test_a_translation_has_the_same_places_and_commands(key: str) -> None:
    for word in entries()[key]:
        assert sorted(set(_PLACES.findall(word))) == sorted(set(_PLACES.findall(key)))


def test_what_runs_is_what_is_written() -> None:
    with (catalogue.LOCALE / "django.po").open("rb") as file:
        made = BytesIO()
        write_mo(made, read_po(file, "ru"))
    built = read_mo(BytesIO((catalogue.LOCALE / "django.mo").read_bytes()))
    made.seek(0)
    assert [(one.id, one.string) for one in built if one.id] == [
        (one.id, one.string) for one in read_mo(made) if one.id
    ]


@pytest.fixture
def russian(newsroom: Any) -> Client:
    client = person("publisher")
    staff = Staff.objects.get(username="of-publisher")
    UserProfile.objects.update_or_create(user=staff, defaults={"preferred_language": "ru"})
    return client


@pytest.mark.parametrize("address", [BOARD, RECEIPTS, STATEMENT, APPEALS, NEW])
def test_a_publisher_who_reads_russian_reads_no_english(russian: Client, address: str) -> None:
    gifts(25, minor=500, frequency="monthly", appeal="autumn")
    refund.ask(given(999).pk, 100, "ada", timezone.now())
    for kind in fuse.REMEDIES:
        fuse.alarm(kind, f"pi_{len(kind)}", timezone.now())
    fuse.blow("card", "too many disputes", timezone.now(), timedelta(hours=1))
    answer = russian.get(address)
    page = answer.content.decode().partition('class="nice-padding')[2].partition("</main>")[0]
    assert (answer.status_code, bool(re.search("[а-я]", page))) == (200, True)
    assert _LATIN.findall(re.sub(r"<(code|script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)) == []


def test_sums_have_the_comma_of_who_reads_them(russian: Client) -> None:
    gifts(25, minor=510)
    assert "127,50 EUR" in russian.get(BOARD).content.decode()


def test_what_went_wrong_is_said_in_russian_too(russian: Client) -> None:
    page = russian.post(RECEIPTS, {"code": "nonsense"}).content.decode()
    assert "Это не код квитанции" in page
    page = russian.post(STATEMENT, {}).content.decode()
    assert "Файла нет, или он пуст" in page


def test_a_problem_without_words_in_the_catalogue_is_told_as_it_was_raised() -> None:
    with translation.override("ru"):
        assert spoken(Problem("Quite new.", "Nobody knows.")) == "Quite new. Nobody knows."
        assert spoken(Problem("Quite new.")) == "Quite new."
        assert spoken(Problem("Quite new.", "Type `hecto new`.")) == "Quite new. Type hecto new."
        assert spoken(StatementRefused("It is no plain XML.")).startswith(
            "Прочесть выписку не удаётся. Это не простой XML."
        )
