"""How the newsroom is: the same findings for `hecto doctor` and for the admin's home."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from hectograph.letters.edition import Edition, State
from hectograph.newsroom import clock, database_errors, heartbeat, late_stories, opener_account
from hectograph.newsroom.flows import scrubbing
from hectograph.readers.desk_row import DeskRow
from hectograph.readers.intake_state import Held, Resealing, Tally
from hectograph.readers.subscriber import Subscriber
from hectograph.stories.press_state import PressChange
from hectograph.stories.site_words import SiteWords
from hectograph.support import alarms, fuse, policy_row, sandbox_check

SILENT_AFTER = timedelta(minutes=2)
NOTICE_GOOD_FOR = timedelta(days=180)
_SCRUBBED_WITHIN = timedelta(minutes=10)
_LEAST_ROOM = 500_000_000  # bytes


@dataclass(frozen=True)
class Finding:
    """`what` was looked at, in words; `remedy` is what to type or do where it isn't `ok`."""

    ok: bool
    what: str
    remedy: str = ""

    @property
    def is_typed(self) -> bool:
        """Whether the remedy is a command of ours and nothing else."""
        return self.remedy.startswith("hecto ")

    def as_row(self) -> dict[str, object]:
        return {"ok": self.ok, "what": self.what, "remedy": self.remedy}


def examine(now: datetime) -> list[Finding]:
    """Everything there is to look at. A look that fails is a finding, too."""
    found = []
    for look in _LOOKS:
        try:
            found.append(look(now))
        except DatabaseError as error:
            problem = database_errors.explained(error)
            found.append(Finding(False, problem.message, problem.remedy))
        except OSError as error:
            words = f"A file or folder can't be used: {error.filename or type(error).__name__}."
            found.append(
                Finding(False, words, "Make it with `hecto init --no-account`, or give this account its rights.")
            )
    return list(dict.fromkeys(found))  # a database that is away is said once


def _settings(now: datetime) -> Finding:
    problems = [check for check in checks.run_checks() if check.level >= checks.ERROR]
    if problems:
        return Finding(False, str(problems[0].msg), str(problems[0].hint or ""))
    return Finding(True, "Settings are sound.")


def _database(now: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Finding(False, "The database is older than the program.", "hecto init --no-account")
    return Finding(True, f"The database ({connection.vendor}) is up to date.")


def _clock(now: datetime) -> Finding:
    jump = clock.jumped(now)
    if not jump:
        return Finding(True, "The clock goes on as it should.")
    how = f"{abs(jump).days} days and {abs(jump).seconds // 3600} hours {'ahead' if jump > timedelta(0) else 'back'}"
    what = (
        f"This machine's clock jumped {how}: nothing is forgotten, no reminder leaves, until it is known to be right."
    )
    return Finding(False, what, "Set it; if it is right (the newsroom was off, say): hecto doctor --clock-is-right")


def _disk(now: datetime) -> Finding:
    free = shutil.disk_usage(settings.HECTO_HOME).free
    if free < _LEAST_ROOM:
        return Finding(False, f"Only {free // 1_000_000} MB are free.", "Make room on the disk of HECTO_HOME.")
    return Finding(True, f"{free // 1_000_000_000} GB are free.")


def _keys(now: datetime) -> Finding:
    loose = [path.name for path in settings.HECTO_KEYS.iterdir() if path.stat().st_mode & 0o077]
    if loose:
        return Finding(
            False, "Others on this machine can read files in HECTO_KEYS.", f"chmod -R go= {settings.HECTO_KEYS}"
        )
    if settings.PRODUCTION and not opener_account.wanted() and opener_account.can_read():
        words = "The admin's account can read the keys of readers' envelopes."
        return Finding(False, words, "Give them to an account of their own: HECTO_OPENER_USER.")
    return Finding(True, "Secrets are closed to others.")


def _site(now: datetime) -> Finding:
    if not settings.SITE_ROOT.is_dir():
        return Finding(False, "The site's folder is not there.", "hecto init --no-account")
    if not os.access(settings.SITE_ROOT, os.W_OK):
        return Finding(
            False, "The site's folder can't be written to.", f"chown it to this account: {settings.SITE_ROOT}"
        )
    if not (settings.SITE_ROOT / "index.html").exists():
        return Finding(False, "The site has not been built yet.", "hecto publish --full")
    return Finding(True, "The site is built.")


def _at_work(who: str, now: datetime, *, without: str, remedy: str) -> Finding:
    """Whether the process `who` gave a sign of life of late; `without` it, what does not happen."""
    if heartbeat.is_alive(now, who):
        return Finding(True, f"The {who} is at work.")
    seen = heartbeat.last_seen(who)
    when = f"since {seen:%Y-%m-%d %H:%M} UTC" if seen else "and never was"
    return Finding(False, f"The {who} is not running, {when}: {without}.", remedy)


def _worker(now: datetime) -> Finding:
    return _at_work(heartbeat.WORKER, now, without="nothing is published", remedy="hecto work")


def _opener(now: datetime) -> Finding:
    """A newsroom without a desk and without readers has nothing to open."""
    if not (DeskRow.objects.exists() or Subscriber.objects.exists()):
        return Finding(True, "There is no desk yet, and no reader.")
    without = "forms that readers sent wait, and no confirmation leaves"
    return _at_work(heartbeat.OPENER, now, without=without, remedy="hecto work --opener")


def _sender(now: datetime) -> Finding:
    """Where nobody reads the letter yet, none is carried."""
    if not Subscriber.objects.filter(state=Subscriber.State.ACTIVE).exists():
        return Finding(True, "No letter has a reader yet.")
    return _at_work(heartbeat.SENDER, now, without="no letter leaves", remedy="hecto letters work")


_WAITS_FOR_A_PERSON = (State.APPROVED, State.SCHEDULED, State.FREEZING, State.SENDING, State.PAUSED)


def _letters(now: datetime) -> Finding:
    """A letter that stopped until somebody has looked."""
    row = Edition.objects.filter(state__in=_WAITS_FOR_A_PERSON).exclude(needs_person="").order_by("pk").first()
    if row:
        return Finding(False, f"The letter {row} (edition {row.pk}) waits for a person: {row.needs_person}", _LOOK)
    return Finding(True, "No letter waits for a person.")


_LOOK = "Under Letters, or: hecto letters report EDITION"


def _queue(now: datetime) -> Finding:
    # An archive or the whole site may take its time: what people publish may not.
    first = PressChange.objects.filter(turn=PressChange.Turn.FIRST).exclude(kind=PressChange.Kind.SITE)
    oldest = first.order_by("pk").first()
    count = PressChange.objects.count()
    if oldest and now - oldest.at > late_stories.LATE_AFTER:
        return Finding(False, f"{count} changes wait, the oldest since {oldest.at:%H:%M} UTC.", "hecto publish")
    return Finding(True, f"{count} changes wait.")


def _forgetting(now: datetime) -> Finding:
    owed = scrubbing.owed_since()
    if owed and now - owed > _SCRUBBED_WITHIN:
        words = f"Since {owed:%Y-%m-%d %H:%M} UTC the database's file remembers words that were taken down."
        return Finding(False, words, "See that the worker runs; else stop the admin for a moment.")
    return Finding(True, "What was taken down is forgotten.")


def _schedule(now: datetime) -> Finding:
    if count := len(late_stories.overdue(now)):
        return Finding(False, f"Scheduled stories that are late: {count}.", "Start the worker: hecto work")
    if count := len(late_stories.unsettled(now)):
        words = f"Stories whose hour has passed, but nobody chose “Schedule to publish”: {count}."
        return Finding(False, words, "Publish them, or take the hour away.")
    return Finding(True, "No scheduled story is late.")


def _desks(now: datetime) -> Finding:
    rows = list(DeskRow.objects.order_by("pk"))
    silent = [row for row in rows if row.fetched_at is None or now - row.fetched_at > SILENT_AFTER]
    if troubled := next((row for row in rows if row.trouble), None):
        return Finding(False, f"{troubled.address}: {troubled.trouble}", "Look at the desk's host.")
    if silent:
        return Finding(False, f"Nothing was fetched from {silent[0].address} of late.", "hecto work --opener")
    return Finding(True, f"{len(rows)} desks are fetched from.")


def _readers(now: datetime) -> Finding:
    held = Held.objects.count()
    if held:
        return Finding(False, f"{held} envelopes of readers could not be opened.", "hecto keys check")
    return Finding(True, "Every envelope of readers was opened.")


_RUSHES = {
    "over the hourly cap": "sign-ups today got no mail: too many came at once.",
    "turned away at a desk": "sign-ups today were turned away at a desk: too many came at once.",
}


def _rush(now: datetime) -> Finding:
    for row in Tally.objects.filter(day=now.date(), what__in=_RUSHES):
        words = f"{row.count} {_RUSHES[row.what]}"
        return Finding(False, words, "Someone may be flooding the form. They can sign up again later.")
    return Finding(True, "Sign-ups come in at a quiet pace.")


def _resealing(now: datetime) -> Finding:
    row = Resealing.objects.order_by("-pk").first()
    if row is None or not row.total + row.left:
        return Finding(True, "Readers' rows are under one key.")
    if row.left and row.finished_at:
        words = f"{row.left} readers' rows are under an older key and could not be moved."
        return Finding(False, words, "hecto keys check")
    if row.finished_at:
        return Finding(True, "All readers' rows were moved to the newest key.")
    return Finding(True, f"Readers' rows move to the newest key: {row.done} of {row.total}. Keep the opener running.")


_BOOKS = {
    "The books agree with what the services hold.": alarms.unequal_books,
    "The books are compared every night.": alarms.unswept_books,
    "Every movement of money is understood.": alarms.suspense,
    "No way of giving fell silent.": alarms.silent_rails,
    "Plans live here and at the services alike.": alarms.plans_apart,
    "Notices of payment services are worked off.": alarms.hints_given_up,
}


def _money(well: str, now: datetime) -> Finding:
    alarm = _BOOKS[well](now)
    return Finding(False, alarm.message, alarm.remedy) if alarm else Finding(True, well)


def _cashier(now: datetime) -> Finding:
    """The cashier; a newsroom that takes no money has none."""
    if not settings.HECTO_SUPPORT_METHODS:
        return Finding(True, "No money is taken from readers.")
    found = _at_work(heartbeat.CASHIER, now, without="nobody can give", remedy="hecto support work")
    if not found.ok:
        return found
    if missing := "" if settings.HECTO_STRIPE_STAND_IN else sandbox_check.missing():
        return Finding(False, missing, "docs/sandbox-checks.md; until then nobody pays by card.")
    if policy_row.current() is None:
        return Finding(False, "There is no country policy: nobody can pay.", "hecto support policy --block RU,BY")
    return found


def _fuses(now: datetime) -> Finding:
    if blown := fuse.blown(now):
        ways = "; ".join(f"{row.rail} until {row.closed_until:%Y-%m-%d %H:%M} UTC, {row.why}" for row in blown)
        words = f"Closed by themselves are ways of paying: {ways}."
        return Finding(False, words, "They open by themselves, or at once: hecto support open-again WAY --reason WHY")
    return Finding(True, "No way of paying closed by itself.")


def _alarms(now: datetime) -> Finding:
    """The oldest in words: the rest are on the publisher's board."""
    if waiting := fuse.open_alarms():
        first, more = waiting[0], len(waiting) - 1
        words = f"An alarm about money: {first.kind}." + (f" {more} more wait." if more else "")
        return Finding(False, words, f"{fuse.remedy(first.kind)} All are under Support and in `hecto support alarms`.")
    return Finding(True, "No alarm about money waits.")


def _notice(now: datetime) -> Finding:
    """What is said of the crime above the amounts: laws change, and a stale notice misleads."""
    words = SiteWords.objects.exclude(crime_notice="").order_by("crime_reviewed").first()
    if words and words.crime_reviewed and now.date() - words.crime_reviewed > NOTICE_GOOD_FOR:
        what = f"The notice on where giving is a crime ({words.language}) was last checked on {words.crime_reviewed}."
        return Finding(False, what, "Have it checked, then change the date: Settings, Site.")
    return Finding(True, "The notice above the amounts was checked of late, or there is none.")


_LOOKS: tuple[Callable[[datetime], Finding], ...] = (
    _settings,
    _database,
    _clock,
    _disk,
    _keys,
    _site,
    _worker,
    _opener,
    _sender,
    _letters,
    _queue,
    _forgetting,
    _schedule,
    _desks,
    _readers,
    _rush,
    _resealing,
    *(partial(_money, well) for well in _BOOKS),
    _cashier,
    _fuses,
    _alarms,
    _notice,
)
