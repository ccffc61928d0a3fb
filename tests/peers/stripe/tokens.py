"""Confirmation tokens: made in the browser, read by the server, used once, within twelve hours."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from tests.peers.stripe.cards import Card, of_iban, of_number
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service
from tests.peers.stripe.tables import Row

LIVES = 12 * 3600
NAMED = {  # pm_card_… as the processor's test helpers know them
    "visa": "4242424242424242", "us": "4242424242424242", "chargeDeclined": "4000000000000002",
    "visa_chargeDeclined": "4000000000000002", "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "authenticationRequired": "4000002760003184", "createDispute": "4000000000000259", "refundFail": "4000000000005126",
    "de": "4000002760000016", "by": "4000001120000005", "gb": "4000008260000000", "pl": "4000006160000005",
}  # fmt: skip


def make(service: Service, card: Card, *, setup: str | None = None) -> Row:
    token = service.add(
        "ctoken",
        "confirmation_token",
        expires_at=service.now + LIVES,
        mandate_data=_agreed() if card.type == "sepa_debit" else None,
        metadata=None,
        payment_intent=None,
        payment_method_options=None,
        payment_method_preview={**details(card), "allow_redisplay": "unspecified", "customer": None},
        return_url=None,
        setup_future_usage=setup,
        setup_intent=None,
        shipping=None,
        use_stripe_sdk=True,
    )
    service.cards[token["id"]] = card
    return token


def _agreed() -> Row:
    """The payer saw the mandate's words under the fields of a debit, and went on."""
    return {"customer_acceptance": {"type": "online", "online": {"ip_address": "192.0.2.1", "user_agent": "A browser"}}}


def drawn(number: str | None = None, iban: str | None = None, **fields: Any) -> Card:
    """The card of a test number or an account number, changed by `fields`; by default one that pays."""
    card = (
        of_number(number)
        if number
        else of_iban(iban)
        if iban
        else Card(last4="3000" if fields.get("type") == "sepa_debit" else "4242")
    )
    if card is None:
        raise Refused(402, "Your card number is incorrect.", "incorrect_number", param="number")
    return replace(card, **fields)


def create_for_test(service: Service, params: Row) -> Row:
    """`POST /v1/test_helpers/confirmation_tokens` with one of the processor's named payment methods."""
    name = params.get("payment_method", "pm_card_visa")
    number = NAMED.get(name.removeprefix("pm_card_"))
    if number is None:
        raise Refused(400, f"No such PaymentMethod: '{name}'", "resource_missing", param="payment_method")
    return make(service, drawn(number), setup=params.get("setup_future_usage"))


def use(service: Service, name: str, intent: Row) -> Card:
    """Takes the token for an intent. Refused if it is unknown, used or too old."""
    token = service.table("confirmation_token").get(name, "confirmation_token")
    if token["payment_intent"] or token["setup_intent"]:
        words = f"The provided ConfirmationToken '{name}' has already been used to confirm an intent."
        raise Refused(400, words, "confirmation_token_already_used", param="confirmation_token")
    if token["expires_at"] <= service.now:
        words = f"The provided ConfirmationToken '{name}' has expired."
        raise Refused(400, words, "confirmation_token_expired", param="confirmation_token")
    token[intent["object"]] = intent["id"]
    return service.cards[name].revealed()


def details(card: Card) -> Row:
    """The part of a preview or a payment method that tells what it is."""
    address = {"city": None, "country": card.lives_in, "line1": None, "line2": None, "postal_code": None, "state": None}
    billing = {"address": address, "email": card.email, "name": card.name, "phone": None, "tax_id": None}
    kinds = {"card": _card, "sepa_debit": _debit, "link": lambda card: {"email": card.email}}
    return {"billing_details": billing, "type": card.type, card.type: kinds.get(card.type, lambda card: {})(card)}


def _card(card: Card) -> Row:
    wallet = {"type": card.wallet, "dynamic_last4": card.last4, card.wallet: {}} if card.wallet else None
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": fingerprint(card),
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": wallet,
    }


def _debit(card: Card) -> Row:
    return {
        "bank_code": "37040044",
        "branch_code": "",
        "country": card.country,
        "fingerprint": fingerprint(card),
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": card.last4,
    }


def fingerprint(card: Card) -> str:
    return sha256(f"{card.brand}{card.last4}{card.country}".encode()).hexdigest()[:16]
