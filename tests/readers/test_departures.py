"""A database that was put back from a backup brings nobody back who left since."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from hectograph.errors import Problem
from hectograph.newsroom import sender
from hectograph.newsroom.flows import subscribe
from hectograph.newsroom.opener import Opener
from hectograph.readers import contact, contact_row, departures
from hectograph.readers.contact_row import Contact
from hectograph.readers.departures import Departures, TakenBack
from hectograph.readers.newsletter import Membership, Newsletter
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Consent, Subscriber
from tests.newsroom.cast import Newsroom
from tests.readers.conftest import ADDRESS, NOW, Readers

LEAVE, PREFER = 2, 3
LATER = NOW + timedelta(hours=1)
AFTER = LATER + timedelta(minutes=1)
State = Subscriber.State


@contextmanager
def put_back() -> Iterator[None]:
    """What happens within is lost to the database, as if a backup of before had taken its place."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


@pytest.fixture
def folder(readers: Readers) -> Path:
    return readers.vault.ring.folder.parent


@pytest.fixture
def outside(folder: Path) -> Departures:
    made = Departures(folder)
    assert made.taken_back is None
    made.note(NOW)
    return made


def test_who_left_since_has_left(readers: Readers, folder: Path, outside: Departures) -> None:
    reader = readers.confirmed()
    outside.note(LATER)
    with put_back():
        readers.wish(LEAVE, reader.number, LATER)
        outside.note(AFTER)
    assert readers.one().state == State.ACTIVE
    assert departures.is_put_back(folder)
    assert Departures(folder).taken_back == TakenBack(left=1)
    assert readers.one().state == State.UNSUBSCRIBED
    last = readers.one().consents.last()
    assert last is not None
    assert (last.kind, last.at, last.how) == (Consent.Kind.WITHDRAWN, LATER, departures.HOW)
    assert Departures(folder).taken_back is None


def test_who_was_erased_since_is_erased(readers: Readers, folder: Path, outside: Departures) -> None:
    reader = readers.confirmed()
    with put_back():
        readers.wish(PREFER, reader.number, LATER, act="erase")
        outside.note(AFTER)
    assert readers.one().sealed
    assert Departures(folder).taken_back == TakenBack(erased=1)
    assert (readers.one().state, readers.one().sealed, readers.one().mails.count()) == (State.ERASED, None, 0)


def test_who_left_one_newsletter_keeps_the_other(readers: Readers, folder: Path, outside: Departures) -> None:
    Newsletter.objects.get_or_create(slug="weekly")
    Newsletter.objects.create(slug="culture", order=1)
    reader = readers.confirmed()
    reader.memberships.create(newsletter="culture", state=Membership.State.ACTIVE)
    with put_back():
        readers.wish(PREFER, reader.number, LATER, **{"letter-culture": "no"})
        outside.note(AFTER)
    Departures(folder)
    assert dict(reader.memberships.values_list("newsletter", "state")) == {"weekly": "active", "culture": "left"}
    assert readers.one().state == State.ACTIVE


def test_a_contact_that_was_forgotten_since_is_forgotten_and_the_others_are_kept(
    readers: Readers, folder: Path, outside: Departures
) -> None:
    gone, kept = (contact.keep(readers.vault, ADDRESS, "reminder", "en", AFTER) for _ in range(2))
    outside.note(NOW)
    with put_back():
        contact_row.forget(gone)
        outside.note(AFTER)
    assert Departures(folder).taken_back == TakenBack(contacts=1)
    assert [row.number for row in Contact.objects.all()] == [kept]


def test_a_restart_without_a_backup_changes_nothing(readers: Readers, folder: Path, outside: Departures) -> None:
    readers.confirmed()
    outside.note(AFTER)
    contact.keep(readers.vault, ADDRESS, "plan", "en", AFTER)  # the opener was killed before it noted this one
    assert Departures(folder).taken_back is None
    assert (Contact.objects.count(), readers.one().state) == (1, State.ACTIVE)


def test_what_a_killed_opener_did_not_note_the_next_one_does(
    readers: Readers, folder: Path, outside: Departures
) -> None:
    reader = readers.confirmed()
    with put_back():
        readers.wish(LEAVE, reader.number, LATER)
        Departures(folder).note(AFTER)
    assert Departures(folder).taken_back == TakenBack(left=1)


def test_a_line_that_was_torn_spoils_none_after_it(readers: Readers, folder: Path, outside: Departures) -> None:
    first, second = readers.confirmed(), readers.confirmed("boris@example.org")
    with put_back():
        readers.wish(LEAVE, first.number, LATER)
        outside.note(AFTER)
        with (folder / "departures").open("a") as file:
            file.write("9 9 2026-11-2")
        readers.wish(LEAVE, second.number, AFTER)
        outside.note(AFTER + timedelta(minutes=1))
    assert Departures(folder).taken_back == TakenBack(left=2)


def test_it_can_be_put_back_again_and_again(readers: Readers, folder: Path, outside: Departures) -> None:
    first, second = readers.confirmed(), readers.confirmed("boris@example.org")
    with put_back():
        with put_back():
            readers.wish(LEAVE, first.number, LATER)
            outside.note(AFTER)
        again = Departures(folder)
        readers.wish(LEAVE, second.number, AFTER)
        again.note(AFTER + timedelta(minutes=1))
    assert Departures(folder).taken_back == TakenBack(left=2)
    assert {row.state for row in Subscriber.objects.all()} == {State.UNSUBSCRIBED}


def test_who_leaves_after_it_was_put_back_is_noted_though_lost_rows_had_higher_numbers(
    readers: Readers, folder: Path, outside: Departures
) -> None:
    first, second = readers.confirmed(), readers.confirmed("boris@example.org")
    with put_back():
        for number in range(20):
            readers.confirmed(f"lost{number}@example.org")
        readers.wish(LEAVE, first.number, LATER)
        outside.note(AFTER)
    assert Departures(folder).taken_back == TakenBack(left=1)
    with put_back():
        readers.wish(LEAVE, second.number, AFTER)
        Departures(folder).note(AFTER + timedelta(minutes=1))  # after a restart
    assert Departures(folder).taken_back == TakenBack(left=1)
    assert readers.one("boris@example.org").state == State.UNSUBSCRIBED


def test_no_address_and_no_index_stands_outside(readers: Readers, folder: Path, outside: Departures) -> None:
    reader = readers.confirmed()
    contact.keep(readers.vault, ADDRESS, "plan", "en", AFTER)
    readers.wish(LEAVE, reader.number, LATER)
    outside.note(AFTER)
    for name in ("departures", "contacts"):
        text = (folder / name).read_text()
        assert reader.index not in text
        assert "@" not in text
        assert (folder / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_written_to_after_any_history_who_would_not_be_without_the_backup(
    readers: Readers, folder: Path, outside: Departures, seed: int
) -> None:
    dice, at = random.Random(seed), NOW
    names = [f"reader{number}@example.org" for number in range(4)]
    for name in names:
        readers.confirmed(name)
    outside.note(at)

    def act(at: datetime) -> None:
        reader = readers.one(dice.choice(names))
        if dice.random() < 0.5:
            readers.wish(LEAVE, reader.number, at)
        elif reader.state != State.ERASED:
            readers.wish(PREFER, reader.number, at, act="erase")

    def acts(count: int) -> None:
        nonlocal at
        for _ in range(count):
            at += timedelta(minutes=1)
            act(at)
            if dice.random() < 0.7:
                outside.note(at + timedelta(seconds=10))

    acts(dice.randrange(3))
    with put_back():
        acts(dice.randrange(1, 4))
        outside.note(at + timedelta(seconds=10))
        states = dict(Subscriber.objects.values_list("number", "state"))
    Departures(folder)
    assert dict(Subscriber.objects.values_list("number", "state")) == states


def test_the_opener_takes_them_back_before_it_writes_to_anybody(
    newsroom: Newsroom, readers: Readers, folder: Path, outside: Departures, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = readers.confirmed()
    assert Outgoing.objects.filter(kind="welcome", state="ready").exists()
    with put_back():
        readers.wish(LEAVE, reader.number, LATER)
        outside.note(AFTER)
    sent = list[int]()
    monkeypatch.setattr("hectograph.newsroom.opener.folder", lambda: folder)
    monkeypatch.setattr(subscribe, "pull", lambda *words, **more: 0)
    opener = Opener(readers.vault)
    waiting = Outgoing.objects.filter(state="ready")
    monkeypatch.setattr(opener.outbox, "send_due", lambda now: sent.append(waiting.count()))
    opener.step()
    assert sent == [0]
    assert readers.one().state == State.UNSUBSCRIBED


def test_the_sender_waits_until_the_opener_has(
    readers: Readers, folder: Path, outside: Departures, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reader = readers.confirmed()
    with put_back():
        readers.wish(LEAVE, reader.number, LATER)
        outside.note(AFTER)
    monkeypatch.setattr(sender, "keys", lambda: folder)
    monkeypatch.setattr(sender, "folder", lambda: tmp_path / "post")
    monkeypatch.setattr(sender, "open_vault", lambda: readers.vault)
    with pytest.raises(Problem, match="put back"):
        sender.work()
