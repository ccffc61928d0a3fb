"""The room's rows, each kind in its own file."""

from __future__ import annotations

from hectograph.support.attempt import Attempt
from hectograph.support.books import LedgerAccount, LedgerEntry, LedgerTxn
from hectograph.support.contribution import Contribution
from hectograph.support.fuse import Alarm, Fuse
from hectograph.support.intent import Intent
from hectograph.support.operator_action import OperatorAction
from hectograph.support.plan import Plan, Wish
from hectograph.support.policy_row import PolicyRow
from hectograph.support.telling import Telling

__all__ = [
    "Alarm",
    "Attempt",
    "Contribution",
    "Fuse",
    "Intent",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTxn",
    "OperatorAction",
    "Plan",
    "PolicyRow",
    "Telling",
    "Wish",
]
