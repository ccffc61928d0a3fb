"""A process that died is seen: by the doctor, and on the admin's home."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client
from django.utils import timezone

from hectograph.letters.edition import Edition, State
from hectograph.newsroom import checks, ending, health, heartbeat, sender
from hectograph.newsroom.access import accounts
from hectograph.newsroom.flows import friday, subscribe
from hectograph.newsroom.flows.friday import Office
from hectograph.newsroom.opener import Opener
from hectograph.newsroom.sender import Sender
from hectograph.readers import vault
from hectograph.readers.desk_row import DeskRow
from tests.letters.test_rows import approved, subscribers
from tests.newsroom.cast import Newsroom
from tests.process import Home

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What other tests did is no sign of life here."""
    heartbeat._last.clear()
    yield
    heartbeat._last.clear()


def bad(now: datetime, who: str) -> list[health.Finding]:
    return [found for found in health.examine(now) if not found.ok and found.what.startswith(f"The {who} is not")]


@pytest.mark.parametrize("who", [heartbeat.OPENER, heartbeat.SENDER])
def test_one_that_is_silent_for_a_minute_is_told_with_what_to_type(newsroom: Newsroom, who: str) -> None:
    subscribers(1)
    DeskRow.objects.create(address="https://desk.example", public="00", fetched_at=NOW)
    (never,) = bad(NOW, who)
    assert "never was" in never.what
    heartbeat.beat(NOW, who)
    assert not bad(NOW + timedelta(seconds=50), who)
    (silent,) = bad(NOW + timedelta(seconds=70), who)
    assert "since 2026-11-24 12:00 UTC" in silent.what
    assert silent.remedy.startswith("hecto ")


def test_a_newsroom_that_has_no_readers_yet_wants_neither(newsroom: Newsroom) -> None:
    assert not bad(NOW, heartbeat.OPENER) + bad(NOW, heartbeat.SENDER)


def test_the_admins_home_tells_it(newsroom: Newsroom) -> None:
    subscribers(1)
    accounts.create_staff("op", "a-long-enough-password", role="operator")
    client = Client()
    client.post("/accounts/login/", {"login": "op", "password": "a-long-enough-password"})
    page = client.get("/admin/").content.decode()
    assert "The opener is not running" in page
    assert "<code>hecto letters work</code>" in page


def test_the_opener_gives_signs_of_life(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribe, "pull", lambda *words, **more: 0)
    Opener(vault.make(tmp_path / "keys", NOW)).step()
    assert heartbeat.is_alive(timezone.now(), heartbeat.OPENER)


def _sender(tmp_path: Path) -> Sender:
    return Sender(Office(cast(Any, SimpleNamespace()), b"own", "here", tmp_path / "post", tmp_path / "sent"))


@pytest.mark.django_db
def test_the_sender_gives_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _sender(tmp_path)
    monkeypatch.setattr(ending, "listen", lambda stop: None)
    monkeypatch.setattr(friday, "next_edition", lambda now: made.stop())
    monkeypatch.setattr(sender, "_PAUSE", 0)
    made.run()
    assert heartbeat.is_alive(timezone.now(), heartbeat.SENDER)


@pytest.mark.django_db
def test_a_sender_that_is_ended_while_it_waits_for_a_desk_asks_nobody(tmp_path: Path) -> None:
    """The next one begins anew: to restart it must not cost the readers their letter."""
    subscribers(1)
    DeskRow.objects.create(address="https://desk.example", public="00")
    edition = approved()
    Edition.objects.filter(pk=edition.pk).update(state=State.FREEZING)
    edition.refresh_from_db()
    made = _sender(tmp_path)
    made.stop()
    assert not friday.prepare(made.office, edition)
    edition.refresh_from_db()
    assert (edition.state, edition.needs_person) == (State.FREEZING, "")


@pytest.mark.django_db
def test_whether_a_sender_of_another_account_runs_is_told_by_its_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """With HECTO_OPENER_USER its folder is closed to who types `hecto letters send`."""

    def closed() -> None:
        raise PermissionError(13, "Permission denied", "post/sender.lock")

    monkeypatch.setattr(sender, "only_sender", closed)
    assert not sender.runs()
    heartbeat.beat(timezone.now(), heartbeat.SENDER)
    assert sender.runs()


def test_a_letter_that_waits_for_a_person_is_told(newsroom: Newsroom) -> None:
    edition = approved()
    Edition.objects.filter(pk=edition.pk).update(needs_person="A desk could not be fetched from.")
    (found,) = [found for found in health.examine(NOW) if "waits for a person" in found.what and not found.ok]
    assert "A desk could not be fetched from." in found.what


@pytest.mark.parametrize(("by_nohup", "heard"), [(True, False), (False, True)])
def test_a_closed_terminal_is_heard_unless_nohup_says_otherwise(*, by_nohup: bool, heard: bool) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if by_nohup else signal.SIG_DFL)
    try:
        assert (signal.SIGHUP in ending.heard()) is heard
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("mode", "closed"), [(0o700, True), (0o711, True), (0o755, False), (0o722, False)])
def test_the_folder_of_keys_may_be_passed_through_and_not_read(
    tmp_path: Path, settings: Any, mode: int, *, closed: bool
) -> None:
    """With HECTO_OPENER_USER the opener's own folder lies in it."""
    settings.HECTO_KEYS = tmp_path / "keys"
    settings.HECTO_KEYS.mkdir()
    settings.HECTO_KEYS.chmod(mode)
    assert (not checks.keys_are_private(None)) is closed


def test_a_sender_that_can_not_use_its_folder_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.found()
    (tmp_path / "var/post").write_text("no folder")
    done = home.hecto("letters", "work", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("hecto: A file can't be used")
    assert "Traceback" not in done.stderr
