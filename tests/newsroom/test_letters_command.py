"""`hecto letters`: what an operator types about a letter on its way, and what stands on the screen."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hectograph.letters import approval
from hectograph.letters.delivery import EditionEvent
from hectograph.letters.edition import Edition, State
from hectograph.letters.rows import DeliveryRows
from hectograph.letters.steering import Report
from hectograph.newsroom import fence, sender
from hectograph.newsroom.command import letters_command
from hectograph.newsroom.command.main import main
from hectograph.newsroom.demo import practice, practice_rows
from hectograph.newsroom.demo.crash_letter import Crashes
from hectograph.newsroom.flows import friday
from hectograph.post.outcomes import Outcome
from hectograph.post.outcomes import State as Copy
from hectograph.readers.bounce_row import Bounce
from hectograph.readers.subscriber import Subscriber
from tests.letters.test_rows import approved, frozen, subscribers
from tests.newsroom.cast import Newsroom
from tests.post.test_splice import READER

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
Shown = pytest.CaptureFixture[str]
pytestmark = pytest.mark.django_db


def letters(*words: object) -> int:
    return main(["letters", *map(str, words)])


def state(edition: Edition) -> str:
    edition.refresh_from_db()
    return str(edition.state)


def settled(edition: Edition, *outcomes: tuple[int, Copy, int]) -> None:
    """So many copies in that state, by that answer of the relay."""
    rows = DeliveryRows(edition.pk, 1)
    for count, fate, code in outcomes:
        rows.settle([Outcome(claim, fate, code) for claim in rows.claim(count)])


def test_the_list_shows_where_each_stands_and_what_waits_for_a_person(capsys: Shown) -> None:
    first, second = frozen(2), approved("alert")
    Edition.objects.filter(pk=first.pk).update(needs_person="A desk could not be fetched from.")
    assert letters("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert any(line.split()[0] == str(first.pk) and "sending" in line and "A desk could" in line for line in lines)
    assert any(line.split()[0] == str(second.pk) and "alert" in line and "approved" in line for line in lines)


def test_pause_resume_cancel_and_rate_act_and_say_who(capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "runs", lambda: True)
    edition = frozen(3)
    assert letters("pause", edition.pk, "--person", "ines") == 0
    assert state(edition) == "paused"
    assert letters("resume", edition.pk, "--person", "ines") == 0
    assert state(edition) == "sending"
    assert letters("rate", edition.pk, "12.5", "--person", "ines") == 0
    assert letters("cancel", edition.pk, "--person", "oleg") == 0
    assert (state(edition), edition.rate) == ("cancelled", 12.5)
    acts = list(EditionEvent.objects.filter(edition=edition.pk).exclude(act="start").values_list("act", "person"))
    assert acts == [("pause", "ines"), ("resume", "ines"), ("rate", "ines"), ("cancel", "oleg")]
    assert "3 readers will not get it" in capsys.readouterr().out


def test_what_goes_on_with_no_sender_at_work_is_said(capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "runs", lambda: False)
    edition = frozen(3)
    letters("pause", edition.pk)
    capsys.readouterr()
    assert letters("resume", edition.pk) == 0
    assert "hecto letters send" in capsys.readouterr().out


@pytest.mark.parametrize("act", ["pause", "resume", "cancel", "adopt", "report", "send", "rate", "resolve", "hosts"])
def test_an_edition_that_is_none_is_a_sentence(act: str, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fence, "fence", lambda folder: "here")
    more = {"rate": ["5"], "resolve": ["--sent"]}.get(act, [])
    assert letters(act, 4711, *more) == 1
    said = capsys.readouterr()
    assert "There is no such edition" in said.err
    assert "hecto letters list" in said.err


def test_what_can_not_be_done_now_is_a_sentence_and_changes_nothing(capsys: Shown) -> None:
    edition = approved()
    assert letters("pause", edition.pk) == 1
    assert letters("rate", edition.pk, "-1") == 1
    assert letters("rate", edition.pk, "nan") == 1
    assert state(edition) == "approved"
    assert "This edition is approved" in capsys.readouterr().err


def test_a_draft_is_not_sent(capsys: Shown) -> None:
    edition = approved()
    Edition.objects.filter(pk=edition.pk).update(state=State.DRAFT)
    assert letters("send", edition.pk) == 1
    assert "Approve it first" in capsys.readouterr().err


def test_with_a_sender_at_work_here_send_starts_it_and_leaves_the_carrying_to_that(
    capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "runs", lambda: True)
    subscribers(2)
    edition = approved()
    assert letters("send", edition.pk, "--waive-desks", "--person", "ines") == 0
    assert state(edition) == "freezing"
    assert EditionEvent.objects.filter(edition=edition.pk, act="waive", person="ines").exists()
    assert "sender at work here" in capsys.readouterr().out


def test_the_report_says_what_became_of_everyone_what_came_back_and_how_many_complained(capsys: Shown) -> None:
    edition = frozen(10)
    settled(edition, (6, Copy.ACCEPTED, 250), (2, Copy.REJECTED, 550), (1, Copy.UNCERTAIN, 0))
    readers = list(Subscriber.objects.all()[:3])
    kinds = [("hard", "no such address"), ("soft", "mailbox full"), ("complaint", "spam")]
    Bounce.objects.bulk_create(
        Bounce(edition=edition.pk, subscriber=reader, kind=kind, reason=reason, at=NOW)
        for reader, (kind, reason) in zip(readers, kinds, strict=True)
    )
    assert letters("report", edition.pk, "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert row["counts"] == {"ready": 1, "accepted": 6, "rejected": 2, "uncertain": 1}
    assert (row["frozen"], row["adds_up"], row["codes"]) == (10, True, {"550": 2})
    assert row["came_back"] == {"no such address": 1, "mailbox full": 1}
    assert row["complaints_percent"] == pytest.approx(100 / 6)
    assert letters("report", edition.pk) == 0
    text = capsys.readouterr().out
    for words in ("accepted           6", "the relay said 550: 2", "came back, mailbox full: 1", "16.67 %", "add up"):
        assert words in text
    assert "letters resolve" in text


def test_states_that_do_not_add_up_are_said_so(capsys: Shown) -> None:
    edition = frozen(3)
    Edition.objects.filter(pk=edition.pk).update(frozen_count=4)
    letters("report", edition.pk)
    assert "do NOT add up" in capsys.readouterr().out


@pytest.mark.parametrize(("way", "became"), [("--sent", "accepted"), ("--again", "ready")])
def test_uncertain_readers_are_decided_about(way: str, became: str, capsys: Shown) -> None:
    edition = frozen(3)
    settled(edition, (2, Copy.ACCEPTED, 250), (1, Copy.UNCERTAIN, 0))
    Edition.objects.filter(pk=edition.pk).update(state=State.DONE)
    assert letters("resolve", edition.pk, way, "--person", "ines") == 0
    assert capsys.readouterr().out.startswith("1 readers:")
    letters("report", edition.pk, "--json")
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert counts == ({"accepted": 3} if became == "accepted" else {"ready": 1, "accepted": 2})
    assert state(edition) == ("done" if became == "accepted" else "sending")


def test_to_adopt_makes_it_this_installations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fence, "fence", lambda folder: "here")
    edition = frozen(3)
    assert letters("adopt", edition.pk, "--person", "ines") == 0
    edition.refresh_from_db()
    assert edition.fence == "here"


def test_links_can_stand_on_another_approved_host_without_a_new_approval(newsroom: Newsroom, capsys: Shown) -> None:
    hosts = ("courier.example", "mirror.example", "127.0.0.1:8090")
    edition = Edition.objects.get(pk=practice_rows.edition(replace(practice.letter(), link_hosts=hosts)))
    before = edition.approved_sha256
    assert letters("hosts", edition.pk) == 0
    assert capsys.readouterr().out.splitlines() == ["courier.example  ← links to stories stand here", "mirror.example"]
    assert letters("hosts", edition.pk, "mirror.example", "--person", "ines") == 0
    edition.refresh_from_db()
    assert (edition.approved_sha256, approval.is_what_was_approved(edition)) == (before, True)
    mail = friday._bound(edition)["en"].write(READER).replace(b"=\r\n", b"")
    assert b"https://mirror.example/en/" in mail
    assert b"courier.example/en/" not in mail
    assert EditionEvent.objects.filter(edition=edition.pk, act="host", person="ines", note="mirror.example").exists()


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1:8090"])
def test_a_host_that_was_not_approved_or_where_a_desk_answers_is_refused(
    newsroom: Newsroom, capsys: Shown, host: str
) -> None:
    hosts = ("courier.example", "127.0.0.1:8090")
    edition = practice_rows.edition(replace(practice.letter(), link_hosts=hosts))
    assert letters("hosts", edition, host) == 1
    assert "Approved are: courier.example." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("counts", "codes", "rate", "words"),
    [
        ({"accepted": 1500, "ready": 3000}, {}, 100.0, "sending: 1,500 sent · 3,000 left · 100/s · about 0:30 to go"),
        ({"deferred": 4}, {451: 3, 421: 1, 550: 9}, 0.0, "0 sent · 4 left · 0/s · 4 put off (421: 1, 451: 3)"),
        ({"accepted": 9, "uncertain": 2}, {}, 5.0, "9 sent · 0 left · 5/s · 2 uncertain"),
    ],
)
def test_progress_is_one_line(counts: dict[str, int], codes: dict[int, int], rate: float, words: str) -> None:
    found = Report(1, "sending", sum(counts.values()), counts, codes, "")
    assert words in letters_command.progress(found, rate)


def test_send_and_watch_carry_a_letter_through_a_real_relay(tmp_path: Path) -> None:
    """The command as typed, a sender of its own, and a relay that counts."""
    town = Crashes(tmp_path, 25, 1, show=lambda line: None)
    (tmp_path / "var").mkdir()
    edition = town._python("hectograph.newsroom.demo.practice", "25").split()[-1]
    with town._relay() as port:
        own = {
            "HECTO_RELAY": f"smtp+plain://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.settings",
        }
        command = [sys.executable, "-m", "hectograph.newsroom.command.main", "letters", "send", edition, "--watch"]
        environment = {**os.environ, **town.environment, **own}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Edition {edition} is done. Readers written down: 25." in done.stdout
    assert "accepted          25" in done.stdout
    assert len(set(town.log.read_text().splitlines())) == 25
