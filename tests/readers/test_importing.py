"""Subscribers from elsewhere: consent is kept, doubt means no, and nothing comes in twice."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hectograph.readers import exporting, importing
from hectograph.readers.importing import ImportProblem, Report
from hectograph.readers.newsletter import Newsletter
from hectograph.readers.subscriber import Subscriber
from tests.readers.conftest import NOW, Readers

LEAVE, PREFER = 2, 3
GHOST = """id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels
1,Anna@example.org,,,true,false,,2025-03-01T10:00:00.000Z,,
2,boris@example.org,,,false,false,,2025-03-02T10:00:00.000Z,,
3,not an address,,,true,false,,2025-03-02T10:00:00.000Z,,
4,anna@EXAMPLE.org,,,true,false,,2025-03-02T10:00:00.000Z,,
5,vera@example.org,,,,false,,,,
"""


def bring(readers: Readers, path: Path, *, store: bool = True, columns: dict[str, str] | None = None) -> Report:
    return importing.bring_in(
        readers.vault, path, NOW, columns=columns or {}, language="en", languages=("en", "ru"), store=store
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(GHOST)
    return path


def test_a_dry_run_reports_and_stores_nothing(readers: Readers, file: Path) -> None:
    report = bring(readers, file, store=False)
    assert (report.rows, report.subscribed, report.not_subscribed, report.there_already) == (5, 1, 2, 1)
    assert report.left_out == {"not an address": 1}
    assert report.lines == [4]
    assert not Subscriber.objects.exists()


def test_ghosts_export_comes_in_as_it_is_and_doubt_means_no(readers: Readers, file: Path) -> None:
    bring(readers, file)
    states = {name: readers.one(f"{name}@example.org").state for name in ("anna", "boris", "vera")}
    assert states == {"anna": "active", "boris": "unsubscribed", "vera": "unsubscribed"}
    event = readers.one("anna@example.org").consents.get()
    assert (event.kind, event.how, event.at.date().isoformat()) == ("confirmed", "import", "2025-03-01")


def test_a_second_run_changes_nothing(readers: Readers, file: Path) -> None:
    bring(readers, file)
    again = bring(readers, file)
    assert (again.subscribed, again.not_subscribed, again.there_already) == (0, 0, 4)
    assert Subscriber.objects.count() == 3


def test_who_left_or_was_erased_is_not_brought_back(readers: Readers, file: Path) -> None:
    reader = readers.confirmed("anna@example.org")
    readers.wish(3, reader.number, act="erase")
    bring(readers, file)
    assert readers.one("anna@example.org").state == "erased"


def test_what_is_exported_can_be_imported(readers: Readers, file: Path, tmp_path: Path) -> None:
    bring(readers, file)
    out = tmp_path / "out.csv"
    out.write_text("\n".join(",".join(row) for row in exporting.export(readers.vault)))
    Subscriber.objects.all().delete()
    report = bring(readers, out)
    assert (report.subscribed, report.not_subscribed) == (1, 2)


def _exported(readers: Readers, path: Path) -> list[dict[str, str]]:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(exporting.export(readers.vault))
    with path.open(newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["email"])


def test_newsletters_and_their_consents_go_out_and_come_back(readers: Readers, tmp_path: Path) -> None:
    Newsletter.objects.get_or_create(slug="weekly")
    Newsletter.objects.create(slug="culture", order=1)
    readers.confirmed("anna@example.org")
    both = readers.confirmed("boris@example.org")
    readers.wish(PREFER, both.number, at=NOW + timedelta(days=9), **{"letter-culture": "yes"})
    one = readers.confirmed("vera@example.org")
    readers.wish(PREFER, one.number, **{"letter-culture": "yes", "letter-weekly": "no"})
    left = readers.confirmed("yan@example.org")
    readers.wish(LEAVE, left.number)
    before = _exported(readers, tmp_path / "out.csv")
    Subscriber.objects.all().delete()
    bring(readers, tmp_path / "out.csv")
    after = _exported(readers, tmp_path / "again.csv")
    kept = [{name: row[name] for name in ("email", "subscribed", "language", "newsletters")} for row in after]
    assert kept == [{name: row[name] for name in kept[0]} for row in before]
    assert "culture=2026-12-03T12:00:00+00:00" in after[1]["newsletters"]
    assert after[0]["source"] == "import: link"


def test_a_newsletter_that_is_not_known_here_is_told_of_and_nobodys(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        'email,subscribed,newsletters\nanna@example.org,true,gossip\nboris@example.org,true,"weekly, gossip"\n'
    )
    report = bring(readers, path)
    assert (report.subscribed, report.not_subscribed, report.unknown) == (1, 1, {"gossip": 2})
    assert readers.one("anna@example.org").state == "unsubscribed"
    assert [row.newsletter for row in readers.one("boris@example.org").memberships.all()] == ["weekly"]


def test_a_file_without_addresses_is_refused_with_words(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ImportProblem, match="--column"):
        bring(readers, path)
    with pytest.raises(ImportProblem, match="no column"):
        bring(readers, path, columns={"address": "c"})


@given(st.binary(max_size=2000))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_breaks_it(readers: Readers, tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "junk.csv"
    path.write_bytes(b"email,status\n" + junk)
    bring(readers, path, store=False)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_spreadsheets_of_other_countries_come_in(readers: Readers, tmp_path: Path, separator: str) -> None:
    path = tmp_path / "list.csv"
    rows = [
        "email,status,created_at",
        '"anna@example.org",enabled,2025-03-01',
        "boris@example.org,blocklisted,2025-03-01",
    ]
    path.write_text("\r\n".join(rows).replace(",", separator), encoding="utf-8-sig")
    report = bring(readers, path)
    assert (report.subscribed, report.not_subscribed) == (1, 1)
    assert readers.one("anna@example.org").state == "active"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        ("email,status\nanna@example.org,active\n".encode("utf-16"), "UTF-8"),
        (b"email\x00,status\n", "UTF-8"),
        (b"email,status\n" + b"a" * 200_000, "longer"),
        (b"anna@example.org,active\n", "No column"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    readers: Readers, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(ImportProblem, match=words):
        bring(readers, path)
    assert not Subscriber.objects.exists()


def test_one_broken_line_costs_no_other(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"email,subscribed\nanna@example.org,true\nbo\x00ris@example.org,true\nvera@example.org,true\n")
    report = bring(readers, path)
    assert report.subscribed == 2
    assert sum(report.left_out.values()) == 1
