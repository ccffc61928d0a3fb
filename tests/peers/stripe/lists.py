"""Lists, and by what each may be narrowed."""

from collections.abc import Callable
from typing import Any

from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import LIST_WORDS, Row

Handler = Callable[..., Row]


def of(kind: str, **narrow: Callable[[Row, Any], bool]) -> Handler:
    """A handler that lists one kind. Filters that are not named in `narrow` compare the field of the same name."""

    def listed(service: Service, params: Row) -> Row:
        wanted = {key: value for key, value in params.items() if key not in LIST_WORDS}
        for key in wanted.keys() - narrow.keys() - PLAIN[kind]:
            raise Refused(400, f"The stand-in does not filter {kind} by {key}", param=key)
        tests = [(narrow.get(key, _same(key)), value) for key, value in wanted.items()]
        rows, more = service.table(kind).page(params, lambda row: all(test(row, value) for test, value in tests))
        return {"object": "list", "data": rows, "has_more": more}

    return listed


def _same(key: str) -> Callable[[Row, Any], bool]:
    return lambda row, value: row.get(key) == value


PLAIN: dict[str, set[str]] = {
    "payment_intent": {"customer"},
    "charge": {"customer", "payment_intent"},
    "refund": {"charge", "payment_intent"},
    "dispute": {"charge", "payment_intent"},
    "balance_transaction": {"source", "type", "currency"},
    "payout": {"status"},
    "event": {"type"},
    "invoice": {"customer", "status"},
    "invoice_payment": {"invoice", "status"},
    "subscription": {"customer"},
    "payment_method": {"customer", "type"},
    "early_fraud_warning": {"charge", "payment_intent"},
    "product": {"active"},
    "customer": {"email"},
}


def subscription_status(row: Row, wanted: str) -> bool:
    ended = row["status"] in ("canceled", "incomplete_expired")
    return wanted == "all" or (ended if wanted == "ended" else row["status"] == wanted)


def subscriptions(service: Service, params: Row) -> Row:
    """Cancelled ones are left out unless asked for."""
    listed = of(
        "subscription",
        status=lambda row, wanted: subscription_status(row, wanted) if wanted else row["status"] != "canceled",
    )
    return listed(service, {"status": None, **params})


def of_customer(kind: str) -> Handler:
    """The list below a customer's own path."""
    return lambda service, params, name: of(kind)(service, {**params, "customer": name})


def payment_of(row: Row, wanted: Row) -> bool:
    return all(row["payment"].get(key) == value for key, value in wanted.items())


invoice_payments = of("invoice_payment", payment=payment_of)


def subscription_of(row: Row, wanted: str) -> bool:
    return row["parent"]["subscription_details"]["subscription"] == wanted
