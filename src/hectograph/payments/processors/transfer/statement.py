"""A statement of either kind: which it is, its first letter says."""

from __future__ import annotations

from hectograph.payments.processors.transfer import camt, csv_statement
from hectograph.payments.processors.transfer.account import Account
from hectograph.payments.processors.transfer.csv_statement import Layout
from hectograph.payments.processors.transfer.lines import Line

_BEFORE = b"\xef\xbb\xbf \t\r\n"


def read(statement: bytes, account: Account, layout: Layout) -> list[Line]:
    """Every booking of a CAMT.053 or CSV statement of `account`; StatementRefused where it is none. `layout` is for CSV
    alone. What names no currency is in the account's first."""
    if statement.lstrip(_BEFORE).startswith(b"<"):
        return camt.read(statement, account.iban)
    return csv_statement.read(statement, layout, min(account.currencies))
