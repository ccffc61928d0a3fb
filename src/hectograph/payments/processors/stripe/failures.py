"""What an error of Stripe's library means for the payment: in our words, and with nothing of the error kept in it.

The library's errors hold the answer's whole body, names and cards included: none is chained, logged or shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
import stripe
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from hectograph.payments.port import Declined, Forbidden, Rejected, ServiceProblem, Unclear, Unreachable

_REASONS = {
    "insufficient_funds": "funds",
    "expired_card": "expired",
    "authentication_required": "challenge",
    "payment_intent_authentication_failure": "challenge",
    "setup_intent_authentication_failure": "challenge",
    "approve_with_id": "challenge",
    "card_velocity_exceeded": "limit",
    "withdrawal_count_limit_exceeded": "limit",
    "processing_error": "try-later",
    "issuer_not_available": "try-later",
    "reenter_transaction": "try-later",
    "try_again_later": "try-later",
}
_NEVER_LEFT = (NewConnectionError, ConnectTimeoutError)  # NameResolutionError is one of the first


class WrongState(Rejected):
    """The thing is already further than the call expects it to be."""


def problem(error: stripe.StripeError, *, writes: bool) -> ServiceProblem:
    """The Problem to raise for `error` of a call that `writes` or only reads."""
    if isinstance(error, stripe.CardError):
        return Declined(reason(_body(error)))
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return Forbidden(
            "Stripe does not let our key do this.",
            "Compare the restricted key's permissions with the list in the operators' page.",
        )
    if isinstance(error, stripe.RateLimitError) or _never_left(error):
        return _unreachable()
    status = error.http_status or 0
    if isinstance(error, stripe.IdempotencyError) or status == 409:
        return _unclear()
    if 400 <= status < 500:
        state = (error.code or "").endswith("_unexpected_state")
        return (WrongState if state else Rejected)("Stripe took no such request.", "Nothing was charged by it.")
    return unsaid(writes=writes)


def unsaid(*, writes: bool) -> ServiceProblem:
    """For an answer that says nothing: what a writing call did is unclear, and a reading one did nothing."""
    return _unclear() if writes else _unreachable()


def reason(error: Mapping[str, Any]) -> str:
    """One of `status.DECLINES`, of an error as Stripe writes it in JSON; a plain no of the bank is `card`."""
    for word in (error.get("decline_code"), error.get("code")):
        if isinstance(word, str) and word in _REASONS:
            return _REASONS[word]
    return "card"


def _body(error: stripe.StripeError) -> Mapping[str, Any]:
    body = error.json_body
    inner = body.get("error") if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}


def _never_left(error: stripe.StripeError) -> bool:
    """Whether it is certain that the request did not reach Stripe."""
    cause = error.__cause__
    if isinstance(cause, (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    inner = cause.args[0] if isinstance(cause, requests.exceptions.ConnectionError) and cause.args else None
    return isinstance(inner, MaxRetryError) and isinstance(inner.reason, _NEVER_LEFT)


def _unreachable() -> Unreachable:
    return Unreachable("Stripe can't be reached just now.", "Nothing was charged. It may be tried again.")


def _unclear() -> Unclear:
    return Unclear("Stripe did not say what became of it.", "It is asked again, and nothing is charged anew.")
