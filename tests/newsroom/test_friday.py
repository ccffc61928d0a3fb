"""Friday: what starts a letter, what holds it back, and who may send it."""

import asyncio
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connections

from hectograph.errors import Problem
from hectograph.letters import steering
from hectograph.letters.delivery import Delivery, EditionEvent
from hectograph.letters.edition import Edition, State
from hectograph.letters.rows import DeliveryRows, tally
from hectograph.newsroom import fence
from hectograph.newsroom.flows import friday
from hectograph.newsroom.flows.friday import Office
from hectograph.newsroom.flows.refusals import Refusals
from hectograph.post.engine import End
from hectograph.post.outcomes import Outcome
from hectograph.post.outcomes import State as Copy
from hectograph.readers import tallies
from hectograph.readers.bounce_row import Bounce
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.subscriber import Subscriber
from tests.letters.test_rows import approved, frozen, subscribers
from tests.loops import run

NOW = datetime.now(UTC)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(cast(Any, SimpleNamespace()), b"own", "here", tmp_path / "post", tmp_path / "sent")


def scheduled(late: timedelta, kind: str = "weekly") -> Edition:
    edition = approved(kind)
    Edition.objects.filter(pk=edition.pk).update(state=State.SCHEDULED, send_at=NOW - late)
    edition.refresh_from_db()
    return edition


@pytest.mark.django_db
def test_a_scheduled_letter_begins_when_it_is_due_and_not_before() -> None:
    edition = scheduled(timedelta(minutes=-1))
    assert friday.next_edition(NOW) is None
    assert friday.next_edition(NOW + timedelta(minutes=2)) == edition


@pytest.mark.django_db
def test_one_more_than_six_hours_late_waits_for_a_person() -> None:
    edition = scheduled(timedelta(hours=6, minutes=1))
    assert friday.next_edition(NOW) is None
    edition.refresh_from_db()
    assert edition.state == State.SCHEDULED
    assert "six hours late" in edition.needs_person
    steering.start(edition.pk, "anna")
    assert friday.next_edition(NOW) == edition


@pytest.mark.django_db
def test_an_alert_goes_first() -> None:
    scheduled(timedelta(minutes=2))
    alert = scheduled(timedelta(minutes=1), "alert")
    assert friday.next_edition(NOW) == alert


@pytest.mark.django_db
def test_a_desk_that_was_not_fetched_from_stops_the_start(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(friday, "DESKS_WITHIN", 0.1)
    subscribers(3)
    DeskRow.objects.create(address="https://desk.example", public="00", fetched_at=NOW, trouble="can't be reached")
    edition = approved()
    steering.start(edition.pk, "anna")
    edition.refresh_from_db()
    assert not friday.prepare(office, edition)
    edition.refresh_from_db()
    assert edition.state == State.SCHEDULED
    assert "could not be fetched from" in edition.needs_person
    steering.start(edition.pk, "boris", waive_desks=True)
    edition.refresh_from_db()
    assert friday.prepare(office, edition)
    edition.refresh_from_db()
    assert (edition.state, edition.frozen_count) == (State.SENDING, 3)
    assert EditionEvent.objects.filter(edition=edition.pk, act="waive", person="boris").exists()


@pytest.mark.django_db(transaction=True)
def test_it_waits_until_the_opener_has_fetched_from_every_desk(office: Office) -> None:
    subscribers(3)
    desk = DeskRow.objects.create(address="https://desk.example", public="00", fetched_at=NOW - timedelta(hours=1))
    edition = approved()
    steering.start(edition.pk, "anna")
    edition.refresh_from_db()
    opener = threading.Timer(
        0.4, DeskRow.objects.filter(pk=desk.pk).update, kwargs={"fetched_at": NOW + timedelta(days=1)}
    )
    opener.start()
    assert friday.prepare(office, edition)
    opener.join()


@pytest.mark.django_db
def test_a_clone_does_not_send_what_another_installation_began(office: Office) -> None:
    """Attack 13."""
    edition = frozen(3)
    assert not friday.prepare(office, edition)
    edition.refresh_from_db()
    assert edition.state == State.PAUSED
    steering.adopt(edition.pk, "here", "anna")
    steering.resume(edition.pk, "anna")
    edition.refresh_from_db()
    assert friday.prepare(office, edition)


@pytest.mark.django_db
def test_a_database_put_back_to_an_earlier_state_sends_nothing(office: Office) -> None:
    """Attack 13: those who have it already are READY in it."""
    edition = frozen(5)
    rows = fence.WitnessedRows(edition.pk, 1)
    rows.witness = fence.Witness(office.witnesses, edition.pk)
    rows.settle([Outcome(claim, Copy.ACCEPTED, 250) for claim in rows.claim(5)])
    Delivery.objects.filter(edition=edition.pk).update(state=Copy.READY)
    with pytest.raises(Problem, match="older than the letter"):
        friday.set_out(office, edition, Refusals())


@pytest.mark.django_db
def test_many_bounces_pause_the_letter() -> None:
    edition = frozen(300)
    rows = DeliveryRows(edition.pk, 1)
    rows.settle([Outcome(claim, Copy.ACCEPTED, 250) for claim in rows.claim(290)])
    back = [
        Bounce(edition=edition.pk, subscriber=reader, kind="hard", reason="x", at=NOW)
        for reader in Subscriber.objects.all()[:20]
    ]
    Bounce.objects.bulk_create(back)
    friday.watch_over(edition)
    edition.refresh_from_db()
    assert edition.state == State.PAUSED
    assert "came back" in edition.needs_person


@pytest.mark.django_db
@pytest.mark.parametrize(("complaints", "state"), [(1, State.SENDING), (2, State.PAUSED)])
def test_a_second_complaint_pauses_the_letter(complaints: int, state: str) -> None:
    edition = frozen(300)
    rows = DeliveryRows(edition.pk, 1)
    rows.settle([Outcome(claim, Copy.ACCEPTED, 250) for claim in rows.claim(290)])
    for reader in Subscriber.objects.all()[:complaints]:
        Bounce.objects.create(edition=edition.pk, subscriber=reader, kind="complaint", reason="x", at=NOW)
    friday.watch_over(edition)
    edition.refresh_from_db()
    assert edition.state == state


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "out"),
    [
        ({}, 0),
        ({"fetched_at": None}, 1),
        ({"fetched_at": NOW - timedelta(seconds=1)}, 1),
        ({"trouble": "can't be reached"}, 1),
        ({"waiting": 3}, 1),
    ],
)
def test_a_desk_is_fetched_from_when_all_of_it_came_since_then(changes: dict[str, Any], out: int) -> None:
    DeskRow.objects.create(**{"address": "https://desk.example", "public": "00", "fetched_at": NOW, **changes})
    assert friday.desks_out(NOW) == out


@pytest.mark.django_db
def test_a_desk_that_is_silent_for_an_hour_while_it_is_sent_is_noted_once_an_hour() -> None:
    edition = frozen(3)
    desk = DeskRow.objects.create(address="https://desk.example", public="00", fetched_at=NOW)
    noted = EditionEvent.objects.filter(edition=edition.pk, act="desks")
    friday.watch_over(edition)
    assert not noted.exists()
    DeskRow.objects.filter(pk=desk.pk).update(fetched_at=NOW - timedelta(hours=2))
    friday.watch_over(edition)
    friday.watch_over(edition)
    assert [event.note for event in noted] == ["1 desk(s) silent for an hour"]


@pytest.mark.django_db
def test_a_stored_letter_that_is_damaged_is_not_sent() -> None:
    edition = frozen(3)  # its digest is none of these bytes
    with pytest.raises(Problem, match="damaged"):
        friday._bound(edition)


@pytest.mark.django_db
def test_of_a_cancelled_letter_what_the_sender_let_go_of_is_withdrawn() -> None:
    edition = frozen(3)
    friday.end_of(edition, End.PAUSED, Refusals())
    assert tally(edition.pk) == {Copy.READY: 3}
    friday.end_of(edition, End.CANCELLED, Refusals())
    assert tally(edition.pk) == {Copy.WITHDRAWN: 3}


def test_of_a_daily_limit_and_a_warm_up_the_lower_one_counts(settings: Any) -> None:
    settings.HECTO_SEND_DAILY, settings.HECTO_SEND_WARM_UP = 700, NOW.date().isoformat()
    settings.HECTO_RELAY_SMALL = "smtp://other.example"
    limits = [friday._throttle(NOW.date() + timedelta(days=day))._long[1].limit for day in (0, 1, 20)]
    assert limits == [500, 700, 700]


def test_an_instance_is_known_by_its_file_and_its_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = fence.fence(tmp_path)
    assert fence.fence(tmp_path) == one
    monkeypatch.setattr(fence, "_machine", lambda: "another")
    assert fence.fence(tmp_path) != one


def test_the_sender_loads_neither_wagtail_nor_stories() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'hectograph.newsroom.sender_settings'\n"
        "import django; django.setup(); import hectograph.newsroom.sender\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'wagtail' or 'hectograph.stories' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("other_relay", "room"), [("", 7), ("smtp://other.example", 0)])
def test_a_letter_makes_room_for_the_small_mails_that_go_to_its_relay(
    settings: Any, monkeypatch: pytest.MonkeyPatch, other_relay: str, room: int
) -> None:
    settings.HECTO_RELAY_SMALL, settings.HECTO_SEND_HOURLY = other_relay, 1000
    monkeypatch.setattr(friday, "_LOOK_EVERY", 0.01)
    throttle = friday._throttle(NOW.date())
    tallies.count("mail accepted", NOW, 100)
    made: list[int] = []
    monkeypatch.setattr(throttle, "elsewhere", made.append)

    async def go() -> None:
        beside = asyncio.create_task(friday._make_room(throttle))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(tallies.count, "mail accepted", NOW, 4)
        await asyncio.to_thread(tallies.count, "mail uncertain", NOW, 3)
        while sum(made) < room:
            await asyncio.sleep(0.01)
        beside.cancel()
        await asyncio.to_thread(connections.close_all)

    run(go())
    assert sum(made) == room
    assert throttle._long[0].limit == (1000 if other_relay else 950)
