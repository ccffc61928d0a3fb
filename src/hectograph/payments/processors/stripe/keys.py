"""Keys of Stripe that we accept: restricted ones, of the mode that is meant."""

from __future__ import annotations

import re

from hectograph.errors import Problem

_RESTRICTED = re.compile(r"rk_(live|test)_[A-Za-z0-9]{16,240}")


def check(key: str, *, live: bool) -> str:
    """`key`, where it is a restricted one of the right mode; a Problem that never shows the key where it is not."""
    if key.startswith("sk_"):
        raise Problem(
            "This is Stripe's full secret key: whoever gets it can do everything with the account.",
            "Make restricted keys (rk_…) in the dashboard, with the permissions listed in the operators' page, and "
            "revoke the secret key if it was ever on this machine.",
        )
    found = _RESTRICTED.fullmatch(key)
    if found is None:
        raise Problem("This is no restricted key of Stripe.", "A restricted key starts with rk_live_ or rk_test_.")
    if (found[1] == "live") is not live:
        meant, is_for = ("live", "test") if live else ("test", "live")
        raise Problem(
            f"This key is for {is_for} payments, and the newsroom is set to {meant} ones.",
            "Copy the key of the other mode from Stripe's dashboard.",
        )
    return key
