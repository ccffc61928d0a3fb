"""What each of the newsroom's three restricted keys may do at Stripe: all that it needs, and no more.

The operators' page shows this table, and the stand-in's keys grant it and nothing else: both are held to it by tests.
"""

from __future__ import annotations

READ, WRITE = "read", "write"  # who may write may read
KEYS = ("web", "worker", "operator")
NEEDED = {  # by Stripe's name of the permission, without `rak_`
    "confirmation_token": {"web": READ},
    "payment_intent": {"web": WRITE, "worker": READ, "operator": READ},
    "payment_method": {"web": READ, "worker": READ, "operator": READ},
    "setup_intent": {"web": WRITE, "worker": READ},
    "customer": {"web": WRITE},
    "product": {"web": WRITE},
    "price": {"web": WRITE},
    "subscription": {"web": WRITE, "worker": WRITE},
    "invoice": {"web": READ, "worker": READ},
    "charge": {"worker": READ},
    "refund": {"worker": READ, "operator": WRITE},
    "dispute": {"worker": READ},
    "early_fraud_warning": {"worker": READ},
    "payout": {"worker": READ},
    "balance": {"worker": READ},
    "balance_transaction": {"worker": READ},
    "event": {"worker": READ},
    "account": {"web": READ},
    "payment_method_configuration": {"web": READ},
    "portal": {"web": READ},
    "webhook_endpoint": {"web": READ},
}
_DASHBOARD = {
    "early_fraud_warning": "Radar early fraud warnings",
    "balance": "Balance",
    "account": "Account",
    "portal": "Customer portal",
}


def may(key: str, permission: str, *, write: bool) -> bool:
    """Whether the key is to have the permission."""
    level = NEEDED.get(permission, {}).get(key)
    return level == WRITE or (level == READ and not write)


def table() -> str:
    """For the operators' page, in Markdown."""
    rows = [["permission", *(f"`{key}`" for key in KEYS)], ["---"] * (len(KEYS) + 1)]
    for permission, levels in NEEDED.items():
        shown = _DASHBOARD.get(permission, f"{permission.replace('_', ' ').capitalize()}s")
        rows.append([shown, *(levels.get(key, "–") for key in KEYS)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
