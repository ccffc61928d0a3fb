"""Subscriptions: begun unpaid, renewed by the clock, changed, paused, past due, and ended."""

from tests.peers.stripe import invoices, periods, products
from tests.peers.stripe.clock import DAY
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

UNPAID_FOR = 23 * 3600
TOLD_BEFORE = 7 * DAY
ENDED = ("canceled", "incomplete_expired")
KNOWN = (
    "customer items payment_behavior payment_settings default_payment_method metadata description expand off_session "
    "trial_end billing_cycle_anchor proration_behavior collection_method cancel_at_period_end pause_collection "
    "cancellation_details billing_mode"
)


def create(service: Service, params: Row) -> Row:
    check(params)
    customer = service.table("customer").get(params["customer"], "customer")
    if customer.get("deleted"):
        raise Refused(400, f"No such customer: '{customer['id']}'", "resource_missing", param="customer")
    if "billing_cycle_anchor" in params:
        raise Refused(400, "The stand-in begins a period when a plan begins.", param="billing_cycle_anchor")
    if len(params["items"]) != 1:
        raise Refused(400, "The stand-in takes subscriptions of one item.", param="items")
    subscription = _begin(service, params)
    set_method(service, subscription, params)
    trial = moment(params.get("trial_end"), service)
    invoice = open_period(service, subscription, "subscription_create", trial)
    service.emit("customer.subscription.created", subscription)
    invoices.finalize(service, invoice)
    if trial:
        _move(service, subscription, "trialing")
    elif params.get("payment_behavior", "allow_incomplete") != "default_incomplete":
        _pay_at_once(service, subscription, invoice, params)
    if subscription["status"] == "incomplete":
        service.clock.at(service.now + UNPAID_FOR, expire, service, subscription["id"])
    return subscription


def check(params: Row) -> None:
    for key in params.keys() - set(KNOWN.split()):
        raise Refused(400, f"The stand-in does not know what {key} does to a subscription", param=key)


def moment(value: object, service: Service) -> int | None:
    """A trial's end or an anchor: a time to come, or None."""
    if value is None or value in ("now", "unchanged"):
        return None
    if not isinstance(value, int) or value <= service.now:
        raise Refused(400, "Invalid timestamp: must be an integer Unix timestamp in the future.", "invalid_timestamp")
    return value


def _begin(service: Service, params: Row) -> Row:
    settings = params.get("payment_settings") or {}
    subscription = service.add(
        "sub",
        "subscription",
        billing_cycle_anchor=service.now,
        billing_mode={"type": "flexible"},
        cancel_at=None,
        cancel_at_period_end=params.get("cancel_at_period_end", False),
        canceled_at=None,
        cancellation_details={"comment": None, "feedback": None, "reason": None},
        collection_method="charge_automatically",
        customer=params["customer"],
        default_payment_method=None,
        description=params.get("description"),
        discounts=[],
        ended_at=None,
        latest_invoice=None,
        metadata=params.get("metadata") or {},
        pause_collection=None,
        payment_settings={
            "payment_method_options": settings.get("payment_method_options"),
            "payment_method_types": settings.get("payment_method_types"),
            "save_default_payment_method": settings.get("save_default_payment_method", "off"),
        },
        pending_setup_intent=None,
        start_date=service.now,
        status="incomplete",
        trial_end=None,
        trial_start=None,
        _follows=follow,
    )
    item = _item(service, subscription, params["items"][0])
    subscription |= {
        "items": {"object": "list", "has_more": False, "data": [item]},
        "currency": item["price"]["currency"],
    }
    return subscription


def _item(service: Service, subscription: Row, asked: Row) -> Row:
    chosen = price(service, asked)
    return {
        "id": service.new_id("si"),
        "object": "subscription_item",
        "created": service.now,
        "current_period_start": service.now,
        "current_period_end": service.now,
        "discounts": [],
        "metadata": {},
        "price": chosen,
        "quantity": asked.get("quantity", 1),
        "subscription": subscription["id"],
    }


def price(service: Service, asked: Row) -> Row:
    if name := asked.get("price"):
        found = service.table("price").get(name, "items[0][price]")
    elif data := asked.get("price_data"):
        found = products.price(service, data, "items[0][price_data][product]")
    else:
        raise Refused(400, "Missing required param: items[0][price].", "parameter_missing", param="items[0][price]")
    if not found["recurring"]:
        raise Refused(400, "The price specified is set to `type=one_time`.", param="items[0][price]")
    return found


def set_method(service: Service, subscription: Row, params: Row) -> None:
    name = params.get("default_payment_method")
    if not name:
        return
    method = service.table("payment_method").get(name, "default_payment_method")
    if method["customer"] != subscription["customer"]:
        words = f"The customer does not have a payment method with the ID {name}. It must be attached to the customer."
        raise Refused(400, words, "resource_missing", param="default_payment_method")
    subscription["default_payment_method"] = name


def _pay_at_once(service: Service, subscription: Row, invoice: Row, params: Row) -> None:
    if not invoices.collect(service, invoice) and params.get("payment_behavior") == "error_if_incomplete":
        invoices.let_go(service, invoice)
        subscription["status"] = "incomplete_expired"
        raise Refused(402, "Your card was declined.", "card_declined")


def item_of(subscription: Row) -> Row:
    item: Row = subscription["items"]["data"][0]
    return item


def open_period(service: Service, subscription: Row, reason: str, until: int | None = None) -> Row:
    """A period from now on, its invoice, and the works that its end will bring. `until` makes it a free one."""
    item = item_of(subscription)
    recurring = item["price"]["recurring"]
    item["current_period_start"] = service.now
    length = (recurring["interval"], recurring["interval_count"], subscription["billing_cycle_anchor"])
    item["current_period_end"] = until or periods.end(service.now, *length)
    if until:
        subscription |= {"billing_cycle_anchor": until, "trial_end": until, "trial_start": service.now}
    watch(service, subscription)
    return invoices.draft(service, subscription, reason, 0 if until else None)


def watch(service: Service, subscription: Row) -> None:
    end = item_of(subscription)["current_period_end"]
    service.clock.at(end, end_period, service, subscription["id"], end)
    if end - TOLD_BEFORE > service.now:
        service.clock.at(end - TOLD_BEFORE, tell_before, service, subscription["id"], end)


def tell_before(service: Service, name: str, end: int) -> None:
    """`invoice.upcoming`: an invoice that does not exist yet, and has no id that could be fetched."""
    subscription = service.find(name)
    if subscription["status"] in ENDED or item_of(subscription)["current_period_end"] != end:
        return
    item = item_of(subscription)
    upcoming = {
        "id": f"upcoming_{name}",
        "object": "invoice",
        "amount_due": item["price"]["unit_amount"] * item["quantity"],
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "next_payment_attempt": end,
        "parent": {"type": "subscription_details", "subscription_details": {"subscription": name}},
        "status": "draft",
    }
    service.emit("invoice.upcoming", upcoming)


def end_period(service: Service, name: str, end: int) -> None:
    """The period is over: the next one begins with a draft, unless it was to end or collecting is paused."""
    subscription = service.find(name)
    if subscription["status"] in ENDED or item_of(subscription)["current_period_end"] != end:
        return
    if subscription["cancel_at_period_end"]:
        stop(service, subscription, "cancellation_requested")
        return
    if subscription["status"] == "incomplete":
        return
    subscription |= {"trial_end": None, "trial_start": None}
    invoice = open_period(service, subscription, "subscription_cycle")
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    service.emit("customer.subscription.updated", subscription)
    _collect_unless_paused(service, subscription, invoice)


def _collect_unless_paused(service: Service, subscription: Row, invoice: Row) -> None:
    pause = subscription["pause_collection"]
    if pause is None:
        service.clock.at(service.now + invoices.DRAFT_LASTS, invoices.end_draft, service, invoice["id"])
    elif pause["behavior"] == "keep_as_draft":
        invoice |= {"auto_advance": False, "automatically_finalizes_at": None}
    else:
        invoices.let_go(service, invoice, "void" if pause["behavior"] == "void" else "uncollectible")


def follow(service: Service, subscription: Row, invoice: Row, outcome: str, intent: Row) -> None:
    """What an invoice's payment means for the subscription."""
    if subscription["status"] in ENDED:
        return
    if outcome in ("paid", "processing"):
        saves = subscription["payment_settings"]["save_default_payment_method"] == "on_subscription"
        if saves and intent["payment_method"]:
            subscription["default_payment_method"] = intent["payment_method"]
        if subscription["status"] in ("incomplete", "past_due") or saves:
            _move(service, subscription, "active")
    elif subscription["status"] != "incomplete":
        _move(service, subscription, "past_due")
        if invoice["next_payment_attempt"] is None:
            invoice["auto_advance"] = False
            stop(service, subscription, "payment_failed")


def _move(service: Service, subscription: Row, status: str) -> None:
    before, subscription["status"] = subscription["status"], status
    service.emit("customer.subscription.updated", subscription, {"status": before} if before != status else {})


def expire(service: Service, name: str) -> None:
    subscription = service.find(name)
    if subscription["status"] == "incomplete":
        _let_invoices_go(service, subscription)
        subscription["ended_at"] = service.now
        _move(service, subscription, "incomplete_expired")


def stop(service: Service, subscription: Row, reason: str) -> None:
    """Ended. Drafts will never be collected; the first invoice of one that was never paid is void."""
    before = subscription["status"]
    for invoice in _invoices_of(service, subscription):
        if invoice["status"] in ("draft", "open"):
            invoice |= {"auto_advance": False, "next_payment_attempt": None}
    if before == "incomplete":
        _let_invoices_go(service, subscription)
    subscription |= {
        "status": "canceled",
        "ended_at": service.now,
        "canceled_at": subscription["canceled_at"] or service.now,
    }
    subscription["cancellation_details"]["reason"] = reason
    service.emit("customer.subscription.deleted", subscription)


def _invoices_of(service: Service, subscription: Row) -> list[Row]:
    return [row for row in service.table("invoice").all() if invoices.subscription_of(service, row) is subscription]


def _let_invoices_go(service: Service, subscription: Row) -> None:
    for invoice in _invoices_of(service, subscription):
        if invoice["status"] == "open":
            invoices.let_go(service, invoice)


def cancel(service: Service, params: Row, name: str) -> Row:
    subscription = living(service, name)
    subscription["cancellation_details"] |= params.get("cancellation_details") or {}
    stop(service, subscription, "cancellation_requested")
    return subscription


def living(service: Service, name: str) -> Row:
    subscription = service.table("subscription").get(name)
    if subscription["status"] in ENDED:
        raise Refused(404, f"No such subscription: '{name}'", "resource_missing", param="id")
    return subscription
