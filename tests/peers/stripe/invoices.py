"""Invoices of subscriptions: drafted, finalised an hour later, paid or tried again; and what a payment's end means."""

from tests.peers.stripe import payments
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

DRAFT_LASTS = 3600
RETRY_DAYS = (1, 3, 5, 7, 9, 11, 13, 14)  # eight tries within two weeks of the first


def draft(service: Service, subscription: Row, reason: str, amount: int | None = None) -> Row:
    """An invoice for the subscription's present period."""
    item = subscription["items"]["data"][0]
    price = item["price"]
    total = price["unit_amount"] * item["quantity"] if amount is None else amount
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    invoice = service.add(
        "in",
        "invoice",
        amount_due=total,
        amount_overpaid=0,
        amount_paid=0,
        amount_remaining=total,
        attempt_count=0,
        attempted=False,
        auto_advance=True,
        automatic_tax={"enabled": False, "liability": None, "status": None},
        automatically_finalizes_at=service.now + DRAFT_LASTS,
        billing_reason=reason,
        collection_method="charge_automatically",
        currency=price["currency"],
        customer=subscription["customer"],
        customer_email=service.find(subscription["customer"]).get("email"),
        default_payment_method=None,
        description=None,
        due_date=None,
        ending_balance=None,
        hosted_invoice_url=None,
        lines={"object": "list", "has_more": False, "data": [_line(subscription, item, total, period)]},
        metadata={},
        next_payment_attempt=service.now + DRAFT_LASTS,
        number=None,
        parent=_parent(subscription),
        period_end=service.now,
        period_start=service.now,
        starting_balance=0,
        status="draft",
        status_transitions={"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        subtotal=total,
        total=total,
        _confirmation_secret=None,
        _payments={"object": "list", "has_more": False, "data": []},
    )
    subscription["latest_invoice"] = invoice["id"]
    service.emit("invoice.created", invoice)
    return invoice


def _parent(subscription: Row) -> Row:
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    return {"type": "subscription_details", "quote_details": None, "subscription_details": details}


def _line(subscription: Row, item: Row, total: int, period: Row) -> Row:
    pricing = {
        "type": "price_details",
        "price_details": {"price": item["price"]["id"], "product": item["price"]["product"]},
    }
    return {
        "id": f"il_{item['id']}",
        "object": "line_item",
        "amount": total,
        "currency": item["price"]["currency"],
        "period": period,
        "pricing": pricing,
        "quantity": item["quantity"],
        "subscription": subscription["id"],
    }


def subscription_of(service: Service, invoice: Row) -> Row:
    return service.find(invoice["parent"]["subscription_details"]["subscription"])


def finalize(service: Service, invoice: Row) -> None:
    """Open, with a payment intent that waits. Nothing to pay is paid at once."""
    invoice |= {"status": "open", "number": f"STANDIN-{len(service.table('invoice').rows):04}"}
    invoice |= {"automatically_finalizes_at": None}
    invoice["status_transitions"]["finalized_at"] = service.now
    service.emit("invoice.finalized", invoice)
    if not invoice["amount_due"]:
        _paid(service, invoice)
        return
    subscription = subscription_of(service, invoice)
    types = subscription["payment_settings"]["payment_method_types"]
    first = invoice["billing_reason"] == "subscription_create"
    save = subscription["payment_settings"]["save_default_payment_method"] == "on_subscription"
    intent = payments.make(
        service,
        invoice["amount_due"],
        invoice["currency"],
        customer=invoice["customer"],
        metadata={},
        setup_future_usage="off_session" if save else None,
        description="Subscription creation" if first else "Subscription update",
        allowed_payment_method_types=types,
        automatic_payment_methods=None,
        payment_method_types=types or list(payments.ALL_TYPES),
        _ended=payment_ended,
        _invoice=invoice["id"],
    )
    service.emit("payment_intent.created", intent)
    invoice["_confirmation_secret"] = {"client_secret": intent["client_secret"], "type": "payment_intent"}
    invoice["_payments"]["data"].append(_payment(service, invoice, intent))


def _payment(service: Service, invoice: Row, intent: Row) -> Row:
    return service.add(
        "inpay",
        "invoice_payment",
        amount_paid=None,
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )


def intent_of(service: Service, invoice: Row) -> Row | None:
    held = invoice["_payments"]["data"]
    return service.find(held[-1]["payment"]["payment_intent"]) if held else None


def collect(service: Service, invoice: Row, method: str | None = None) -> bool:
    """Tries to take the money with the subscription's card, or another. Whether it came, or is on its way."""
    intent = intent_of(service, invoice)
    name = method or default_method(service, invoice)
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
    if intent is None or intent["status"] in ("succeeded", "processing"):
        return True
    if name is None:
        payment_ended(service, intent, "failed")
        return False
    intent["payment_method"] = name
    card = service.cards[name]
    if card.type not in intent["payment_method_types"]:  # the plan was begun when fewer ways were open
        payment_ended(service, intent, "failed")
        return False
    if card.renewal == "challenge":
        payments.ask_for_challenge(service, intent)
        payment_ended(service, intent, "action")
        return False
    return payments.attempt(service, intent, card, decline=card.renewal)


def default_method(service: Service, invoice: Row) -> str | None:
    customer = service.find(invoice["customer"])
    named = subscription_of(service, invoice)["default_payment_method"]
    return named or (customer.get("invoice_settings") or {}).get("default_payment_method")


def payment_ended(service: Service, intent: Row, outcome: str) -> None:
    """What became of an invoice's payment: paid, failed, processing, or the bank asks (action)."""
    invoice = service.find(intent["_invoice"])
    subscription = subscription_of(service, invoice)
    if outcome == "paid":
        _paid(service, invoice)
    elif outcome in ("failed", "action"):
        _failed(service, invoice, subscription, outcome)
    subscription["_follows"](service, subscription, invoice, outcome, intent)


def _paid(service: Service, invoice: Row) -> None:
    invoice |= {
        "status": "paid",
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "next_payment_attempt": None,
    }
    invoice["status_transitions"]["paid_at"] = service.now
    for payment in invoice["_payments"]["data"]:
        payment |= {"status": "paid", "amount_paid": invoice["amount_due"]}
        payment["status_transitions"] = {**payment["status_transitions"], "paid_at": service.now}
        service.emit("invoice_payment.paid", payment)
    service.emit("invoice.paid", invoice)
    service.emit("invoice.payment_succeeded", invoice)


def _failed(service: Service, invoice: Row, subscription: Row, outcome: str) -> None:
    retry = None
    if invoice["billing_reason"] != "subscription_create" and invoice["status"] == "open":
        tries = invoice["attempt_count"] - 1
        first = invoice["status_transitions"]["finalized_at"]
        retry = first + RETRY_DAYS[tries] * 86_400 if 0 <= tries < len(RETRY_DAYS) else None
        if retry and retry > service.now:
            service.clock.at(retry, try_again, service, invoice["id"])
    invoice["next_payment_attempt"] = retry
    service.emit("invoice.payment_failed", invoice)
    if outcome == "action":
        service.emit("invoice.payment_action_required", invoice)


def try_again(service: Service, name: str) -> None:
    invoice = service.find(name)
    stopped = not invoice["auto_advance"] or subscription_of(service, invoice)["pause_collection"]
    due = invoice["next_payment_attempt"] is not None and invoice["next_payment_attempt"] <= service.now
    if invoice["status"] == "open" and due and not stopped:
        collect(service, invoice)


def let_go(service: Service, invoice: Row, status: str = "void") -> None:
    """Nobody will pay this any more: void, or uncollectible."""
    intent = intent_of(service, invoice)
    if intent and intent["status"] in payments.OPEN:
        payments.cancel(service, {"cancellation_reason": "void_invoice"}, intent["id"])
    when = "voided_at" if status == "void" else "marked_uncollectible_at"
    invoice |= {"status": status, "next_payment_attempt": None, "auto_advance": False}
    invoice["status_transitions"][when] = service.now
    service.emit("invoice.voided" if status == "void" else "invoice.marked_uncollectible", invoice)


def pay(service: Service, params: Row, name: str) -> Row:
    """`POST /v1/invoices/:id/pay`."""
    invoice = service.table("invoice").get(name)
    if invoice["status"] == "draft":
        finalize(service, invoice)
    if invoice["status"] != "open":
        raise Refused(400, f"Invoice is already {invoice['status']}", f"invoice_{invoice['status']}")
    if method := params.get("payment_method"):
        service.table("payment_method").get(method, "payment_method")
    if not collect(service, invoice, method):
        error = (intent_of(service, invoice) or {}).get("last_payment_error") or {}
        words = error.get("message", "This invoice has no payment method.")
        raise Refused(402, words, error.get("code", "invoice_payment_intent_requires_action"))
    return invoice


def void(service: Service, params: Row, name: str) -> Row:
    invoice = service.table("invoice").get(name)
    if invoice["status"] not in ("open", "uncollectible"):
        raise Refused(400, "You can only pass in open or uncollectible invoices.", "invoice_not_editable")
    let_go(service, invoice)
    return invoice


def finalize_by_call(service: Service, params: Row, name: str) -> Row:
    invoice = service.table("invoice").get(name)
    if invoice["status"] != "draft":
        raise Refused(400, "This invoice is already finalized.", "invoice_not_editable")
    finalize(service, invoice)
    return invoice


def end_draft(service: Service, name: str) -> None:
    """An hour after the draft: finalised, and the card is asked. Not if somebody stopped it in that hour."""
    invoice = service.find(name)
    if invoice["status"] != "draft" or not invoice["auto_advance"]:
        return
    finalize(service, invoice)
    if invoice["status"] == "open":
        collect(service, invoice)
