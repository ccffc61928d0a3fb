"""The newsroom's own bank account, as the settings have it."""

from __future__ import annotations

from django.conf import settings

from hectograph.errors import Problem
from hectograph.payments import offers
from hectograph.payments.port import Processor
from hectograph.payments.processors.transfer.account import Account
from hectograph.payments.processors.transfer.service import Transfer


def account() -> Account:
    """A Problem where it is not set, or does not hold."""
    if not settings.HECTO_TRANSFER_IBAN:
        raise Problem(
            "No bank account is set for transfers.",
            "Set HECTO_TRANSFER_IBAN and HECTO_TRANSFER_HOLDER, as on the paper.",
        )
    return Account(
        settings.HECTO_TRANSFER_HOLDER,
        settings.HECTO_TRANSFER_IBAN,
        settings.HECTO_TRANSFER_BIC,
        frozenset(settings.HECTO_TRANSFER_CURRENCIES),
    )


def currencies() -> tuple[str, ...]:
    """Those on offer that may be given by transfer; none where the newsroom offers no transfers."""
    takes = settings.HECTO_TRANSFER_CURRENCIES if "transfer" in settings.HECTO_SUPPORT_METHODS else ()
    return tuple(currency for currency in offers.CURRENCIES if currency in takes)


def ways() -> dict[str, Processor]:
    """The way `transfer`, where it is among the newsroom's."""
    return {"transfer": Transfer(account())} if "transfer" in settings.HECTO_SUPPORT_METHODS else {}
