"""What a desk is told of payments: the table `[support]` of its file, and what its pay page names and loads.

The street is as closed as the cashier: until the five checks are recorded as good, no desk shows card fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from hectograph.errors import Problem
from hectograph.newsroom import payment_keys, transfers
from hectograph.payments import offers, origins
from hectograph.payments.origins import STRIPE, Origins
from hectograph.payments.processors.stripe.door import API_VERSION
from hectograph.press.pay_pages import Rail
from hectograph.support import sandbox_check
from hectograph.support.plan import Plan

_SCRIPT = "/v3/?advancedFraudSignals=false"  # the script with that sends less about who looks
_ELEMENTS = {"card": "card", "sepa": "sepa_debit"}  # our methods, as the processor's script calls them
METHODS = (*_ELEMENTS, "transfer")
WEBHOOK = "webhook"  # the file of signing secrets, beside the keys


def rail(*, checking: bool = False) -> Rail:
    """What the pages about paying need to know: no card fields before the checks with the real service are recorded as
    good, unless they are being made (`checking`). A Problem where the settings lead anywhere but to the processor."""
    ours = set(settings.HECTO_SUPPORT_METHODS)
    if unknown := ours - set(METHODS):
        raise Problem(f"“{min(unknown)}” is no way of paying.", f"HECTO_SUPPORT_METHODS takes {', '.join(METHODS)}.")
    key, where = settings.HECTO_STRIPE_PUBLISHABLE, addresses()
    is_open = bool(key) and (checking or bool(settings.HECTO_STRIPE_STAND_IN) or not sandbox_check.missing())
    by_card = tuple(_ELEMENTS[method] for method in _ELEMENTS if method in ours and is_open)
    return Rail(
        key=_checked(key) if by_card else "",
        script=where.script + _SCRIPT,
        api=where.api,
        frames=where.frames,
        methods=by_card,
        currencies=_currencies(by_card),
        transfer=transfers.currencies(),
        demo=bool(settings.HECTO_STRIPE_STAND_IN),
    )


def _currencies(by_card: Sequence[str]) -> tuple[str, ...]:
    """What may be given: where transfers are the only way, in what the newsroom's account takes."""
    return offers.CURRENCIES if by_card else transfers.currencies() or offers.CURRENCIES


def addresses() -> Origins:
    """The processor's own, or those of a stand-in, which no production newsroom takes."""
    if not settings.HECTO_STRIPE_STAND_IN:
        return STRIPE
    one = settings.HECTO_STRIPE_STAND_IN.rstrip("/")
    return origins.check(Origins(one, one, (one,)), stand_in=not settings.PRODUCTION)


def table(*, checking: bool = False) -> dict[str, Any] | None:
    """The table `[support]`; None where no way of paying is open and no plan is left that its giver may end."""
    shown = rail(checking=checking)
    by_card = [method for method in _ELEMENTS if method in settings.HECTO_SUPPORT_METHODS and shown.key]
    methods = [*by_card, *(["transfer"] if shown.transfer else [])]
    if not methods and not Plan.objects.exists():
        return None
    secrets = _webhook_secrets()
    return {
        "processor": "stripe",
        "methods": methods,
        "transfer": list(shown.transfer),
        "currencies": list(shown.currencies),
        "least": [offers.OFFER.least[currency] for currency in shown.currencies],
        "most": [offers.OFFER.most[currency] for currency in shown.currencies],
        "webhook_secrets": secrets,
        "live": shown.key.startswith("pk_live_"),
        "api_version": API_VERSION,
        "account": settings.HECTO_STRIPE_ACCOUNT,
    }


def _checked(key: str) -> str:
    if not key.startswith(("pk_live_", "pk_test_")):
        what_to_do = "It starts with pk_live_ or pk_test_: copy it from Stripe's dashboard to HECTO_STRIPE_PUBLISHABLE."
        raise Problem("This is no publishable key of Stripe.", what_to_do)
    if settings.PRODUCTION and not key.startswith("pk_live_"):
        raise Problem("The publishable key is a test key, and this is a production newsroom.", "Copy the live key.")
    return key


def _webhook_secrets() -> list[str]:
    """One a line: while the secret is changed, two of them hold."""
    return payment_keys.read_key(WEBHOOK).split()
