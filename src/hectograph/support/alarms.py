"""What is wrong with money, in a sentence and a remedy each: for `hecto doctor` and the admin's home. Names nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Sum

from hectograph.errors import Problem
from hectograph.payments.port import Kind
from hectograph.payments.processors.transfer.service import Transfer
from hectograph.support.books import LedgerEntry, LedgerTxn
from hectograph.support.inbox import InboxEvent
from hectograph.support.ledger import Account
from hectograph.support.sweep_row import SweepCursor, SweepRun

SWEPT_WITHIN = timedelta(hours=36)
LISTENS_WITHIN = timedelta(hours=2)
_ENOUGH_CHARGES = 20  # before these, silence says nothing
_LEAST_SILENCE = timedelta(days=1)
_LEAST_SILENCE_OF_A_BANK = timedelta(days=7)  # banks have holidays
STATEMENT_WITHIN = timedelta(days=35)


def unequal_books(now: datetime) -> Problem | None:
    """The last sweep of a rail did not agree to the cent."""
    for run in _last_runs():
        if run.state == SweepRun.State.UNEQUAL:
            sums = ", ".join(f"{minor:+d} {currency} in its smallest unit" for currency, minor in run.diff.items())
            return Problem(
                f"The books differ from what {run.rail} holds: {sums}.",
                "Pay out nothing by hand; compare the ledger's export with the service's own, and tell the bookkeeper.",
            )
    return None


def unswept_books(now: datetime) -> Problem | None:
    """A rail was not swept last night."""
    for cursor in SweepCursor.objects.exclude(tried_at=None).order_by("rail"):
        if cursor.swept_at is None or now - cursor.swept_at > SWEPT_WITHIN:
            since = f"since {cursor.swept_at:%Y-%m-%d %H:%M} UTC" if cursor.swept_at else "and never were"
            return Problem(
                f"The books were not compared with {cursor.rail}, {since}.",
                "Start the cashier: hecto support work; then look at its key and at the service's status page.",
            )
    return None


def suspense(now: datetime) -> Problem | None:
    """Money moved in a way that the ledger does not understand."""
    entries = LedgerEntry.objects.filter(account__role=Account.SUSPENSE)
    count = entries.values("txn").distinct().count()
    left = entries.values("account").annotate(total=Sum("minor")).exclude(total=0).exists()
    if not left:
        return None
    return Problem(
        f"{count} movement{'s' if count != 1 else ''} of money could not be understood and lie in suspense.",
        "Look for `suspense` in the ledger's export: the service's own word stands beside each.",
    )


def silent_rails(now: datetime) -> Problem | None:
    """Nothing was given by a rail for longer than ever before."""
    for cursor in SweepCursor.objects.filter(charges__gt=0).order_by("rail"):
        if found := _silent_bank(cursor, now) if cursor.rail == Transfer.name else _silent_service(cursor, now):
            return found
    return None


def _silent_service(cursor: SweepCursor, now: datetime) -> Problem | None:
    last = _last_gift(cursor, now, _LEAST_SILENCE)
    if last is None:
        return None
    return Problem(
        f"Nothing was given by {cursor.rail} since {last:%Y-%m-%d %H:%M} UTC: longer than ever.",
        "Give a small amount yourself, and look at the service's dashboard: is the account open?",
    )


def _silent_bank(cursor: SweepCursor, now: datetime) -> Problem | None:
    """What came by transfer is known up to the last statement alone."""
    read_at = cursor.booked_at or now
    if now - read_at > STATEMENT_WITHIN:
        return Problem(
            f"No bank statement was taken in since {read_at:%Y-%m-%d}.",
            "Take one in: under Support, or by `hecto support statement FILE`.",
        )
    last = _last_gift(cursor, read_at, _LEAST_SILENCE_OF_A_BANK)
    if last is None:
        return None
    return Problem(
        f"Nothing came by bank transfer since {last:%Y-%m-%d}: longer than ever.",
        "Send a small amount yourself under a reference of a pay page, and ask the bank: is the account open?",
    )


def _last_gift(cursor: SweepCursor, until: datetime, least: timedelta) -> datetime | None:
    """When the last came, if that is too long ago; None where it is not, or where too few came to say."""
    if cursor.charges < _ENOUGH_CHARGES:
        return None
    charges = LedgerTxn.objects.filter(rail=cursor.rail, kind=Kind.CHARGE).order_by("-at")
    last = charges.values_list("at", flat=True).first()
    return last if last and until - last > max(cursor.longest_silence, least) else None


def plans_apart(now: datetime) -> Problem | None:
    """A plan that one side charges and the other believes ended."""
    for run in _last_runs():
        if run.plans_there:
            return Problem(
                f"{run.rail} charges {len(run.plans_there)} plans that are ended or unknown here: "
                f"{_some(run.plans_there)}.",
                "End them in the service's dashboard, and give back what was taken since.",
            )
        if run.plans_here:
            return Problem(
                f"{len(run.plans_here)} plans live here that {run.rail} charges no more: {_some(run.plans_here)}.",
                "Look each up in the service's dashboard: they ended there without our hearing of it.",
            )
        if run.error and run.state != SweepRun.State.UNREACHABLE:
            return Problem(
                f"The plans of {run.rail} could not be compared ({run.error}).", "Compare its key's permissions."
            )
    return None


def hints_given_up(now: datetime) -> Problem | None:
    """Hints that could not be worked off."""
    count = InboxEvent.objects.filter(state=InboxEvent.State.GIVEN_UP).count()
    if count:
        return Problem(
            f"{count} notices of payment services could not be worked off for days.",
            "Look at the service's dashboard for what happened there; the sweep keeps the books true meanwhile.",
        )
    late = InboxEvent.objects.filter(state=InboxEvent.State.WAITS, attempts=0, seen_at__lt=now - LISTENS_WITHIN)
    if late.exists():
        return Problem("Notices of payment services wait for hours.", "Start the cashier: hecto support work")
    return None


def _last_runs() -> list[SweepRun]:
    """The last sweep of each rail that could be made at all."""
    runs: list[SweepRun] = []
    for rail in SweepCursor.objects.order_by("rail").values_list("rail", flat=True):
        made = SweepRun.objects.filter(rail=rail).exclude(state=SweepRun.State.UNREACHABLE)
        runs += made.order_by("-at")[:1]
    return runs


def _some(refs: list[str]) -> str:
    return ", ".join(refs[:3]) + (" …" if len(refs) > 3 else "")
