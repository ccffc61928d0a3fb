"""The opener: it alone, beside the sender, holds the readers' keys. Fetches from desks, opens, sends small mails."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from hectograph.errors import Problem
from hectograph.newsroom import clock, ending, heartbeat
from hectograph.newsroom.flows import consents, give, letter_trial, remind, subscribe, support_intake
from hectograph.newsroom.flows.desk_calls import Calls
from hectograph.newsroom.flows.live_calls import LiveCalls
from hectograph.newsroom.flows.tellings import Tellings
from hectograph.newsroom.vaults import folder, open_vault, passphrase
from hectograph.readers import holding, intake, resealing, returning
from hectograph.readers.departures import Departures
from hectograph.readers.vault import Vault

log = logging.getLogger(__name__)
_PAUSE, _BUSY, _AFTER_FAILURE, _NOTE_EVERY = 0.5, 0.05, 5.0, 5.0  # seconds
_REMIND_EVERY, _FORGET_EVERY = timedelta(minutes=1), timedelta(hours=1)


__all__ = ["Opener", "folder", "open_vault", "passphrase"]


class Opener:
    """Runs until a signal asks it to end."""

    def __init__(self, opened: Vault) -> None:
        self.vault, self.stopping = opened, False
        self.outbox = subscribe.outbox(opened)
        self._calls = Calls(patience=_PAUSE)
        self._live = LiveCalls(support_intake.live(), Tellings(opened))
        self._reminded = self._forgot = timezone.now() - _FORGET_EVERY
        self._mail_from = self._note_from = float("-inf")
        self._departures: Departures | None = None

    def stop(self, *_: int | FrameType | None) -> None:
        self.stopping = True

    def run(self) -> None:
        ending.listen(self.stop)
        consents.keep_current(timezone.now())
        self.outbox.recover(timezone.now())
        letter_trial.recover()
        while not self.stopping:
            time.sleep(self.step())

    def step(self) -> float:
        """Fetch, open, send; returns for how many seconds to rest."""
        try:
            heartbeat.beat(timezone.now(), heartbeat.OPENER)
            self._note_departures()
            if self.vault.ring.refresh():  # `hecto keys` made or retired one
                holding.take_held(self.vault, timezone.now(), others=support_intake.kept())
            subscribe.pull(self.vault, timezone.now(), calls=self._calls, live=self._live)
            give.expire(timezone.now())
            self._remind()
            self._send()
            self._returned()
            self._forget()
            return _BUSY if resealing.step(self.vault, timezone.now()) else _PAUSE
        except Problem as problem:
            log.error("readers: %s", problem)
        except Exception as error:  # noqa: BLE001 (its words could hold an address: only its kind is said)
            log.error("readers: stopped by %s; it will try again", type(error).__name__)
        close_old_connections()
        return _AFTER_FAILURE

    def _note_departures(self) -> None:
        """First of all: a database that was put back must learn who left since, before anybody is written to."""
        if self._departures is None:
            self._departures = Departures(folder())
            if self._departures.taken_back:
                log.warning("readers: the database was put back: %s", self._departures.taken_back)
        if time.monotonic() >= self._note_from:
            self._departures.note(timezone.now())
            self._note_from = time.monotonic() + _NOTE_EVERY

    def _remind(self) -> None:
        now = timezone.now()
        if abs(now - self._reminded) >= _REMIND_EVERY and clock.is_believed(now):
            remind.run_due(now)
            self._reminded = now

    def _forget(self) -> None:
        now = timezone.now()
        if abs(now - self._forgot) < _FORGET_EVERY or not clock.is_believed(now):
            return
        intake.forget_old(now)
        if settings.HECTO_BOUNCES:
            returning.forget_done(settings.HECTO_BOUNCES, now)
        self._forgot = now

    def _send(self) -> None:
        """Small mails and tests of letters. A relay that is away is asked again after a while, and holds up nothing
        else: whoever pays waits for the desk to be asked."""
        if time.monotonic() < self._mail_from:
            return
        try:
            self.outbox.send_due(timezone.now())
            letter_trial.send_waiting(self.vault, timezone.now())
        except Problem as problem:
            log.error("readers: %s", problem)
            self._mail_from = time.monotonic() + _AFTER_FAILURE

    def _returned(self) -> None:
        """Mail that came back, where a mail server puts it."""
        if settings.HECTO_BOUNCES and settings.HECTO_BOUNCES.is_dir():
            returning.take_folder(self.vault, settings.HECTO_BOUNCES, timezone.now())
