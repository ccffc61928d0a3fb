"""A copy of the newsroom, keys and all, fetches nothing from a desk until its operator says that the other is gone."""

import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from hectograph.desk import configuration
from hectograph.desk.app import Desk
from hectograph.newsroom import fence, health, opener, vaults
from hectograph.newsroom.command.main import main
from hectograph.newsroom.flows import adopting, desk_calls, desks, friday, subscribe
from hectograph.newsroom.flows.desk_calls import DeskProblem
from hectograph.readers import vault
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from tests.loops import run
from tests.newsroom.cast import Newsroom
from tests.newsroom.test_theft import Wire

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Street(Wire):
    """The newsroom's questions to a desk of its own; a refusal is what it is on the wire."""

    def __call__(self, address: str, body: bytes, signature: str) -> tuple[bytes, str]:
        status, text, headers = run(self.ask("/pull", body, {"signature": signature}))
        if status != 200:
            raise desk_calls.refusal(status)
        return text, headers["signature"]

    def sign_up(self, name: str) -> None:
        form = f"address={name}%40example.org&language=en".encode()
        run(self.ask("/sign-up", form, {"content-type": "application/x-www-form-urlencoded"}))


def installed(keys: Path, home: Path) -> Vault:
    """The vault in `keys` as an installation in `home` goes by it."""
    opened = vault.load(keys)
    return replace(opened, puller=fence.puller(opened.puller, keys, home))


@pytest.fixture
def first(newsroom: Newsroom, tmp_path: Path) -> Vault:
    vault.make(tmp_path / "keys", NOW)
    return installed(tmp_path / "keys", tmp_path / "home")


@pytest.fixture
def copy(first: Vault, tmp_path: Path) -> Vault:
    shutil.copytree(tmp_path / "keys", tmp_path / "restored keys")
    return installed(tmp_path / "restored keys", tmp_path / "restored home")


@pytest.fixture
def street(first: Vault, tmp_path: Path) -> Iterator[Street]:
    file = desks.configure(first, tmp_path / "desk", address="http://desk.example", listen="127.0.0.1:1")
    desk = Desk(configuration.read(file))
    yield Street(desk)
    desk.close()


def test_a_copy_with_the_same_keys_takes_no_reader_from_the_first(first: Vault, copy: Vault, street: Street) -> None:
    assert subscribe.pull(first, NOW, ask=street) == 0
    street.sign_up("anna")
    assert subscribe.pull(copy, NOW, ask=street) == 0
    assert "refused" in DeskRow.objects.get().trouble
    assert subscribe.pull(first, NOW, ask=street) == 1
    assert Subscriber.objects.count() == 1


def test_a_copy_that_is_adopted_fetches_and_the_first_is_refused(first: Vault, copy: Vault, street: Street) -> None:
    subscribe.pull(first, NOW, ask=street)
    street.sign_up("anna")
    assert list(adopting.adopt(copy, NOW.replace(hour=13), ask=street)) == [("http://desk.example", "")]
    assert subscribe.pull(copy, NOW, ask=street) == 1
    street.sign_up("boris")
    assert subscribe.pull(first, NOW, ask=street) == 0
    assert subscribe.pull(copy, NOW, ask=street) == 1


def test_the_same_keys_on_another_machine_are_another_copy(
    first: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fence, "_machine", lambda: "another")
    assert installed(tmp_path / "keys", tmp_path / "home").puller != first.puller


def test_an_installation_keeps_its_name(first: Vault, tmp_path: Path) -> None:
    assert installed(tmp_path / "keys", tmp_path / "home").puller == first.puller


def test_the_opener_goes_by_the_installations_name(
    first: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(vaults, "folder", lambda: tmp_path / "keys")
    settings.HECTO_HOME = tmp_path / "home"
    assert opener.open_vault().puller == first.puller


def test_the_command_says_of_each_desk_whether_it_hands_out(
    first: Vault, copy: Vault, street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subscribe.pull(first, NOW, ask=street)
    monkeypatch.setattr(opener, "open_vault", lambda: copy)
    monkeypatch.setattr(adopting.adopt, "__kwdefaults__", {"ask": street})
    assert main(["readers", "adopt"]) == 0
    assert "http://desk.example: hands out to this copy" in capsys.readouterr().out
    monkeypatch.setattr(adopting.adopt, "__kwdefaults__", {"ask": desk_calls.http})
    DeskRow.objects.update(address="http://127.0.0.1:9")
    assert main(["readers", "adopt"]) == 1
    assert "can't be reached" in capsys.readouterr().out


# --- exact copies: the same keys, machine and folder, as a restored snapshot that runs beside the first ---------------


def disk() -> list[DeskRow]:
    """What the newsroom has noted of its desks."""
    return list(DeskRow.objects.all())


def put_back(rows: list[DeskRow]) -> None:
    for row in rows:
        row.save()


def test_an_exact_copy_takes_no_reader_from_the_first_and_both_are_told(first: Vault, street: Street) -> None:
    now = timezone.now()
    subscribe.pull(first, now, ask=street)
    snapshot = disk()
    street.sign_up("anna")
    assert subscribe.pull(first, now, ask=street) == 1
    own = disk()
    street.sign_up("boris")
    put_back(snapshot)
    assert subscribe.pull(first, now, ask=street) == 0
    (copys,) = [finding for finding in health.examine(now) if "refused" in finding.what]
    assert "hecto readers adopt" in copys.what
    put_back(own)
    assert subscribe.pull(first, now, ask=street) == 1
    (firsts,) = [finding for finding in health.examine(now) if "Another copy of this newsroom" in finding.what]
    assert not firsts.ok
    assert friday.desks_out(now - timedelta(hours=1)) == 1  # no letter leaves without somebody who looked


def test_a_newsroom_that_was_put_back_fetches_again_once_it_is_adopted(first: Vault, street: Street) -> None:
    subscribe.pull(first, NOW, ask=street)
    backup = disk()
    for name in ("anna", "boris"):
        street.sign_up(name)
        subscribe.pull(first, NOW, ask=street)
    put_back(backup)
    street.sign_up("vera")
    assert subscribe.pull(first, NOW, ask=street) == 0
    assert list(adopting.adopt(first, NOW.replace(hour=13), ask=street)) == [("http://desk.example", "")]
    assert subscribe.pull(first, NOW.replace(hour=13), ask=street) == 1


def test_a_desk_that_was_put_back_and_counts_anew_loses_nobody(first: Vault, street: Street, tmp_path: Path) -> None:
    subscribe.pull(first, NOW, ask=street)
    spool = tmp_path / "desk" / "spool.sqlite3"
    backup = sqlite3.connect(tmp_path / "backup.sqlite3")
    with closing(sqlite3.connect(spool)) as now:
        now.backup(backup)
    for name in ("anna", "boris"):
        street.sign_up(name)
        subscribe.pull(first, NOW, ask=street)
    with closing(sqlite3.connect(spool)) as now:
        backup.backup(now)
    backup.close()
    street.sign_up("vera")  # by a number that was given to another one before
    assert subscribe.pull(first, NOW, ask=street) == 0
    list(adopting.adopt(first, NOW.replace(hour=13), ask=street))
    assert subscribe.pull(first, NOW.replace(hour=13), ask=street) == 1
    assert Subscriber.objects.count() == 3


def test_an_answer_that_got_lost_and_a_restart_make_no_copy(first: Vault, street: Street) -> None:
    def lost(address: str, body: bytes, signature: str) -> tuple[bytes, str]:
        street(address, body, signature)
        raise DeskProblem("The desk can't be reached.")

    now = timezone.now()
    street.sign_up("anna")
    subscribe.pull(first, now, ask=lost)
    subscribe.pull(first, now, ask=lost)
    assert subscribe.pull(first, now, ask=street) == 1
    assert DeskRow.objects.get().trouble == ""


def test_a_desk_that_moves_to_another_address_goes_on_where_it_was(
    first: Vault, street: Street, tmp_path: Path
) -> None:
    subscribe.pull(first, NOW, ask=street)
    desks.configure(first, tmp_path / "desk", address="http://moved.example", listen="127.0.0.1:1")
    street.sign_up("anna")
    assert subscribe.pull(first, NOW, ask=street) == 1
    assert DeskRow.objects.get().address == "http://moved.example"


def test_a_desk_that_is_configured_again_stays_where_it_is(first: Vault, street: Street, tmp_path: Path) -> None:
    folder, door = tmp_path / "desk", "https://second.example/"
    desks.configure(first, folder, second_door=door)
    file = desks.configure(first, folder)
    assert DeskRow.objects.get().address == "http://desk.example"
    assert tomllib.loads(file.read_text())["listen"] == "127.0.0.1:1"
    assert door in (folder / "pages/en/again.html").read_text()
    DeskRow.objects.all().delete()  # a database from before the desk
    desks.configure(first, folder, second_door="")
    assert DeskRow.objects.get().address == "http://desk.example"
    assert door not in (folder / "pages/en/again.html").read_text()
