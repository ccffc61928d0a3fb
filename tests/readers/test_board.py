"""What staff see: counts, never who."""

import pytest
from django.test import Client

from hectograph.newsroom import health
from hectograph.newsroom.access import accounts
from hectograph.readers import intake
from hectograph.readers.board import board, by_newsletter
from hectograph.readers.desk_row import DeskRow
from tests.newsroom.cast import Newsroom
from tests.readers.conftest import ADDRESS, NOW, Readers


def test_the_funnel_counts_each_step(readers: Readers) -> None:
    readers.confirmed()
    readers.sign_up("other@example.org")
    found = board(NOW)
    assert (found.active, found.pending) == (1, 1)
    assert [(step.name, step.count) for step in found.funnel][:3] == [
        ("Forms sent", 2),
        ("Confirmation mails asked for", 2),
        ("Confirmed", 1),
    ]


def test_the_board_of_an_empty_newsroom_stands(db: None) -> None:
    assert board(NOW).active == 0


def test_staff_see_counts_and_no_address(newsroom: Newsroom, readers: Readers) -> None:
    readers.confirmed()
    accounts.create_staff("ed", "a-long-enough-password", role="editor")
    client = Client()
    client.post("/accounts/login/", {"login": "ed", "password": "a-long-enough-password"})
    page = client.get("/admin/newsroom/readers/").content.decode()
    assert "Readers of the letter" in page
    assert ADDRESS not in page


def test_a_silent_desk_and_a_flood_are_alarms(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    DeskRow.objects.create(address="http://desk.example", public="00" * 32)
    monkeypatch.setattr(intake, "CONFIRMATIONS_AN_HOUR", 0)
    readers.sign_up()
    bad = [finding.what for finding in health.examine(NOW) if not finding.ok]
    assert any("desk.example" in what for what in bad)
    assert any("got no mail" in what for what in bad)


def test_each_newsletter_counts_its_own_readers(readers: Readers) -> None:
    for address in ("a@example.org", "b@example.org", "c@example.org"):
        readers.confirmed(address)
    readers.sign_up("d@example.org")
    (weekly,) = by_newsletter()
    assert (weekly.slug, weekly.active, weekly.pending) == ("weekly", 3, 1)
