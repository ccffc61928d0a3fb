"""The room's rows, each kind in its own file."""

from __future__ import annotations

from hectograph.support.books import LedgerAccount, LedgerEntry, LedgerTxn

__all__ = ["LedgerAccount", "LedgerEntry", "LedgerTxn"]
