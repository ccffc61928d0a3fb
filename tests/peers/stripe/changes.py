"""Changes of a living subscription: another amount, another day, another card, a pause, an end to come."""

from tests.peers.stripe import invoices
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.subscriptions import (
    ENDED,
    check,
    item_of,
    living,
    moment,
    open_period,
    price,
    set_method,
    watch,
)
from tests.peers.stripe.tables import Row


def change(service: Service, params: Row, name: str) -> Row:
    """`POST /v1/subscriptions/:id`."""
    check(params)
    subscription = living(service, name)
    before = {key: subscription[key] for key in params if key in subscription and key != "items"}
    set_method(service, subscription, params)
    for key in ("cancel_at_period_end", "description", "metadata"):
        if key in params:
            subscription[key] = params[key] if key != "metadata" else {**subscription[key], **(params[key] or {})}
    if "cancel_at_period_end" in params:
        subscription["canceled_at"] = service.now if params["cancel_at_period_end"] else None
    if "pause_collection" in params:
        _pause(service, subscription, params["pause_collection"] or None)
    if settings := params.get("payment_settings"):
        subscription["payment_settings"] |= settings
    _change_terms(service, subscription, params)
    service.emit("customer.subscription.updated", subscription, before)
    return subscription


def _pause(service: Service, subscription: Row, pause: Row | None) -> None:
    subscription["pause_collection"] = pause
    if pause and (until := pause.get("resumes_at")):
        service.clock.at(until, resume, service, subscription["id"], until)


def resume(service: Service, name: str, until: int) -> None:
    """The pause ends by itself, unless it was changed meanwhile."""
    subscription = service.find(name)
    pause = subscription["pause_collection"]
    if pause and pause.get("resumes_at") == until and subscription["status"] not in ENDED:
        subscription["pause_collection"] = None
        service.emit("customer.subscription.updated", subscription, {"pause_collection": pause})


def _change_terms(service: Service, subscription: Row, params: Row) -> None:
    """Another amount, or another day. The stand-in counts no part of a period, so it must not be asked to."""
    terms = params.keys() & {"items", "trial_end", "billing_cycle_anchor"}
    if terms and params.get("proration_behavior") != "none":
        raise Refused(400, "The stand-in does not prorate: send proration_behavior=none.", param="proration_behavior")
    again = "now" in (params.get("billing_cycle_anchor"), params.get("trial_end"))
    if params.get("trial_end") == "now":
        subscription |= {"trial_end": None, "status": "active"}
    for asked in params.get("items", []):
        again = _change_item(service, subscription, asked) or again
    if until := moment(params.get("trial_end"), service):
        item_of(subscription)["current_period_end"] = until
        subscription |= {
            "billing_cycle_anchor": until,
            "trial_end": until,
            "trial_start": service.now,
            "status": "trialing",
        }
        watch(service, subscription)
    elif again:
        subscription["billing_cycle_anchor"] = service.now
        invoice = open_period(service, subscription, "subscription_update")
        invoices.finalize(service, invoice)
        invoices.collect(service, invoice)


def _change_item(service: Service, subscription: Row, asked: Row) -> bool:
    """Whether the interval is another, so that a new period begins."""
    item = item_of(subscription)
    if asked.get("id") != item["id"]:
        raise Refused(400, "The stand-in changes the one item that is there: give its id.", param="items[0][id]")
    named = price(service, asked) if asked.keys() & {"price", "price_data"} else item["price"]
    if named["currency"] != subscription["currency"]:
        words = f"The price specified only supports `{named['currency']}`. This doesn't match the expected currency."
        raise Refused(400, words, param="items[0][price_data][currency]")
    other = named["recurring"]["interval"] != item["price"]["recurring"]["interval"]
    item |= {"price": named, "quantity": asked.get("quantity", item["quantity"])}
    return bool(other)
