"""A resolver that a stranger can make slow is asked while no lock is held, and only about those who asked for mail."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hectograph.desk.sealed_words import sealed
from hectograph.newsroom.flows import subscribe, watched_hosts
from hectograph.post.mail_hosts import MailHosts
from hectograph.readers import contact
from hectograph.readers import vault as vaults
from hectograph.readers.contact_row import Contact
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.vault import Vault
from hectograph.sealing.envelope import INTAKE
from hectograph.support.telling import Telling
from tests.newsroom.test_live_calls import AnsweringDesk

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
Asked = list[tuple[str, bool]]  # a domain, and whether a transaction was open


@pytest.fixture
def opened(tmp_path: Path) -> Vault:
    return vaults.make(tmp_path / "opener", NOW)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Asked:
    settings.HECTO_LOOK_UP_MX = True
    found: Asked = []

    def ask(name: str, kind: str) -> list[str]:
        found.append((name, connection.in_atomic_block))
        return ["10 mx.yandex.net."] if name == "paper.example" else []

    monkeypatch.setattr(watched_hosts, "_KNOWN", MailHosts(ask))
    return found


def give(domain: str, number: int = 1) -> dict[str, Any]:
    """A press for a monthly plan."""
    words = {"kind": "give", "id": f"{number}" * 22, "intent": f"{number}" * 32, "frequency": "monthly", "minor": 500}
    words |= {"currency": "EUR", "language": "en", "appeal": "", "method": "card", "token": "ctoken_12345"}
    return words | {"email": f"giver@{domain}", "caution": False, "until": int(NOW.timestamp()) + 120}


def remind(domain: str) -> dict[str, Any]:
    return {"kind": "remind", "address": f"giver@{domain}", "month": "2027-01", "language": "en"}


@pytest.mark.parametrize("words", [give, remind])
def test_who_takes_a_domain_s_mail_is_asked_before_any_transaction_and_once(
    opened: Vault, asked: Asked, words: Callable[[str], dict[str, Any]]
) -> None:
    come(opened, words("free.example"))
    assert asked == [("free.example", False)]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("words", [give, remind])
def test_what_was_found_out_counts_when_the_envelope_is_taken_in(
    opened: Vault, asked: Asked, words: Callable[[str], dict[str, Any]]
) -> None:
    come(opened, words("paper.example"))
    assert asked == [("paper.example", False)]
    assert not Contact.objects.exists()
    assert [row.words for row in Telling.objects.all()] == ([{"reason": "watched"}] if words is give else [])


def test_nobody_is_asked_about_a_subscriber_or_about_what_is_no_address(opened: Vault, asked: Asked) -> None:
    sign_up = {"kind": "sign-up", "address": "reader@free.example", "language": "en"}
    for words in (sign_up, give("nowhere at all"), remind("mail.ru"), {"kind": ["give"]}, {"kind": "remind"}):
        come(opened, words)
    assert asked == []


def test_keeping_an_address_asks_nobody(opened: Vault, asked: Asked) -> None:
    assert contact.keep(opened, "giver@paper.example", "plan", "en", NOW)  # and none is written there, later
    assert asked == []


def come(opened: Vault, words: dict[str, Any]) -> None:
    DeskRow.objects.all().delete()
    envelope = sealed(opened.ring.current(INTAKE).public, words)
    desk = AnsweringDesk(live=[envelope]) if words["kind"] == "give" else AnsweringDesk()
    desk.kept = [] if words["kind"] == "give" else [envelope]
    subscribe.pull(opened, NOW, ask=desk)
