"""A copy of the newsroom, keys and all, fetches nothing from a desk until its operator says that the other is gone."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hectograph.desk import configuration
from hectograph.desk.app import Desk
from hectograph.newsroom import fence, opener, vaults
from hectograph.newsroom.command.main import main
from hectograph.newsroom.flows import adopting, desk_calls, desks, subscribe
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
            raise DeskProblem(f"The desk refused ({status}).")
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
