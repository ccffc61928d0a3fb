"""Payment intents: from an amount to a charge, through a bank's challenge where the card wants one."""

from typing import Any

from tests.peers.stripe import charges, currencies, methods, money, tokens
from tests.peers.stripe.cards import Card
from tests.peers.stripe.failures import Refused, unexpected_state
from tests.peers.stripe.service import Service, shown
from tests.peers.stripe.tables import Row

ALL_TYPES = ("card", "link", "paypal", "sepa_debit")
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(service: Service, params: Row) -> Row:
    currency = params["currency"].lower()
    currencies.check_amount(params["amount"], currency)
    if customer := params.get("customer"):
        service.table("customer").get(customer, "customer")
    intent = make(service, params["amount"], currency, customer=customer, **_chosen(params))
    intent["payment_method_types"] = _compatible(intent)
    if params.get("payment_method"):
        intent["payment_method"] = service.table("payment_method").get(params["payment_method"], "payment_method")["id"]
        intent["status"] = "requires_confirmation"
    service.emit("payment_intent.created", intent)
    return confirm(service, params, intent["id"]) if params.get("confirm") else intent


def _chosen(params: Row) -> Row:
    allowed = params.get("allowed_payment_method_types")
    automatic = params.get("automatic_payment_methods") or ({"enabled": True} if allowed is None else None)
    return {
        "allowed_payment_method_types": allowed,
        "automatic_payment_methods": automatic,
        "payment_method_types": allowed or list(ALL_TYPES),
        "capture_method": params.get("capture_method", "automatic_async"),
        "description": params.get("description"),
        "metadata": params.get("metadata") or {},
        "payment_method_options": params.get("payment_method_options") or {},
        "receipt_email": params.get("receipt_email"),
        "setup_future_usage": params.get("setup_future_usage") or None,
    }


def _compatible(intent: Row) -> list[str]:
    """Those of the allowed types that this payment can be made with: debits know euros alone, and cannot be held."""
    debits = intent["currency"] == "eur" and intent["capture_method"] != "manual"
    found = [name for name in intent["payment_method_types"] if name != "sepa_debit" or debits]
    if not found:
        words = "None of the allowed payment method types is compatible with this PaymentIntent."
        raise Refused(400, words, "payment_intent_invalid_parameter", param="allowed_payment_method_types")
    return found


def make(service: Service, amount: int, currency: str, **fields: Any) -> Row:
    """An unconfirmed intent, without an event."""
    intent = service.add(
        "pi",
        "payment_intent",
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        canceled_at=None,
        cancellation_reason=None,
        confirmation_method="automatic",
        currency=currency,
        customer=None,
        last_payment_error=None,
        latest_charge=None,
        next_action=None,
        payment_method=None,
        payment_method_options={},
        processing=None,
        status="requires_payment_method",
    )
    intent |= _chosen({}) | fields
    intent["client_secret"] = f"{intent['id']}_secret_{service.random.getrandbits(96):024x}"
    return intent


def confirm(service: Service, params: Row, name: str) -> Row:
    """Takes a token or a payment method and tries to charge. Declines answer 402, and the intent waits for another."""
    intent = service.table("payment_intent").get(name)
    if intent["status"] not in OPEN:
        words = f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
        raise unexpected_state("payment_intent", words, shown(intent))
    _want_return_url(intent, params)
    card = _take_method(service, params, intent)
    if card.challenge and not params.get("off_session"):
        ask_for_challenge(service, intent)
        return intent
    attempt(service, intent, card, may_refuse=True)
    return intent


def _want_return_url(intent: Row, params: Row) -> None:
    """Methods that the dashboard chooses may lead away from the page, so the way back must be told."""
    automatic = intent["automatic_payment_methods"]
    if automatic and automatic.get("allow_redirects") != "never" and not params.get("return_url"):
        words = "This PaymentIntent accepts payment methods enabled in your Dashboard: you must provide a `return_url`."
        raise Refused(400, words, param="return_url")


def _take_method(service: Service, params: Row, intent: Row) -> Card:
    if token := params.get("confirmation_token"):
        held = service.table("confirmation_token").get(token, "confirmation_token")
        _check_type(intent, service.cards[token])
        card = tokens.use(service, token, intent)
        usage = params.get("setup_future_usage") or intent["setup_future_usage"] or held["setup_future_usage"]
        intent["setup_future_usage"] = usage or None
        intent["payment_method"] = methods.make(service, card)["id"]
        return card
    name = params.get("payment_method") or intent["payment_method"]
    if not name:
        words = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise unexpected_state("payment_intent", words, shown(intent))
    method = service.table("payment_method").get(name, "payment_method")
    _check_type(intent, service.cards[name])
    if method["customer"] not in (None, intent["customer"]):
        raise Refused(400, "The provided PaymentMethod belongs to another Customer.", param="payment_method")
    intent["payment_method"] = method["id"]
    return service.cards[name]


def _check_type(intent: Row, card: Card) -> None:
    if card.type not in intent["payment_method_types"]:
        words = f"The payment method type '{card.type}' is not allowed for this PaymentIntent."
        raise Refused(400, words, "payment_intent_invalid_parameter", param="payment_method")


def ask_for_challenge(service: Service, intent: Row) -> None:
    intent["status"] = "requires_action"
    intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    service.emit("payment_intent.requires_action", intent)


def attempt(service: Service, intent: Row, card: Card, *, may_refuse: bool = False, decline: str | None = None) -> bool:
    """One try at charging. False, or Refused with 402, if the bank declines; the intent tells what came of it."""
    intent["next_action"] = None
    if code := decline or card.decline:
        _declined(service, intent, card, code, may_refuse)
        return False
    intent["last_payment_error"] = None
    _keep_method(service, intent)
    if card.type == "sepa_debit":
        charge = charges.start_debit(service, intent, card)
        _move(service, intent, "processing", "payment_intent.processing")
        service.clock.at(charges.debit_day(service), end_debit, service, charge["id"])
        _tell(service, intent, "processing")
        return True
    charge = charges.make(service, intent, card, "succeeded")
    own = intent["payment_method_options"].get(card.type) or {}
    if (own.get("capture_method") or intent["capture_method"]) == "manual":
        intent["amount_capturable"] = intent["amount"]
        service.emit("charge.succeeded", charge)
        _move(service, intent, "requires_capture", "payment_intent.amount_capturable_updated")
    else:
        _succeed(service, intent, charge, intent["amount"])
    return True


def _keep_method(service: Service, intent: Row) -> None:
    """A method that is to be used again belongs to the customer from its first success on."""
    if intent["setup_future_usage"] and intent["customer"]:
        methods.give(service, service.find(intent["payment_method"]), intent["customer"])


def _succeed(service: Service, intent: Row, charge: Row, amount: int, *, first: bool = True) -> None:
    intent |= {"amount_received": amount, "amount_capturable": 0}
    charges.capture(service, charge, amount, first=first)
    _move(service, intent, "succeeded", "payment_intent.succeeded")
    _tell(service, intent, "paid")


def _declined(service: Service, intent: Row, card: Card, code: str, may_refuse: bool) -> None:
    error = charges.decline(service, intent, card, code)
    method = shown(service.find(intent["payment_method"]))
    intent |= {"last_payment_error": {**error, "payment_method": method}, "payment_method": None}
    _move(service, intent, "requires_payment_method", "payment_intent.payment_failed")
    _tell(service, intent, "failed")
    if may_refuse:
        extra = {key: value for key, value in error.items() if key not in ("message", "code", "type")}
        raise Refused(
            402, error["message"], error["code"], payment_intent=shown(intent), payment_method=method, **extra
        )


def end_debit(service: Service, charge_name: str) -> None:
    """A debit comes through, or the bank sends it back: days later, either way."""
    charge = service.find(charge_name)
    intent = service.find(charge["payment_intent"])
    if intent["status"] != "processing":
        return
    if service.cards[charge_name].later != "fails":
        _succeed(service, intent, charge, intent["amount"])
        if service.cards[charge_name].later == "bounces":
            service.clock.at(charges.debit_day(service), bounce, service, charge_name)
        return
    _debit_failed(service, intent, charge)


def bounce(service: Service, charge_name: str) -> None:
    """A debit that had come through is taken back by the payer's bank; what was settled leaves the balance."""
    charge = service.find(charge_name)
    paid = service.find(charge["balance_transaction"])
    if charge["amount_refunded"] or charge["disputed"]:
        return
    entry = money.enter(service, "payment_failure_refund", -paid["amount"], paid["currency"], source=charge_name)
    charge["failure_balance_transaction"] = entry["id"]
    _debit_failed(service, service.find(charge["payment_intent"]), charge)


def _debit_failed(service: Service, intent: Row, charge: Row) -> None:
    charge |= {"status": "failed", "paid": False, "failure_code": "insufficient_funds"}
    charge["failure_message"] = "The payment could not be collected: insufficient funds."
    service.emit("charge.failed", charge)
    intent["last_payment_error"] = {"type": "invalid_request_error", "code": "payment_intent_payment_attempt_failed",
                                    "message": charge["failure_message"], "charge": charge["id"]}  # fmt: skip
    intent["payment_method"] = None
    _move(service, intent, "requires_payment_method", "payment_intent.payment_failed")
    _tell(service, intent, "failed")


def complete_challenge(service: Service, intent: Row) -> None:
    """The bank is satisfied: the charge goes on."""
    attempt(service, intent, service.cards[intent["payment_method"]])


def fail_challenge(service: Service, intent: Row) -> None:
    words = "We are unable to authenticate your payment method. Please choose a different payment method and try again."
    error = {"code": "payment_intent_authentication_failure", "message": words, "type": "card_error"}
    intent |= {"last_payment_error": error, "payment_method": None, "next_action": None}
    _move(service, intent, "requires_payment_method", "payment_intent.payment_failed")


def capture(service: Service, params: Row, name: str) -> Row:
    intent = service.table("payment_intent").get(name)
    if intent["status"] != "requires_capture":
        words = f"This PaymentIntent could not be captured because it has a status of {intent['status']}."
        raise unexpected_state("payment_intent", words, shown(intent))
    amount = params.get("amount_to_capture", intent["amount_capturable"])
    if not 0 < amount <= intent["amount_capturable"]:
        raise Refused(
            400,
            "The amount to capture is greater than the authorized amount.",
            "amount_too_large",
            param="amount_to_capture",
        )
    _succeed(service, intent, service.find(intent["latest_charge"]), amount, first=False)
    return intent


def cancel(service: Service, params: Row, name: str) -> Row:
    intent = service.table("payment_intent").get(name)
    if intent["status"] not in (*OPEN, "requires_capture"):
        words = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
        raise unexpected_state("payment_intent", words, shown(intent))
    intent |= {
        "canceled_at": service.now,
        "cancellation_reason": params.get("cancellation_reason"),
        "next_action": None,
    }
    if intent["status"] == "requires_capture":
        charge = service.find(intent["latest_charge"])
        charge |= {"refunded": True, "amount_refunded": charge["amount"]}
        intent["amount_capturable"] = 0
        service.emit("charge.refunded", charge)
    _move(service, intent, "canceled", "payment_intent.canceled")
    return intent


def _tell(service: Service, intent: Row, outcome: str) -> None:
    """An intent that stands for an invoice tells it what became of the payment."""
    if ended := intent.get("_ended"):
        ended(service, intent, outcome)


def _move(service: Service, intent: Row, status: str, event: str) -> None:
    intent["status"] = status
    service.emit(event, intent)
