"""The rows keep their contract: in memory, in SQLite, and (with HECTO_TEST_DATABASE=postgresql) in PostgreSQL."""

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from hectograph.errors import Problem
from hectograph.letters import approval, audience, steering
from hectograph.letters.delivery import Delivery
from hectograph.letters.edition import CompiledLetter, Edition
from hectograph.letters.edition import State as EditionState
from hectograph.letters.rows import DeliveryRows, tally
from hectograph.post.memory import MemoryStorage, Row, Shelf
from hectograph.post.outcomes import FINAL, Claim, Outcome, State
from hectograph.post.storage import Order, Storage, Wish
from hectograph.readers.newsletter import Membership
from hectograph.readers.subscriber import Subscriber

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)
COUNT = 25


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def subscribers(count: int) -> None:
    rows = [
        Subscriber(index=f"{n:064x}", sealed=b"sealed %d" % n, number=f"{n:032x}", language="en", state="active")
        for n in range(count)
    ]
    made = Subscriber.objects.bulk_create(rows)
    Membership.objects.bulk_create(Membership(subscriber=row, newsletter="weekly", state="active") for row in made)


def approved(kind: str = "weekly") -> Edition:
    edition = Edition.objects.create(newsletter="weekly", slot=date(2026, 11, 27), kind=kind)
    CompiledLetter.objects.create(edition=edition, language="en", subject="s", head=b"h", body=b"b", sha256="a" * 64)
    approval.approve(edition, 1, NOW, needed=1)
    return edition


def frozen(count: int = COUNT, kind: str = "weekly") -> Edition:
    subscribers(count)
    edition = approved(kind)
    steering.start(edition.pk, "anna")
    audience.freeze(edition.pk, "fence", NOW)
    edition.refresh_from_db()
    return edition


class Kept:
    """A storage under test: workers by number, readers who leave, a clock."""

    def __init__(self, make: Callable[[int], Storage], leave: Callable[[int], None], clock: Clock) -> None:
        self.make, self.leave, self.clock = make, leave, clock


@pytest.fixture(params=["memory", "rows"])
def kept(request: pytest.FixtureRequest, db: None) -> Iterator[Kept]:
    clock = Clock()
    if request.param == "memory":
        shelf = Shelf({n: Row() for n in range(COUNT)}, expires_at=(NOW + timedelta(hours=24)).timestamp())
        yield Kept(lambda worker: MemoryStorage(shelf, worker, lambda: clock().timestamp()), shelf.gone.add, clock)
        return
    edition = frozen()

    def leave(reader: int) -> None:
        Subscriber.objects.filter(pk=reader).update(state="unsubscribed")

    yield Kept(lambda worker: DeliveryRows(edition.pk, worker, clock), leave, clock)


def outcomes(claims: list[Claim], state: State, **more: float) -> list[Outcome]:
    return [Outcome(claim, state, 250, delay=more.get("delay", 0.0)) for claim in claims]


def test_each_reader_is_claimed_once(kept: Kept) -> None:
    one, two = kept.make(1), kept.make(2)
    readers = [claim.reader for storage in (one, two, one, two) for claim in storage.claim(10)]
    assert len(readers) == len(set(readers)) == COUNT
    assert one.claim(10) == two.claim(10) == []


def test_settling_twice_is_settling_once(kept: Kept) -> None:
    storage = kept.make(1)
    claims = storage.claim(10)
    assert storage.settle(outcomes(claims, State.ACCEPTED)) in (10, -1)
    storage.settle(outcomes(claims, State.REJECTED))
    assert storage.tally() == {State.READY: 15, State.ACCEPTED: 10}


def test_an_answer_to_an_older_claim_or_of_another_worker_counts_nothing(kept: Kept) -> None:
    one, two = kept.make(1), kept.make(2)
    old = one.claim(COUNT)
    one.settle(outcomes(old, State.READY))
    again = two.claim(COUNT)
    assert {claim.epoch for claim in again} == {2}
    one.settle(outcomes(old, State.ACCEPTED))
    one.settle(outcomes(again, State.ACCEPTED))
    two.settle(outcomes(old, State.ACCEPTED))
    assert two.tally() == {State.LEASED: COUNT}


def test_who_left_since_is_suppressed_at_the_claim(kept: Kept) -> None:
    storage = kept.make(1)
    claims = storage.claim(COUNT)
    gone = [claim.reader for claim in claims][:7]
    storage.settle(outcomes(claims, State.READY))
    for reader in gone:
        kept.leave(reader)
    assert not {claim.reader for claim in kept.make(2).claim(COUNT)} & set(gone)
    assert storage.tally()[State.SUPPRESSED] == 7


def test_what_is_put_off_comes_again_when_its_time_has_come_and_not_before(kept: Kept) -> None:
    storage = kept.make(1)
    storage.settle(outcomes(storage.claim(COUNT), State.DEFERRED, delay=300))
    assert storage.wake() == COUNT
    assert storage.claim(COUNT) == []
    kept.clock.now += timedelta(seconds=301)
    assert storage.wake() == 0
    assert {claim.attempt for claim in storage.claim(COUNT)} == {1}


def test_what_is_put_off_for_a_day_expires(kept: Kept) -> None:
    storage = kept.make(1)
    storage.settle(outcomes(storage.claim(COUNT), State.DEFERRED, delay=90_000))
    kept.clock.now += timedelta(hours=25)
    assert storage.wake() == 0
    assert storage.tally() == {State.EXPIRED: COUNT}


def test_only_other_workers_rows_are_in_doubt_and_are_judged_by_their_epoch(kept: Kept) -> None:
    one, two = kept.make(1), kept.make(2)
    mine, others = two.claim(5), one.claim(6)
    assert {(lease.reader, lease.worker) for lease in two.in_doubt()} == {(claim.reader, 1) for claim in others}
    two.judge(1, outcomes([*others, *mine], State.UNCERTAIN))
    assert two.tally() == {State.READY: 14, State.LEASED: 5, State.UNCERTAIN: 6}


def test_refusals_that_were_our_fault_are_opened_again(kept: Kept) -> None:
    storage = kept.make(1)
    claims = storage.claim(10)
    storage.settle([*outcomes(claims[:5], State.REJECTED), *outcomes(claims[5:], State.ACCEPTED)])
    assert storage.reopen([claim.reader for claim in claims]) == 5
    assert storage.tally() == {State.READY: 20, State.ACCEPTED: 5}


def test_it_is_done_only_when_everyone_has_a_final_state(kept: Kept) -> None:
    storage = kept.make(1)
    claims = storage.claim(COUNT)
    assert not storage.finish()
    finals = sorted(FINAL)
    storage.settle([Outcome(claim, finals[at % len(finals)]) for at, claim in enumerate(claims[:-1])])
    assert not storage.finish()
    storage.settle(outcomes(claims[-1:], State.UNCERTAIN))
    assert storage.finish()


def test_a_breaker_pauses_until_a_person_resumes(kept: Kept) -> None:
    storage = kept.make(1)
    assert storage.order() == Order(Wish.SEND)
    storage.trip("the relay refuses us")
    assert storage.order().wish is Wish.PAUSE


# --- the tables' own ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_audience_is_active_readers_who_take_mail_now() -> None:
    subscribers(8)
    rows = list(Subscriber.objects.order_by("pk"))
    changes = [
        {"state": "pending"}, {"state": "unsubscribed"}, {"state": "erased"}, {"disabled_at": NOW},
        {"paused_until": date(2026, 11, 28)}, {"paused_until": date(2026, 11, 27)},
    ]  # fmt: skip
    for row, change in zip(rows, changes, strict=False):
        Subscriber.objects.filter(pk=row.pk).update(**change)
    edition = approved()
    steering.start(edition.pk, "anna")
    assert audience.freeze(edition.pk, "fence", NOW) == 3
    expected = {row.pk for row in rows[5:]}
    assert set(Delivery.objects.values_list("subscriber", flat=True)) == expected


@pytest.mark.django_db
def test_a_letter_goes_to_those_of_its_newsletter_alone() -> None:
    subscribers(4)
    places = Membership.objects.order_by("subscriber_id")
    for row, (newsletter, state) in zip(
        places, [("weekly", "active"), ("weekly", "left"), ("culture", "active"), ("weekly", "pending")], strict=True
    ):
        Membership.objects.filter(pk=row.pk).update(newsletter=newsletter, state=state)
    edition = approved()
    steering.start(edition.pk, "anna")
    assert audience.freeze(edition.pk, "fence", NOW) == 1
    assert Delivery.objects.get(edition=edition.pk).subscriber == places[0].subscriber_id


@pytest.mark.django_db
def test_who_left_this_newsletter_and_keeps_another_does_not_get_it() -> None:
    edition = frozen(5)
    Membership.objects.filter(subscriber=Subscriber.objects.all()[0]).update(newsletter="monthly")
    assert len(DeliveryRows(edition.pk, 1, Clock()).claim(10)) == 4
    assert tally(edition.pk)[State.SUPPRESSED] == 1


@pytest.mark.django_db
def test_a_freeze_that_breaks_leaves_nothing_and_the_next_one_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack 2."""
    subscribers(10)
    edition = approved()
    steering.start(edition.pk, "anna")
    with monkeypatch.context() as patch:
        patch.setattr(audience, "_insert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            audience.freeze(edition.pk, "fence", NOW)
    assert Delivery.objects.count() == 0
    assert audience.freeze(edition.pk, "fence", NOW) == 10
    with pytest.raises(Problem):
        audience.freeze(edition.pk, "fence", NOW)
    assert Delivery.objects.count() == 10


@pytest.mark.django_db
def test_what_was_changed_since_its_approval_is_not_sent() -> None:
    subscribers(3)
    edition = approved()
    steering.start(edition.pk, "anna")
    CompiledLetter.objects.update(sha256="b" * 64)
    with pytest.raises(Problem, match="not what was approved"):
        audience.freeze(edition.pk, "fence", NOW)


@pytest.mark.django_db
def test_an_edition_for_nobody_is_a_sentence() -> None:
    edition = approved()
    steering.start(edition.pk, "anna")
    with pytest.raises(Problem, match="Nobody is subscribed"):
        audience.freeze(edition.pk, "fence", NOW)


@pytest.mark.django_db
def test_neighbours_in_the_order_of_sign_up_are_not_neighbours_in_sending() -> None:
    edition = frozen(200)
    order = [claim.reader for claim in DeliveryRows(edition.pk, 1, Clock()).claim(200)]
    assert sum(abs(a - b) == 1 for a, b in itertools.pairwise(order)) < 20


@pytest.mark.django_db
def test_cancelling_leaves_nobody_without_a_state() -> None:
    edition = frozen()
    storage = DeliveryRows(edition.pk, 1, Clock())
    storage.settle(outcomes(storage.claim(5), State.ACCEPTED))
    storage.settle(outcomes(storage.claim(3), State.DEFERRED, delay=300))
    assert steering.cancel(edition.pk, "anna") == 20
    assert storage.order().wish is Wish.CANCEL
    assert tally(edition.pk) == {State.ACCEPTED: 5, State.WITHDRAWN: 20}
    assert steering.report(edition.pk).adds_up


@pytest.mark.django_db
def test_uncertain_readers_are_decided_by_a_named_person() -> None:
    edition = frozen()
    storage = DeliveryRows(edition.pk, 1, Clock())
    storage.settle(outcomes(storage.claim(COUNT), State.UNCERTAIN))
    assert storage.finish()
    with pytest.raises(Problem):
        steering.resolve(edition.pk, "", send_again=True)
    assert steering.resolve(edition.pk, "anna", send_again=True, readers=[Delivery.objects.all()[0].subscriber]) == 1
    assert steering.resolve(edition.pk, "anna", send_again=False) == 24
    edition.refresh_from_db()
    assert edition.state == EditionState.SENDING
    assert tally(edition.pk) == {State.READY: 1, State.ACCEPTED: 24}
    assert [event[1:3] for event in steering.report(edition.pk).events][-1] == ("resolve", "anna")


@pytest.mark.django_db
def test_an_edition_is_not_done_where_readers_are_missing_from_it() -> None:
    edition = frozen()
    storage = DeliveryRows(edition.pk, 1, Clock())
    storage.settle(outcomes(storage.claim(COUNT), State.ACCEPTED))
    Delivery.objects.filter(edition=edition.pk, subscriber=Delivery.objects.all()[0].subscriber).delete()
    assert not storage.finish()


@pytest.mark.django_db
def test_what_a_person_holds_or_ended_is_neither_done_nor_paused_by_the_sender() -> None:
    edition = frozen()
    storage = DeliveryRows(edition.pk, 1, Clock())
    storage.settle(outcomes(storage.claim(COUNT), State.ACCEPTED))
    steering.pause(edition.pk, "anna")
    assert not storage.finish()
    steering.cancel(edition.pk, "anna")
    storage.trip("the relay refuses us")
    edition.refresh_from_db()
    assert (edition.state, edition.needs_person) == (EditionState.CANCELLED, "")


@pytest.mark.django_db
def test_what_is_on_its_way_takes_no_approval_and_a_set_hour_outlives_another_one() -> None:
    edition = approved()
    Edition.objects.update(state=EditionState.SCHEDULED, send_at=NOW)
    approval.approve(edition, 2, NOW, needed=1)
    assert edition.state == EditionState.SCHEDULED
    steering.start(edition.pk, "anna")
    with pytest.raises(Problem, match="on its way"):
        approval.approve(edition, 3, NOW, needed=1)


@pytest.mark.django_db
def test_links_stand_on_no_host_that_was_not_approved() -> None:
    edition = approved()
    with pytest.raises(Problem, match="not approved"):
        steering.stand_on(edition.pk, "elsewhere.example", "anna")


@pytest.mark.django_db
def test_of_a_cancelled_letter_nobody_is_sent_a_copy_again() -> None:
    edition = frozen()
    storage = DeliveryRows(edition.pk, 1, Clock())
    storage.settle(outcomes(storage.claim(5), State.UNCERTAIN))
    steering.cancel(edition.pk, "anna")
    with pytest.raises(Problem, match="was cancelled"):
        steering.resolve(edition.pk, "anna", send_again=True)
    assert tally(edition.pk) == {State.UNCERTAIN: 5, State.WITHDRAWN: 20}
    assert steering.resolve(edition.pk, "anna", send_again=False) == 5


@pytest.mark.django_db
def test_who_approved_stays_on_record_once_the_letter_is_on_its_way() -> None:
    edition = frozen()
    assert not approval.withdraw(edition)
    assert edition.state == EditionState.SENDING
    assert list(edition.approvals.values_list("person", flat=True)) == [1]


@pytest.mark.django_db
def test_a_weekly_letter_steps_aside_for_an_alert() -> None:
    edition = frozen()
    storage = DeliveryRows(edition.pk, 1, Clock())
    assert not storage.order().yields
    alert = approved("alert")
    steering.start(alert.pk, "anna")
    assert storage.order().yields
    assert not DeliveryRows(alert.pk, 1, Clock()).order().yields


@pytest.mark.django_db
def test_a_started_edition_is_not_started_twice() -> None:
    """Attack 11: a double click on "send"."""
    edition = frozen()
    with pytest.raises(Problem):
        steering.start(edition.pk, "boris")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other anyhow")
def test_two_workers_at_once_share_no_reader() -> None:
    edition = frozen(400)
    taken: list[int] = []

    def work(worker: int) -> None:
        storage = DeliveryRows(edition.pk, worker, Clock())
        while claims := storage.claim(7):
            taken.extend(claim.reader for claim in claims)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 400


@pytest.mark.django_db
def test_no_row_of_a_letter_holds_an_address() -> None:
    """Attack 22, for the letter's own tables."""
    frozen()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM letters_delivery")
        assert not any(isinstance(value, str) for row in cursor.fetchall() for value in row)
