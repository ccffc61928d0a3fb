"""What somebody changed in Stripe's dashboard that opens a back door: ways of paying without a country, pages where a
card is replaced past our policy, webhooks that no longer come, or that go to somebody else.

Our own calls name their methods and never ask the dashboard, so that most of these are second locks. What the service
lets nobody read (its mails to givers, its fraud rules) stands in the operators' page, to be looked at by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hectograph.errors import Problem
from hectograph.payments.processors.stripe.door import API_VERSION, Door
from hectograph.payments.processors.stripe.parameters import METHODS

EVENTS = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.succeeded",
    "charge.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.created",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "payment_method.attached",
    "payment_method.updated",
    "payment_method.automatically_updated",
    "payout.paid",
    "payout.failed",
    "payout.reconciliation_completed",
    "radar.early_fraud_warning.created",
)
_SHOWN = frozenset((*METHODS, "apple_pay", "google_pay"))
_PAGES = {
    "payment_method_update": "replace a card",
    "customer_update": "leave a name and an address",
    "invoice_history": "see past payments",
    "subscription_update": "change a plan",
}
Row = dict[str, Any]


def found(door: Door, webhooks: frozenset[str]) -> list[Problem]:
    """All that is amiss, in plain words; empty where every door is shut. `webhooks` are the addresses at which
    our desks take them; one is enough. Unreachable and Rejected come through: what could not be read is not shut."""
    return [
        *_account(door.read("account")),
        *_methods(door.rows("payment_method_configurations")),
        *_pages(door.rows("billing_portal/configurations")),
        *_webhooks(list(door.rows("webhook_endpoints")), webhooks),
    ]


def _account(row: Row) -> Iterator[Problem]:
    if not row.get("charges_enabled"):
        yield Problem("Stripe has stopped taking payments for this account.", "Look at its messages in the dashboard.")
    if not row.get("payouts_enabled"):
        yield Problem("Stripe has stopped paying out.", "Look at its messages in the dashboard.")


def _methods(rows: Iterator[Row]) -> Iterator[Problem]:
    for row in (row for row in rows if row.get("active")):
        for name, settings in row.items():
            shown = settings.get("display_preference") if isinstance(settings, dict) else None
            if isinstance(shown, dict) and shown.get("value") == "on" and name not in _SHOWN:
                yield Problem(
                    f"“{name}” is on among Stripe's payment methods. Its country is known too late, or not at all.",
                    "Turn it off in the dashboard: Settings, Payment methods.",
                )


def _pages(rows: Iterator[Row]) -> Iterator[Problem]:
    remedy = "Turn it off in the dashboard: Settings, Billing, Customer portal."
    for row in (row for row in rows if row.get("active")):
        for name, act in _PAGES.items():
            if (row["features"].get(name) or {}).get("enabled"):
                yield Problem(f"Stripe's own customer portal lets givers {act}, past our country policy.", remedy)
        if (row.get("login_page") or {}).get("enabled"):
            yield Problem("Stripe's own customer portal has a page to log in at.", remedy)


def _webhooks(rows: list[Row], own: frozenset[str]) -> Iterator[Problem]:
    live = [row for row in rows if row.get("status") == "enabled"]
    for row in live:
        if row["url"] not in own:
            yield Problem(
                "Stripe also sends its webhooks, with givers' names in them, to an address that is none of our desks.",
                "Delete that endpoint in the dashboard, or set its address here if it is a desk.",
            )
    ours = [row for row in live if row["url"] in own]
    if not ours:
        yield Problem(
            "Stripe sends no webhooks to any of our desks.",
            "Make an endpoint in the dashboard. Until then the hourly look at its list of events finds what happened.",
        )
    for url in sorted({row["url"] for row in ours}):
        yield from _webhook(url, [row for row in ours if row["url"] == url])


def _webhook(url: str, rows: list[Row]) -> Iterator[Problem]:
    if len(rows) > 1:
        yield Problem(f"Stripe sends its webhooks twice to {url}.", "Delete the older endpoint in the dashboard.")
    for row in rows:
        if row.get("api_version") != API_VERSION:
            yield Problem(
                f"The webhook endpoint {url} speaks another version of Stripe's API than ours.",
                f"Make it anew with the version {API_VERSION}: its events are refused until then.",
            )
        missing = [] if "*" in row["enabled_events"] else sorted(set(EVENTS) - set(row["enabled_events"]))
        if missing:
            yield Problem(
                f"The webhook endpoint {url} does not send {', '.join(missing)}.",
                "Add these events to the endpoint in the dashboard.",
            )
