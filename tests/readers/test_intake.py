"""Taking in: each envelope counts once, wishes count in order, and nothing is lost silently."""

import secrets
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from hectograph.readers import intake
from hectograph.readers.intake_state import Held, Tally
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.subscriber import Subscriber
from hectograph.sealing.envelope import INTAKE
from hectograph.sealing.seal import seal
from tests.readers.conftest import ADDRESS, NOW, Readers

State = Subscriber.State


def test_a_sign_up_waits_for_confirmation(readers: Readers) -> None:
    assert readers.sign_up(language="ru") == "requested"
    reader = readers.one()
    assert (reader.state, reader.language) == (State.PENDING, "ru")
    assert [mail.kind for mail in reader.mails.all()] == ["confirm"]
    assert [(event.kind, event.text) for event in reader.consents.all()] == [("requested", "v1")]


def test_the_same_envelope_twice_counts_once(readers: Readers) -> None:
    sealed = readers.envelope(kind="sign-up", address=ADDRESS, language="en")
    assert [intake.take(readers.vault, sealed, NOW) for _ in range(3)] == ["requested", "repeated", "repeated"]
    assert Outgoing.objects.count() == 1


def test_one_person_is_one_reader_however_they_write_their_address(readers: Readers) -> None:
    readers.sign_up("Anna.Reader@example.org")
    readers.sign_up("anna.reader@EXAMPLE.org")
    assert Subscriber.objects.count() == 1


def test_a_confirmation_makes_a_reader_and_welcomes_them(readers: Readers) -> None:
    reader = readers.confirmed()
    assert reader.state == State.ACTIVE
    assert [mail.kind for mail in reader.mails.order_by("pk")] == ["confirm", "welcome"]


def test_an_old_confirmation_link_does_not_bring_back_who_left(readers: Readers) -> None:
    readers.sign_up()
    number = readers.one().confirm_number
    readers.wish(1, number)
    readers.wish(2, readers.one().number)
    assert readers.wish(1, number, at=NOW + timedelta(hours=1)) == "confirmed already"
    assert readers.one().state == State.UNSUBSCRIBED


def test_who_left_can_come_back_by_confirming_anew(readers: Readers) -> None:
    reader = readers.confirmed()
    readers.wish(2, reader.number)
    assert readers.sign_up() == "requested"
    assert readers.wish(1, readers.one().confirm_number, at=NOW + timedelta(minutes=1)) == "confirmed"


def test_preferences_are_kept_and_bounded(readers: Readers) -> None:
    reader = readers.confirmed()
    readers.wish(3, reader.number, language="ru", pause="9999")
    reader.refresh_from_db()
    assert reader.language == "ru"
    assert reader.paused_until == NOW.date() + timedelta(weeks=intake.LONGEST_PAUSE)
    readers.wish(3, reader.number, language="xx", pause="-4")
    reader.refresh_from_db()
    assert (reader.language, reader.paused_until) == ("en", None)


def test_what_is_left_as_it_is_stays_as_it_is(readers: Readers) -> None:
    reader = readers.confirmed()
    readers.wish(3, reader.number, language="ru", pause="4")
    readers.wish(3, reader.number)
    reader.refresh_from_db()
    assert (reader.language, reader.paused_until) == ("ru", NOW.date() + timedelta(weeks=4))
    readers.wish(3, reader.number, pause="0")
    reader.refresh_from_db()
    assert (reader.language, reader.paused_until) == ("ru", None)


def test_erasing_leaves_the_keyed_index_and_no_address(readers: Readers) -> None:
    reader = readers.confirmed()
    assert readers.wish(3, reader.number, act="erase") == "erased"
    reader.refresh_from_db()
    assert (reader.state, reader.sealed, reader.language) == (State.ERASED, None, "")
    assert reader.index == readers.vault.index(ADDRESS)
    assert not reader.mails.exists()


def test_one_address_gets_three_confirmations_a_day_at_the_most(readers: Readers) -> None:
    became = [readers.sign_up(at=NOW + timedelta(seconds=n)) for n in range(50)]
    assert became.count("requested") == 3
    assert Tally.objects.get(what="too often").count == 47
    assert readers.sign_up(at=NOW + timedelta(days=2)) == "requested"


def test_all_addresses_together_have_a_cap_and_nobody_is_forgotten(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "CONFIRMATIONS_AN_HOUR", 5)
    for number in range(8):
        readers.sign_up(f"a{number}@example.org")
    assert Outgoing.objects.count() == 5
    assert Subscriber.objects.count() == 8
    assert Tally.objects.get(what="over the hourly cap").count == 3


def test_a_subscriber_who_signs_up_again_is_told_once_a_week(readers: Readers) -> None:
    reader = readers.confirmed()
    for day in (0, 1, 2, 8):
        assert readers.sign_up(at=NOW + timedelta(days=day)) == "subscribed already"
    assert reader.mails.filter(kind="already").count() == 2


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"kind": "else"}', b'{"kind": "sign-up"}', b'"text"', b"\xff"])
def test_what_is_malformed_is_held_and_counted(readers: Readers, payload: bytes) -> None:

    sealed = seal(readers.vault.ring.current(INTAKE).public, payload)
    assert intake.take(readers.vault, sealed, NOW) == "malformed"
    assert bytes(Held.objects.get().sealed) == sealed


@pytest.mark.parametrize("junk", ['"\\ud800"', '"a\\u0000b"', '["\\udfff"]', '{"\\u0000": 1}', "[" * 20_000])
def test_text_that_no_database_takes_is_held_and_stops_nobody_behind_it(readers: Readers, junk: str) -> None:
    payload = '{"kind": "sign-up", "address": "a@example.org", "text": %s}' % junk  # noqa: UP031 (braces)
    sealed = seal(readers.vault.ring.current(INTAKE).public, payload.encode())
    behind = readers.envelope(kind="sign-up", address=ADDRESS, language="en")
    assert intake.take_all(readers.vault, [sealed, behind], NOW) == ["malformed", "requested"]
    assert bytes(Held.objects.get().sealed) == sealed


def test_an_envelope_whose_key_is_missing_is_held(readers: Readers) -> None:

    assert intake.take(readers.vault, seal(secrets.token_bytes(32), b"{}"), NOW) == "key missing"
    assert Held.objects.count() == 1


def test_a_link_that_nobody_has_changes_nothing(readers: Readers) -> None:
    readers.confirmed()
    assert readers.wish(2, "00" * 16) == "unknown link"
    assert readers.one().state == State.ACTIVE


def test_a_request_that_nobody_confirms_is_forgotten_after_a_week(readers: Readers) -> None:
    readers.sign_up()
    intake.forget_old(NOW + timedelta(days=6))
    assert Subscriber.objects.count() == 1
    intake.forget_old(NOW + timedelta(days=8))
    assert Subscriber.objects.count() == 0


def test_many_at_once_become_what_they_would_one_by_one(readers: Readers) -> None:
    active = readers.confirmed("known@example.org")
    sign_ups = [
        readers.envelope(kind="sign-up", address=address, language="ru", text="v1")
        for address in ("a@example.org", "b@example.org", "A@example.org", "known@example.org", "not an address")
    ]
    wish = readers.envelope(kind="wish", purpose=2, number=active.number, chosen={})
    intake.take_all(readers.vault, [*sign_ups, b"junk", sign_ups[0], wish], NOW)
    counts = {row.what: row.count for row in Tally.objects.all()}
    assert counts == {
        "requested": 4,
        "confirmed": 1,
        "subscribed already": 1,
        "malformed": 2,
        "repeated": 1,
        "left": 1,
    }
    assert readers.one("a@example.org").mails.count() == 2
    assert readers.one("b@example.org").language == "ru"
    assert readers.one("known@example.org").state == State.UNSUBSCRIBED
    assert Subscriber.objects.count() == 3


def test_a_rush_stops_at_the_hourly_cap(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CONFIRMATIONS_AN_HOUR", 3)
    rush = [readers.envelope(kind="sign-up", address=f"a{n}@example.org", language="en") for n in range(10)]
    intake.take_all(readers.vault, rush, NOW)
    assert Outgoing.objects.count() == 3
    assert Subscriber.objects.count() == 10


def test_a_rush_costs_no_query_for_each_newcomer(
    readers: Readers, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rush = [readers.envelope(kind="sign-up", address=f"a{n}@example.org", language="en") for n in range(60)]
    with django_assert_max_num_queries(30):
        intake.take_all(readers.vault, rush, NOW)
    assert Subscriber.objects.count() == 60


def test_an_answer_of_a_desk_is_stored_whole_or_not_at_all(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = [readers.envelope(kind="sign-up", address=f"a{n}@example.org", language="en") for n in range(3)]
    monkeypatch.setattr(intake, "count", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        intake.take_all(readers.vault, sealed, NOW)
    assert not Subscriber.objects.exists()
    monkeypatch.undo()
    assert intake.take_all(readers.vault, sealed, NOW) == ["requested"] * 3
