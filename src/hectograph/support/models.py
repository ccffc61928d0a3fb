"""The room's rows, each kind in its own file."""

from __future__ import annotations

from hectograph.support.appeal import Appeal, AppealAmounts, AppealText
from hectograph.support.attempt import Attempt
from hectograph.support.books import LedgerAccount, LedgerEntry, LedgerTxn
from hectograph.support.contribution import Contribution
from hectograph.support.fuse import Alarm, Fuse
from hectograph.support.fuse_count import FuseCount
from hectograph.support.inbox import InboxEvent
from hectograph.support.intent import Intent
from hectograph.support.operator_action import OperatorAction
from hectograph.support.plan import Plan, Wish
from hectograph.support.policy_row import PolicyRow
from hectograph.support.refund import Refund
from hectograph.support.reminder import Reminder
from hectograph.support.sweep_row import SweepCursor, SweepRun
from hectograph.support.telling import Telling

__all__ = [
    "Alarm",
    "Appeal",
    "AppealAmounts",
    "AppealText",
    "Attempt",
    "Contribution",
    "Fuse",
    "FuseCount",
    "InboxEvent",
    "Intent",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTxn",
    "OperatorAction",
    "Plan",
    "PolicyRow",
    "Refund",
    "Reminder",
    "SweepCursor",
    "SweepRun",
    "Telling",
    "Wish",
]
