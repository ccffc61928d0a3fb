"""The ledger's one rule: what a movement of money at a service does to the accounts. Pure; integers of minor units.

Each movement becomes one transaction, whose entries add up to zero. `net` goes to what the service owes us, `fee` to
what it kept, and `amount` comes from (or goes back to) the account that the movement's kind names. What is not
understood is booked, too, against `suspense:unmatched`: the books still agree with the service, and a person is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hectograph.payments.port import Kind, Movement


class Account(StrEnum):
    """Of each there is one for each service and currency."""

    PROCESSOR = "asset:processor"  # what the service holds for us
    BANK_IN_TRANSIT = "asset:bank_in_transit"  # paid out by the service; the bookkeeper's bank takes it up from here
    CONTRIBUTIONS = "income:contributions"
    REFUNDS = "income:refunds"  # debit: given back
    FEES = "expense:fees"
    DISPUTES = "expense:disputes"
    FX = "equity:fx"  # one half of an exchange of the balance; the other half stands in the other currency
    SUSPENSE = "suspense:unmatched"


@dataclass(frozen=True, slots=True)
class Entry:
    """`minor` units to `account`: debit above zero, credit below, never zero."""

    account: Account
    minor: int


@dataclass(frozen=True, slots=True)
class Txn:
    """What `movement` does. The entries add up to zero; a movement of nothing has none."""

    movement: Movement
    entries: tuple[Entry, ...]

    @property
    def understood(self) -> bool:
        return all(entry.account is not Account.SUSPENSE for entry in self.entries)


_AGAINST = {
    Kind.CHARGE: Account.CONTRIBUTIONS,
    Kind.REFUND: Account.REFUNDS,
    Kind.REFUND_FAILED: Account.REFUNDS,
    Kind.DISPUTE: Account.DISPUTES,
    Kind.DISPUTE_RETURNED: Account.DISPUTES,
    Kind.PAYOUT: Account.BANK_IN_TRANSIT,
    Kind.PAYOUT_FAILED: Account.BANK_IN_TRANSIT,
    Kind.FEE: Account.FEES,
    Kind.EXCHANGE: Account.FX,
}


def post(movement: Movement) -> Txn:
    """How `movement` is booked. Never an error: whatever comes, the service's account moves by `net`."""
    if movement.amount != movement.net + movement.fee:  # the service contradicts itself: believe the balance alone
        sums = {Account.PROCESSOR: movement.net, Account.SUSPENSE: -movement.net}
    else:
        sums = {Account.PROCESSOR: movement.net, Account.FEES: movement.fee}
        against = _AGAINST.get(movement.kind, Account.SUSPENSE)
        sums[against] = sums.get(against, 0) - movement.amount
    return Txn(movement, tuple(Entry(account, minor) for account, minor in sums.items() if minor))
