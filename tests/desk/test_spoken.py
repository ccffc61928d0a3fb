"""Who comes by a link that says nothing is answered in their browser's language; who leaves is told what was done."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hectograph.sealing.capability import Capability, Purpose, issue
from tests.desk.conftest import Street
from tests.loops import run

RUSSIAN, ENGLISH = 'lang="ru"', 'lang="en"'


def link(key: Ed25519PrivateKey, purpose: Purpose, *, days: int = 7, language: str = "ru") -> str:
    return issue(key, Capability(purpose, bytes(16), datetime.now(UTC) + timedelta(days=days), (language,)))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru", RUSSIAN),
        ("ru-RU,ru;q=0.9,en;q=0.8", RUSSIAN),
        ("de-DE,de;q=0.9,ru;q=0.5", RUSSIAN),
        ("en-US,ru", ENGLISH),
        ("", ENGLISH),
        ("xx;;,,=\x00\xff", ENGLISH),
        ("," * 9000 + "ru", ENGLISH),
    ],
)
@pytest.mark.parametrize("path", ["/", "/l/nothing", "/sign-up"])
def test_a_page_that_knows_no_reader_speaks_the_browsers_language(
    street: Street, accepted: str, language: str, path: str
) -> None:
    status, page, _ = run(street.ask("GET", path, accept_language=accepted))
    assert status == 404
    assert language in page


def test_a_form_that_is_too_large_is_answered_in_the_browsers_language(street: Street) -> None:
    status, page, _ = run(street.ask("POST", "/sign-up", b"x" * 200_000, accept_language="ru"))
    assert status == 413
    assert RUSSIAN in page


def test_a_links_own_language_comes_first(street: Street) -> None:
    old = link(street.links, Purpose.CONFIRM, days=-1)
    assert RUSSIAN in run(street.ask("GET", f"/l/{old}", accept_language="en"))[1]


def test_who_wants_to_be_erased_is_told_what_stays(street: Street) -> None:
    _, page, _ = run(street.post(f"/p/{link(street.links, Purpose.PREFER)}", act="erase"))
    assert "стираем ваш адрес" in page
    assert street.kept()[0]["chosen"] == {"act": "erase"}


@pytest.mark.parametrize("act", ["", "leave", "erase"])
def test_a_link_that_is_too_old_gets_the_same_farewell_and_keeps_nothing(street: Street, act: str) -> None:
    good = run(street.post(f"/p/{link(street.links, Purpose.PREFER)}", act=act))
    old = run(street.post(f"/p/{link(street.links, Purpose.PREFER, days=-1)}", act=act))
    assert old == good
    assert len(street.kept()) == 1
