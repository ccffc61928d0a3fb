"""`hecto doctor --mail` in plain words and as JSON."""

import json
from typing import Any

import pytest

from hectograph.newsroom.command.main import main
from hectograph.post import name_lookups


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], list[str]]:
    """A zone that answers; empty at first."""
    records: dict[tuple[str, str], list[str]] = {}
    monkeypatch.setattr(name_lookups, "ask", lambda name, kind: records.get((name, kind), []))
    return records


def test_it_says_per_record_what_to_put_in_dns(zone: dict[tuple[str, str], list[str]], capsys: Any) -> None:
    assert main(["doctor", "--mail", "courier.example", "--selector", "s1"]) == 1
    said = capsys.readouterr().out
    assert 'courier.example. TXT "v=spf1' in said
    assert "BAD  DMARC" in said


def test_it_is_json_where_that_is_asked(zone: dict[tuple[str, str], list[str]], capsys: Any) -> None:
    zone["courier.example", "TXT"] = ["v=spf1 mx -all"]
    main(["doctor", "--mail", "courier.example", "--json"])
    rows = {row["record"]: row["ok"] for row in json.loads(capsys.readouterr().out)["records"]}
    assert rows["SPF"] is True
    assert rows["DMARC"] is False


def test_without_being_asked_it_asks_nobody(db: None, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    asked: list[str] = []
    monkeypatch.setattr(name_lookups, "ask", lambda name, kind: asked.append(name) or [])
    main(["doctor"])
    assert asked == []
