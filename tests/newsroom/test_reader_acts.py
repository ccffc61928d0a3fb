"""Whoever looks at a reader's data, erases it or hands it out leaves a line that stays."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from hectograph.newsroom import opener
from hectograph.newsroom.command.main import main
from hectograph.readers import vault
from hectograph.readers.act_row import Act
from hectograph.readers.vault import Vault
from tests.readers.conftest import ADDRESS, Readers

Shown = pytest.CaptureFixture[str]
WHY = ["--reason", "asked by letter of 3 November", "--person", "ines"]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    made = vault.make(tmp_path / "opener", datetime(2026, 11, 24, tzinfo=UTC))
    monkeypatch.setattr(opener, "open_vault", lambda: made)
    return made


@pytest.fixture
def readers(db: None, opened: Vault) -> Readers:
    found = Readers(opened)
    found.confirmed()
    return found


def hecto(monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = ADDRESS) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    return main(["readers", *words])


def test_to_show_a_reader_is_written_down_without_the_address(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    assert hecto(monkeypatch, "show", *WHY) == 0
    held = json.loads(capsys.readouterr().out)
    assert (held["state"], held["newsletters"]) == ("active", {"weekly": "active"})
    assert hecto(monkeypatch, "acts", "--json") == 0
    (act,) = json.loads(capsys.readouterr().out)
    assert (act["person"], act["kind"], act["reason"]) == ("ines", "shown", "asked by letter of 3 November")
    assert act["reader"] == readers.vault.index(ADDRESS)[:8]
    assert "anna" not in json.dumps(act)


def test_to_erase_one_is_written_down_with_the_erasing_or_not_at_all(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hecto(monkeypatch, "erase", *WHY) == 0
    assert readers.one().state == "erased"
    assert Act.objects.get().kind == "erased"


def test_to_hand_out_all_is_written_down(readers: Readers, monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> None:
    assert hecto(monkeypatch, "export", *WHY) == 0
    assert [row["email"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))] == [ADDRESS]
    assert (Act.objects.get().kind, Act.objects.get().reader) == ("exported", "")
    assert hecto(monkeypatch, "acts") == 0
    assert "ines  exported all readers: asked by letter" in capsys.readouterr().out


@pytest.mark.parametrize("reason", [" ", "for anna@example.org", "x" * 201])
def test_a_reason_that_is_none_or_names_somebody_stops_the_act(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, capsys: Shown, reason: str
) -> None:
    for act in ("show", "erase", "export"):
        assert hecto(monkeypatch, act, "--reason", reason) == 1
    assert capsys.readouterr().out == ""
    assert readers.one().state == "active"


def test_who_is_not_here_leaves_no_act(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hecto(monkeypatch, "show", *WHY, typed="nobody@example.org") == 1
    assert not Act.objects.exists()


def test_the_database_refuses_to_change_or_delete_an_act(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    hecto(monkeypatch, "show", *WHY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Act.objects.update(person="nobody")
    with pytest.raises(DatabaseError), transaction.atomic():
        Act.objects.all().delete()
    assert Act.objects.get().person == "ines"
