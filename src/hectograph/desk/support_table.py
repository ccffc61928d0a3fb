"""The table `[support]` of a desk's file: what it takes, and by which secrets it knows the processor's webhooks.

No key in it moves money. The publishable key and the processor's addresses stand in the pages, which the press made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hectograph.payments.forms import Offer
from hectograph.payments.hooks import Endpoint

METHODS = ("card", "sepa", "transfer")


@dataclass(frozen=True)
class SupportTable:
    """`methods` of METHODS are open, transfers in the currencies of `transfer`. Of payments a minute, `per_client` and
    `per_ticket` are let in, `at_ease` of all without the small task that machines find dear, `in_all` at the most."""

    offer: Offer
    methods: tuple[str, ...] = ("card",)
    transfer: tuple[str, ...] = ()
    processor: str = "stripe"
    hooks: Endpoint | None = None
    per_client: int = 20
    per_ticket: int = 10
    at_ease: int = 60
    in_all: int = 600


def read(table: dict[str, Any]) -> SupportTable:
    """What the table says; KeyError, TypeError or ValueError where it is amiss."""
    currencies = [str(currency) for currency in table["currencies"]]
    least = dict(zip(currencies, map(int, table["least"]), strict=True))
    most = dict(zip(currencies, map(int, table["most"]), strict=True))
    methods = tuple(str(method) for method in table["methods"])
    if not currencies or set(methods) - set(METHODS):
        raise ValueError("currencies or methods of support")
    limits = {name: int(table[name]) for name in ("per_client", "per_ticket", "at_ease", "in_all") if name in table}
    transfer = tuple(str(currency) for currency in table.get("transfer", []))
    return SupportTable(Offer(least, most), methods, transfer, str(table["processor"]), _endpoint(table), **limits)


def _endpoint(table: dict[str, Any]) -> Endpoint | None:
    secrets = tuple(str(secret) for secret in table.get("webhook_secrets", []))
    if not secrets:
        return None
    return Endpoint(secrets, table["live"] is True, str(table["api_version"]), str(table.get("account", "")))
