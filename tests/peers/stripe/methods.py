"""Payment methods and the customers that they belong to."""

from dataclasses import replace

from tests.peers.stripe import tokens
from tests.peers.stripe.cards import Card
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row


def make(service: Service, card: Card) -> Row:
    method = service.add("pm", "payment_method", allow_redisplay="unspecified", customer=None, metadata={})
    method |= tokens.details(card)
    service.cards[method["id"]] = card
    return method


def give(service: Service, method: Row, customer: str) -> None:
    """The method belongs to the customer from now on, and later payments begin without a challenge."""
    service.cards[method["id"]] = replace(service.cards[method["id"]], challenge=False)
    if method["customer"] != customer:
        method["customer"] = customer
        service.emit("payment_method.attached", method)


def attach(service: Service, params: Row, name: str) -> Row:
    method = service.table("payment_method").get(name)
    if method["customer"] is None and _was_used(service, name):
        words = "This PaymentMethod was previously used without being attached to a Customer and may not be used again."
        raise Refused(400, words, "payment_method_unexpected_state")
    give(service, method, service.table("customer").get(params["customer"], "customer")["id"])
    return method


def detach(service: Service, params: Row, name: str) -> Row:
    method = service.table("payment_method").get(name)
    if method["customer"] is None:
        raise Refused(400, "The payment method you provided is not attached to a customer so detachment is impossible.")
    previous, method["customer"] = method["customer"], None
    service.emit("payment_method.detached", method, {"customer": previous})
    return method


def _was_used(service: Service, name: str) -> bool:
    return any(charge["payment_method"] == name for charge in service.table("charge").rows.values())


def flip_country(service: Service, name: str, country: str | None) -> Row:
    """The card updater: the bank issued the card anew, and it now comes from elsewhere."""
    method = service.table("payment_method").get(name)
    kind = method["type"]
    before = dict(method[kind])
    method[kind]["country"] = country
    service.cards[name] = replace(service.cards[name], country=country)
    service.emit("payment_method.automatically_updated", method, {kind: before})
    return method


def make_customer(service: Service, params: Row) -> Row:
    fields = {key: params.get(key) or None for key in ("email", "name", "phone", "description")}
    customer = service.add(
        "cus",
        "customer",
        **fields,
        address=None,
        balance=0,
        currency=None,
        default_source=None,
        delinquent=False,
        invoice_prefix="STANDIN",
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        metadata=params.get("metadata") or {},
        preferred_locales=params.get("preferred_locales") or [],
        shipping=None,
        tax_exempt="none",
    )
    service.emit("customer.created", customer)
    return customer


def change_customer(service: Service, params: Row, name: str) -> Row:
    row = living_customer(service, name)
    changes = {key: value for key, value in params.items() if key in ("email", "name", "description", "metadata")}
    previous = {key: row[key] for key in changes}
    row |= changes
    if default := (params.get("invoice_settings") or {}).get("default_payment_method"):
        service.table("payment_method").get(default, "invoice_settings[default_payment_method]")
        row["invoice_settings"] = {**row["invoice_settings"], "default_payment_method": default}
    service.emit("customer.updated", row, previous)
    return row


def living_customer(service: Service, name: str) -> Row:
    row = service.table("customer").get(name)
    if row.get("deleted"):
        raise Refused(404, f"No such customer: '{name}'", "resource_missing", param="id")
    return row


def delete_customer(service: Service, row: Row) -> Row:
    """Gone for good: the object stays as a stub without anything personal, methods are detached."""
    for method in service.table("payment_method").all():
        if method["customer"] == row["id"]:
            method["customer"] = None
    before = dict(row)
    for key in [key for key in row if key not in ("id", "object", "created")]:
        del row[key]
    row["deleted"] = True
    service.emit("customer.deleted", before)
    return row
