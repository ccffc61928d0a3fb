"""Returned mail by way of a desk: posted under the secret address, pulled, and judged like that of the folder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hectograph.desk import configuration
from hectograph.desk.app import Desk
from hectograph.newsroom import opener
from hectograph.newsroom.command.main import main
from hectograph.newsroom.flows import desks, subscribe
from hectograph.post import verp
from hectograph.readers import vault
from hectograph.readers.bounce_row import Bounce
from hectograph.readers.intake_state import Tally
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from tests.loops import run
from tests.newsroom.cast import Newsroom
from tests.newsroom.test_theft import Wire
from tests.post import returned_mails
from tests.readers.conftest import Readers

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def opened(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    made = vault.make(tmp_path / "keys", NOW)
    monkeypatch.setattr(opener, "open_vault", lambda: made)
    return made


@pytest.fixture
def wire(opened: Vault, tmp_path: Path) -> Iterator[Wire]:
    file = desks.configure(opened, tmp_path / "desk", address="http://desk.example", listen="127.0.0.1:1")
    desk = Desk(configuration.read(file))
    yield Wire(desk)
    desk.close()


def door(capsys: pytest.CaptureFixture[str]) -> str:
    """The path that the operator gives to a provider."""
    assert main(["bounces", "door"]) == 0
    address = capsys.readouterr().out.strip()
    assert address.startswith("http://desk.example/returned/")
    return urlsplit(address).path


def test_bounces_and_complaints_count_and_forged_ones_do_not(
    opened: Vault, wire: Wire, capsys: pytest.CaptureFixture[str]
) -> None:
    readers, path = Readers(opened), door(capsys)
    gone, angry = readers.confirmed("anna@example.org"), readers.confirmed("boris@example.org")
    own = verp.key(opened.blind)
    report, complaint = returned_mails.report("5.1.1", "550 5.1.1 User unknown"), returned_mails.feedback("abuse")
    mails = [
        report.replace(returned_mails.OURS.encode(), verp.return_path(own, 1, gone.number, "b.example").encode()),
        complaint.replace(returned_mails.OURS.encode(), verp.return_path(own, 1, angry.number, "b.example").encode()),
        report.replace(returned_mails.OURS.encode(), verp.return_path(b"x" * 32, 1, gone.number, "b.example").encode()),
    ]
    for mail in mails:
        assert run(wire.ask(path, mail, {"content-type": "message/rfc822"}))[0] == 200
    assert subscribe.pull(opened, NOW, ask=wire) == 3
    assert sorted(Bounce.objects.values_list("kind", flat=True)) == ["complaint", "hard"]
    assert Subscriber.objects.get(pk=angry.pk).state == "unsubscribed"
    assert Tally.objects.get(what="returned mail posted").count == 3
    assert Tally.objects.get(what="bounce without a name").count == 1


def test_a_mail_that_is_posted_twice_counts_once(opened: Vault, wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    reader, path = Readers(opened).confirmed("anna@example.org"), door(capsys)
    ours = verp.return_path(verp.key(opened.blind), 1, reader.number, "b.example").encode()
    mail = returned_mails.report("5.1.1", "550 5.1.1 gone").replace(returned_mails.OURS.encode(), ours)
    for _ in range(2):
        run(wire.ask(path, mail, {}))
    subscribe.pull(opened, NOW, ask=wire)
    assert Bounce.objects.count() == 1
