"""Floods at their stated counts, through a desk and its spool on disk, the intake, and a relay that counts."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from hectograph.desk import configuration
from hectograph.desk.app import Desk
from hectograph.newsroom import health
from hectograph.newsroom.flows import desks, subscribe
from hectograph.post import relay
from hectograph.readers import intake, newcomers, outbox, vault
from hectograph.readers.intake_state import Tally
from hectograph.readers.outbox import Outbox
from hectograph.readers.outbox_row import Outgoing
from hectograph.readers.small_mail import House
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from tests.loops import run
from tests.newsroom.cast import Newsroom
from tests.newsroom.test_theft import Wire
from tests.readers.conftest import Relay

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
VICTIM = "anna.reader@example.org"
FORM = {"content-type": "application/x-www-form-urlencoded"}
counts = pytest.mark.parametrize("count", [40, pytest.param(10_000, marks=pytest.mark.soak)])


class Town:
    """A newsroom with one desk, whose clients are all distinct, and a relay."""

    def __init__(self, opened: Vault, desk: Desk) -> None:
        self.vault, self.wire, self.relay = opened, Wire(desk), Relay()
        house = House("The Courier", "https://links.example", "https://courier.example/how.html")
        self.outbox = Outbox(opened, relay.Relay("x", 25, "none"), "letter@courier.example", lambda language: house)

    def flood(self, addresses: list[str]) -> Counter[int]:
        """All of them sign up, many at once; answers by their status."""

        async def some(part: list[str]) -> list[int]:
            bodies = [f"address={quote(one)}&language=en&after=9".encode() for one in part]
            return [reply[0] for reply in await asyncio.gather(*(self.wire.ask("/sign-up", b, FORM) for b in bodies))]

        async def all_of_them() -> Counter[int]:
            found = Counter[int]()
            for start in range(0, len(addresses), 1000):
                found.update(await some(addresses[start : start + 1000]))
            return found

        return run(all_of_them())

    def pull(self, now: datetime = NOW) -> int:
        came = subscribe.pull(self.vault, now, ask=self.wire)
        while self.outbox.send_due(now):
            pass
        return came


@pytest.fixture
def town(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    opened = vault.make(tmp_path / "keys", NOW)
    file = desks.configure(opened, tmp_path / "desk", address="http://desk.example", listen="127.0.0.1:1")
    file.write_text(file.read_text() + "[limits]\nper_client = 0\n")
    desk = Desk(configuration.read(file))
    town = Town(opened, desk)
    monkeypatch.setattr(outbox, "connect", lambda _: town.relay)
    yield town
    desk.close()


@counts
def test_one_victim_gets_three_mails_a_day_however_many_sign_it_up(town: Town, count: int) -> None:
    assert town.flood([VICTIM] * count) == {200: count}
    assert town.pull() == count
    assert Counter(to for to, _ in town.relay.taken) == {VICTIM: intake.CONFIRMATIONS_A_DAY}
    assert Tally.objects.get(what="too often").count == count - intake.CONFIRMATIONS_A_DAY
    assert Subscriber.objects.count() == 1


@counts
def test_of_many_victims_the_cap_lets_some_be_asked_keeps_all_and_tells_the_newsroom(
    town: Town, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cap = min(intake.CONFIRMATIONS_AN_HOUR, count // 2)
    monkeypatch.setattr(intake, "CONFIRMATIONS_AN_HOUR", cap)
    assert town.flood([f"victim{number}@example.org" for number in range(count)]) == {200: count}
    assert town.pull() == count
    assert len(town.relay.taken) == len({to for to, _ in town.relay.taken}) == cap
    assert Subscriber.objects.count() == count
    (told,) = [finding for finding in health.examine(NOW) if "too many came at once" in finding.what]
    assert not told.ok
    assert told.what.startswith(f"{count - cap} sign-ups")


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_was_years_off_shuts_nobody_out_once_it_is_right(
    town: Town, years: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "CONFIRMATIONS_AN_HOUR", 5)
    wrong = NOW + timedelta(days=365 * years)
    town.flood([VICTIM] * 5 + [f"victim{number}@example.org" for number in range(9)])
    town.pull(wrong)
    before = len(town.relay.taken)
    town.flood([VICTIM, "somebody@example.org"])
    town.pull()
    assert [to for to, _ in town.relay.taken[before:]] == ["somebody@example.org", VICTIM]
    assert newcomers.confirmations(None, NOW) == 2
    assert not Outgoing.objects.filter(state="ready").exists()
