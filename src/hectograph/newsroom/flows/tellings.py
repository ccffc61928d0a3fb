"""What pages are told, as the opener tells it: where a plan was begun, with the link by which it is managed.

The cashier, who writes the rows, can't sign links; the opener can, and does it when the word leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hectograph.payments.status import Status
from hectograph.readers.vault import Vault
from hectograph.sealing.capability import Capability, Purpose
from hectograph.support import telling
from hectograph.support.plan_mail import LINK_DAYS

_OF_A_PLAN = ("plan", "epoch", "language")


class Tellings:
    """`live_calls.Tellings` over `support.telling`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._kept: dict[str, Status] = {}  # as rows have them, until the desk has heard

    def due(self, desk: int, boot: str, now: datetime, most: int) -> list[Status]:
        return [self._signed(status) for status in telling.due(desk, boot, now, most)]

    def told(self, desk: int, boot: str, statuses: Sequence[Status]) -> None:
        telling.told(desk, boot, [self._kept.pop(status.id, status) for status in statuses])

    def shown(self, desk: int, ids: Sequence[str]) -> None:
        telling.shown(desk, ids)

    def _signed(self, status: Status) -> Status:
        words = dict(status.words)
        plan, epoch, language = (words.pop(name, "") for name in _OF_A_PLAN)
        if not plan:
            return status
        self._kept[status.id] = status
        until = datetime.fromtimestamp(status.until, UTC) + timedelta(days=LINK_DAYS)
        link = Capability(Purpose.MANAGE, bytes.fromhex(plan), until, (language, epoch))
        return replace(status, words={**words, "manage": self._vault.link(link)})
