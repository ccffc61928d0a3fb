"""Mail that comes back: only what bears our MAC counts, once, and no mail stops the run (attack 21)."""

import io
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from hectograph.newsroom import opener
from hectograph.newsroom.access import accounts
from hectograph.newsroom.command.main import main
from hectograph.post import verp
from hectograph.post.reasons import Reason
from hectograph.post.verp import Named
from hectograph.readers import deliverability, returning
from hectograph.readers.bounce_row import Bounce, Standing
from hectograph.readers.deliverability import Fault
from hectograph.readers.intake_state import Tally
from hectograph.readers.outbox import Outbox
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.returns_board import returns
from hectograph.readers.subscriber import Subscriber
from tests.newsroom.cast import Newsroom
from tests.post import returned_mails
from tests.readers.conftest import ADDRESS, NOW, Readers, Relay

GONE = ("5.1.1", "550 5.1.1 User unknown")
FULL = ("5.2.2", "552 5.2.2 Mailbox full")


class Returns:
    """Copies of ADDRESS's that come back."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers
        self.reader = readers.confirmed()
        self.own = verp.key(readers.vault.blind)

    def path(self, edition: int) -> str:
        return verp.return_path(self.own, edition, self.reader.number, "bounce.example")

    def take(self, raw: bytes, edition: int, days: int = 0) -> str:
        """Take in `raw` as the answer to the copy of `edition`."""
        ours = self.path(edition).encode()
        return returning.take(
            self.readers.vault, raw.replace(returned_mails.OURS.encode(), ours), NOW + timedelta(days=days)
        )

    def report(self, edition: int, told: tuple[str, str] = GONE, days: int = 0) -> str:
        return self.take(returned_mails.report(*told), edition, days)

    @property
    def disabled(self) -> bool:
        return Subscriber.objects.get(pk=self.reader.pk).disabled_at is not None


@pytest.fixture
def back(readers: Readers) -> Returns:
    return Returns(readers)


def test_one_hard_report_is_not_enough_and_two_editions_are(back: Returns) -> None:
    assert back.report(1) == "bounce hard"
    assert not back.disabled
    assert back.report(2) == "bounce hard"
    assert back.disabled
    assert Standing.objects.get().reason == "no such mailbox"


def test_the_same_copy_that_comes_back_twice_counts_once(back: Returns) -> None:
    back.report(1)
    assert back.report(1) == "bounce repeated"
    second = returned_mails.report("5.1.1", "550 5.1.1 No such user", text="In other words.")
    assert back.take(second, 1) == "bounce repeated"
    assert Bounce.objects.count() == 1
    assert not back.disabled


def test_the_answer_to_our_own_relays_rcpt_is_enough(back: Returns) -> None:
    fault = Fault(Reason.NO_MAILBOX, "5.1.1", sure=True)
    deliverability.came_back(Named(1, back.reader.number), fault, NOW)
    assert back.disabled


@pytest.mark.parametrize("forge", ["mac", "reader", "key"])
def test_a_forged_return_path_counts_nothing(back: Returns, forge: str) -> None:
    path = back.path(1)
    forged = {
        "mac": path.replace(path.partition("@")[0][-4:], "aaaa"),
        "reader": path.replace(path.split(".")[1][:4], "aaaa"),
        "key": verp.return_path(verp.key(b"another"), 1, back.reader.number, "bounce.example"),
    }[forge]
    raw = returned_mails.report(*GONE).replace(returned_mails.OURS.encode(), forged.encode())
    assert returning.take(back.readers.vault, raw, NOW) == "bounce without a name"
    assert not Bounce.objects.exists()


def test_a_bounce_that_names_the_address_alone_counts_nothing(back: Returns) -> None:
    raw = returned_mails.report(*GONE, to=ADDRESS)
    assert returning.take(back.readers.vault, raw, NOW) == "bounce without a name"
    assert not Bounce.objects.exists()


def test_a_message_id_of_ours_in_what_was_sent_along_is_the_second_key(back: Returns) -> None:
    name = verp.names(back.own, 7, "courier.example", "courier.example")(back.reader.number).message_id.encode()
    raw = returned_mails.report(*GONE).replace(b"<1@newsroom.example>", name)
    assert returning.take(back.readers.vault, raw, NOW) == "bounce hard"
    assert Bounce.objects.get().edition == 7


def test_a_report_without_any_header_of_ours_is_known_by_whom_it_was_sent_to(back: Returns) -> None:
    raw = returned_mails.report(*GONE)
    stripped = raw[: raw.index(b"--limit\nContent-Type: message/rfc822")]
    assert back.take(stripped, 1) == "bounce hard"


def test_a_bounce_of_an_old_edition_counts_for_that_edition(back: Returns) -> None:
    back.report(3)
    back.report(1, days=1)
    assert back.disabled
    assert sorted(Bounce.objects.values_list("edition", flat=True)) == [1, 3]


@pytest.mark.parametrize(
    "raw", [row[1] for row in returned_mails.NO_BOUNCES if row[2] != "leave"],
    ids=[row[0] for row in returned_mails.NO_BOUNCES if row[2] != "leave"],
)  # fmt: skip
def test_what_is_no_bounce_changes_nothing(back: Returns, raw: bytes) -> None:
    back.take(raw, 1)
    assert not Bounce.objects.exists()
    assert back.readers.one().state == "active"


@pytest.mark.parametrize(
    "told", [row[1:3] for row in returned_mails.REPORTS if Reason(row[3]).weight == "ours"],
    ids=[row[0] for row in returned_mails.REPORTS if Reason(row[3]).weight == "ours"],
)  # fmt: skip
def test_what_is_said_of_us_never_counts_against_a_reader(back: Returns, told: tuple[str, str]) -> None:
    for edition in range(1, 8):
        assert back.report(edition, told, days=7 * edition) == "bounce of ours"
    assert not back.disabled
    assert not Outgoing.objects.filter(kind="probe").exists()


def test_soft_ones_lead_to_one_probe_and_only_its_return_disables(back: Returns) -> None:
    for edition in (1, 2, 3):
        back.report(edition, FULL, days=7 * edition)
    assert Outgoing.objects.filter(kind="probe").count() == 1
    assert not back.disabled
    assert back.take(returned_mails.report(*FULL, text="The probe."), 0, days=22) == "bounce soft"
    assert back.disabled


def test_a_probe_that_arrives_clears_the_score(back: Returns) -> None:
    for edition in (1, 2, 3):
        back.report(edition, FULL, days=7 * edition)
    back.report(5, FULL, days=35)
    assert Standing.objects.get().points == 1
    assert not back.disabled


def test_points_are_forgotten_after_thirty_clean_days(back: Returns) -> None:
    for edition in (1, 2, 3, 4):
        back.report(edition, FULL, days=31 * edition)
    assert Standing.objects.get().points == 1
    assert not Outgoing.objects.filter(kind="probe").exists()


def test_a_complaint_unsubscribes_at_once(back: Returns) -> None:
    assert back.take(returned_mails.feedback("abuse"), 1) == "complaint"
    reader = back.readers.one()
    assert reader.state == "unsubscribed"
    assert reader.consents.last().how == "complaint"  # type: ignore[union-attr]
    assert not back.disabled


def test_a_disabled_address_can_be_restored_and_starts_anew(back: Returns) -> None:
    back.report(1)
    back.report(2)
    assert deliverability.restore(back.reader, NOW + timedelta(days=1))
    assert not back.disabled
    back.report(3, days=2)
    assert not back.disabled
    back.report(4, days=3)
    assert back.disabled


def test_who_signs_up_again_and_confirms_is_written_to_again(back: Returns) -> None:
    back.report(1)
    back.report(2)
    assert back.readers.sign_up(at=NOW + timedelta(days=3)) == "requested"
    back.readers.wish(1, back.readers.one().confirm_number, at=NOW + timedelta(days=3))
    assert not back.disabled


def test_a_disabled_address_gets_no_small_mail(back: Returns, post: tuple[Outbox, Relay]) -> None:
    outbox, relay = post
    back.report(1)
    Outgoing.objects.create(subscriber=back.reader, kind="welcome", made=NOW, not_before=NOW)
    back.report(2)
    outbox.send_due(NOW)
    assert relay.taken == []


def test_small_mails_carry_a_return_path_of_their_reader(back: Returns, post: tuple[Outbox, Relay]) -> None:
    outbox, relay = post
    outbox.bounce_domain = "bounce.example"
    senders: list[str] = []
    hand = relay.hand
    relay.hand = lambda sender, to, message: (senders.append(sender), hand(sender, to, message))[1]  # type: ignore[method-assign]
    outbox.send_due(NOW)
    assert set(senders) == {back.path(0)}


# --- leaving by mail --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [row[1] for row in returned_mails.NO_BOUNCES if row[2] == "leave"],
    ids=[row[0] for row in returned_mails.NO_BOUNCES if row[2] == "leave"],
)  # fmt: skip
def test_an_answer_with_the_subject_unsubscribe_leaves(back: Returns, raw: bytes) -> None:
    assert back.take(raw, 4) == "left"
    assert back.readers.one().consents.last().how == "mail"  # type: ignore[union-attr]


def test_a_mail_to_the_leave_address_leaves_whatever_it_says(back: Returns) -> None:
    to = verp.names(back.own, 0, "courier.example", "courier.example")(back.reader.number).leave_address.encode()
    raw = b"From: a@b.example\nTo: " + to + b"\nSubject: hello\n\n"
    assert returning.take(back.readers.vault, raw, NOW) == "left"
    assert returning.take(back.readers.vault, raw + b"once more", NOW) == "left already"


def test_leaving_by_mail_is_leaving_every_newsletter_by_name(back: Returns) -> None:
    back.reader.memberships.create(newsletter="culture", state="active")
    back.reader.memberships.create(newsletter="gossip", state="pending")
    assert deliverability.asked_to_leave(back.reader.number, NOW) == "left"
    assert set(back.reader.memberships.values_list("state", flat=True)) == {"left"}
    withdrawn = back.reader.consents.filter(kind="withdrawn", how="mail").values_list("letter", flat=True)
    assert sorted(withdrawn) == ["culture", "gossip", "weekly"]
    assert not back.reader.mails.filter(state="ready").exists()


def test_a_complaint_ends_every_newsletter(back: Returns) -> None:
    back.reader.memberships.create(newsletter="culture", state="active")
    deliverability.leave(back.reader, NOW, how="complaint")
    assert not back.reader.memberships.exclude(state="left").exists()


def test_a_leave_address_that_is_forged_leaves_nobody(back: Returns) -> None:
    anothers = verp.names(verp.key(b"another"), 0, "courier.example", "courier.example")
    to = anothers(back.reader.number).leave_address.encode()
    returning.take(back.readers.vault, b"From: a@b.example\nTo: " + to + b"\nSubject: unsubscribe\n\n", NOW)
    assert back.readers.one().state == "active"


def test_a_bounce_to_the_leave_address_leaves_nobody(back: Returns) -> None:
    to = verp.names(back.own, 0, "courier.example", "courier.example")(back.reader.number).leave_address.encode()
    raw = returned_mails.report(*GONE).replace(returned_mails.OURS.encode(), to)
    returning.take(back.readers.vault, raw, NOW)
    assert back.readers.one().state == "active"


# --- the folder -------------------------------------------------------------------------------------------------------


def _raw(back: Returns, edition: int) -> bytes:
    return returned_mails.report(*GONE).replace(returned_mails.OURS.encode(), back.path(edition).encode())


def test_a_maildir_and_an_mbox_are_read_and_put_away(back: Returns, tmp_path: Path) -> None:
    maildir, boxes = tmp_path / "maildir", tmp_path / "boxes"
    for folder in (maildir / "new", maildir / "cur", boxes):
        folder.mkdir(parents=True)
    (maildir / "new/1.mail").write_bytes(_raw(back, 1))
    (maildir / "cur/2.mail:2,S").write_bytes(_raw(back, 2))
    (maildir / "dovecot.index").write_bytes(b"the mail server's own")
    (boxes / "box").write_bytes(b"From a Fri\n" + _raw(back, 3) + b"\nFrom b Fri\n" + _raw(back, 4))
    assert returning.take_folder(back.readers.vault, maildir, NOW) == 2
    assert returning.take_folder(back.readers.vault, boxes, NOW) == 2
    assert sorted(Bounce.objects.values_list("edition", flat=True)) == [1, 2, 3, 4]
    assert sorted(path.name for path in (maildir / "done").iterdir()) == ["1.mail", "2.mail:2,S"]
    assert (maildir / "dovecot.index").exists()
    assert returning.take_folder(back.readers.vault, maildir, NOW) == 0


def test_a_mail_that_breaks_us_is_put_aside_and_the_next_one_counts(
    back: Returns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a").write_bytes(b"From: x\nSubject: secret@mail.example\n\n")
    (tmp_path / "b").write_bytes(_raw(back, 1))
    read = returning.bounces.read
    monkeypatch.setattr(returning.bounces, "read", lambda raw: _broken(raw) if b"secret" in raw else read(raw))
    returning.take_folder(back.readers.vault, tmp_path, NOW)
    assert Bounce.objects.count() == 1
    assert (tmp_path / "failed/a").exists()
    assert "@" not in caplog.text


def _broken(raw: bytes) -> None:
    raise ValueError(raw.decode())


def test_a_database_that_fails_leaves_the_mail_where_it_is(
    back: Returns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(_raw(back, 1))
    monkeypatch.setattr(deliverability, "came_back", _no_database)
    with pytest.raises(OperationalError):
        returning.take_folder(back.readers.vault, tmp_path, NOW)
    monkeypatch.undo()
    returning.take_folder(back.readers.vault, tmp_path, NOW)
    assert Bounce.objects.count() == 1


def _no_database(*_: Any) -> None:
    raise OperationalError


def test_bad_mails_do_not_stop_the_run(back: Returns, tmp_path: Path) -> None:
    for number, raw in enumerate((b"", b"\x00\xff" * 5000, b"From ", b"\n\n\n", b"Subject: " + b"=?x?b?" * 9999)):
        (tmp_path / f"a{number}").write_bytes(raw)
    (tmp_path / "big").write_bytes(_raw(back, 1) + b"x" * 10_000_000)
    (tmp_path / "z").write_bytes(_raw(back, 2))
    returning.take_folder(back.readers.vault, tmp_path, NOW)
    assert sorted(Bounce.objects.values_list("edition", flat=True)) == [1, 2]


def test_a_kill_between_the_commit_and_the_move_counts_nothing_twice(
    back: Returns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(_raw(back, 1))
    monkeypatch.setattr(returning, "_put_away", _killed)
    with pytest.raises(KeyboardInterrupt):
        returning.take_folder(back.readers.vault, tmp_path, NOW)
    monkeypatch.undo()
    returning.take_folder(back.readers.vault, tmp_path, NOW)
    assert Bounce.objects.count() == 1
    assert Tally.objects.get(what="bounce hard").count == 1


def _killed(*_: Any) -> None:
    raise KeyboardInterrupt


def test_what_was_put_away_is_removed_after_thirty_days(back: Returns, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(_raw(back, 1))
    returning.take_folder(back.readers.vault, tmp_path, NOW)
    made = (tmp_path / "done/a").stat().st_ctime
    age = timedelta(seconds=made - NOW.timestamp())
    assert returning.forget_done(tmp_path, NOW + age + timedelta(days=29)) == 0
    assert returning.forget_done(tmp_path, NOW + age + timedelta(days=31)) == 1
    assert os.listdir(tmp_path / "done") == []


def test_no_address_is_stored_of_what_came_back(back: Returns) -> None:
    back.take(returned_mails.report(*GONE, to="secret.alias@mail.example"), 1)
    rows = [*Bounce.objects.values(), *Standing.objects.values(), *Tally.objects.values()]
    assert "@" not in str(rows)


# --- the board --------------------------------------------------------------------------------------------------------


def test_the_board_counts_by_reason_and_edition_and_names_nobody(
    back: Returns, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    back.report(1)
    back.report(2)
    back.report(3, ("5.7.1", "550 5.7.1 blocked using zen.spamhaus.org"))
    back.take(returned_mails.feedback("abuse"), 3)
    found = returns(NOW)
    assert [(row.reason, row.kind, row.count) for row in found.reasons] == [
        ("no such mailbox", "hard", 2),
        ("blocked", "ours", 1),
    ]
    assert [(row.edition, row.hard, row.ours, row.complaints) for row in found.editions] == [
        (3, 0, 1, 1),
        (2, 1, 0, 0),
        (1, 1, 0, 0),
    ]
    assert (found.disabled, found.complaints) == ([("no such mailbox", 1)], 1)


def test_staff_and_operators_see_numbers_and_no_address(
    back: Returns, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = back.path(1).encode()
    returning.take(
        back.readers.vault,
        returned_mails.report(*GONE, to=ADDRESS).replace(returned_mails.OURS.encode(), ours),
        timezone.now(),
    )
    accounts.create_staff("ed", "a-long-enough-password", role="editor")
    client = Client()
    client.post("/accounts/login/", {"login": "ed", "password": "a-long-enough-password"})
    page = client.get("/admin/newsroom/readers/").content.decode()
    assert "No such mailbox" in page
    assert main(["bounces", "report"]) == 0
    said = capsys.readouterr().out
    assert "no such mailbox (the address is gone)" in said
    assert ADDRESS not in page + said


def test_an_operator_restores_an_address_with_a_reason(
    back: Returns, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    back.report(1)
    back.report(2)
    monkeypatch.setattr(opener, "open_vault", lambda: back.readers.vault)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{ADDRESS}\n"))
    assert main(["bounces", "restore", "--reason", "asked by mail"]) == 0
    assert not back.disabled
    assert ADDRESS not in capsys.readouterr().out
