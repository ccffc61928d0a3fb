"""Setup intents: a card is made ready for later payments; nothing is charged."""

from tests.peers.stripe import charges, methods, tokens
from tests.peers.stripe.cards import Card
from tests.peers.stripe.failures import Refused, unexpected_state
from tests.peers.stripe.service import Service, shown
from tests.peers.stripe.tables import Row

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(service: Service, params: Row) -> Row:
    if customer := params.get("customer"):
        service.table("customer").get(customer, "customer")
    allowed = params.get("allowed_payment_method_types")
    intent = service.add(
        "seti",
        "setup_intent",
        allowed_payment_method_types=allowed,
        automatic_payment_methods=None if allowed else {"enabled": True},
        cancellation_reason=None,
        customer=customer,
        description=params.get("description"),
        last_setup_error=None,
        latest_attempt=None,
        mandate=None,
        metadata=params.get("metadata") or {},
        next_action=None,
        payment_method=None,
        payment_method_options={},
        payment_method_types=allowed or ["card", "link", "paypal", "sepa_debit"],
        single_use_mandate=None,
        status="requires_payment_method",
        usage=params.get("usage", "off_session"),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{service.random.getrandbits(96):024x}"
    service.emit("setup_intent.created", intent)
    return confirm(service, params, intent["id"]) if params.get("confirm") else intent


def confirm(service: Service, params: Row, name: str) -> Row:
    intent = service.table("setup_intent").get(name)
    if intent["status"] not in OPEN:
        raise unexpected_state(
            "setup_intent", f"You cannot confirm a SetupIntent that is {intent['status']}.", shown(intent)
        )
    token = params.get("confirmation_token")
    if not token:
        raise Refused(
            400,
            "You cannot confirm this SetupIntent because it's missing a payment method.",
            "setup_intent_unexpected_state",
        )
    service.table("confirmation_token").get(token, "confirmation_token")
    if service.cards[token].type not in intent["payment_method_types"]:
        raise Refused(
            400, "The payment method type is not allowed for this SetupIntent.", "setup_intent_invalid_parameter"
        )
    debit = _mandate(service, params, token) if service.cards[token].type == "sepa_debit" else None
    card = tokens.use(service, token, intent)
    intent["mandate"] = debit
    intent["payment_method"] = methods.make(service, card)["id"]
    if card.decline:
        _refuse(service, intent, card)
    if card.challenge:
        intent |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}}}
        service.emit("setup_intent.requires_action", intent)
    else:
        complete_challenge(service, intent)
    return intent


def _mandate(service: Service, params: Row, token: str) -> str:
    """The id of the mandate that a debit needs: its words were agreed to in the browser, or the call says so."""
    if not (params.get("mandate_data") or service.find(token)["mandate_data"]):
        words = "You must provide mandate_data to confirm this SetupIntent with a sepa_debit payment method."
        raise Refused(400, words, "parameter_missing", param="mandate_data")
    return service.new_id("mandate")


def _refuse(service: Service, intent: Row, card: Card) -> None:
    code = card.decline or ""
    error = charges.error_of(code)
    intent |= {"last_setup_error": error, "payment_method": None, "status": "requires_payment_method"}
    service.emit("setup_intent.setup_failed", intent)
    raise Refused(402, error["message"], error["code"], setup_intent=shown(intent), decline_code=code)


def complete_challenge(service: Service, intent: Row) -> None:
    """The card is ready: it now belongs to the customer, and later payments need no challenge for a start."""
    if intent["customer"]:
        methods.give(service, service.find(intent["payment_method"]), intent["customer"])
    intent |= {"status": "succeeded", "next_action": None}
    service.emit("setup_intent.succeeded", intent)


def fail_challenge(service: Service, intent: Row) -> None:
    words = "We are unable to authenticate your payment method. Please choose a different payment method and try again."
    error = {"code": "setup_intent_authentication_failure", "message": words, "type": "card_error"}
    intent |= {
        "last_setup_error": error,
        "payment_method": None,
        "next_action": None,
        "status": "requires_payment_method",
    }
    service.emit("setup_intent.setup_failed", intent)


def cancel(service: Service, params: Row, name: str) -> Row:
    intent = service.table("setup_intent").get(name)
    if intent["status"] not in OPEN:
        raise unexpected_state(
            "setup_intent", f"You cannot cancel a SetupIntent that is {intent['status']}.", shown(intent)
        )
    intent |= {"status": "canceled", "cancellation_reason": params.get("cancellation_reason"), "next_action": None}
    service.emit("setup_intent.canceled", intent)
    return intent
