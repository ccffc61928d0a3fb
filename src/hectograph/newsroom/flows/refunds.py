"""Refunds: asked for by a publisher, made by the cashier, which alone holds the operator's key.

receipt code → contribution → wanted refund (a row) → the service, under the row's own key → its movement → the ledger
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hectograph.money import Money
from hectograph.payments.port import Declined, Forbidden, Processor, Rejected
from hectograph.support import fuse, refund
from hectograph.support.refund import Refund

AT_ONCE = 20
_PATIENCE = timedelta(minutes=10)  # another cashier may hold the key
_KEY_KEPT = timedelta(hours=23)  # services forget a key after a day: then the same wish would be made twice


def carry(services: Mapping[str, Processor], now: datetime) -> bool:
    """Make refunds that wait; says whether there was one to make. `services` hold the operator's keys, by rail; one of
    a rail that is not among them waits, and where no other cashier took it up for a while, a person is called."""
    made = False
    for rail, service in services.items():
        for wanted in refund.due(rail, now, AT_ONCE):
            made = True
            fuse.over(fuse.NO_REFUNDS, rail, now)
            _make(service, wanted, now)
    for rail in refund.untried(now - _PATIENCE):
        if rail not in services:
            fuse.alarm(fuse.NO_REFUNDS, rail, now)
    return made


def _make(service: Processor, wanted: Refund, now: datetime) -> None:
    row = wanted.contribution
    try:
        if wanted.attempts and now - wanted.at > _KEY_KEPT:
            raise Rejected("It was tried for a day.", "Look at the service's dashboard whether it was made.")
        ref = service.refund(row.ref, Money(wanted.minor, row.currency), str(wanted.key))
    except (Rejected, Declined) as problem:
        refund.failed(wanted, problem)
    except Forbidden as problem:
        fuse.alarm(fuse.NO_KEY, row.processor, now)
        refund.later(wanted, problem, now)
    except Exception as problem:  # noqa: BLE001 (not reached, or not known: the same key makes it once, and none waits for it)
        refund.later(wanted, problem, now)
    else:
        refund.done(wanted, ref)
