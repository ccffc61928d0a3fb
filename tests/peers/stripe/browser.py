"""The processor in the browser: its script, its frames, and the calls that these make with the publishable key."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.peers.stripe import cards, payments, setups, tokens
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.service import Service, shown
from tests.peers.stripe.tables import Row
from tests.peers.stripe.wire import Reply, Request

SCRIPT = Path(__file__).parent / "script"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
FRAME_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"
OPEN_TO_PAGES = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
SHOWN_TO_BROWSERS = "id object amount currency status client_secret next_action last_payment_error last_setup_error"


def answer(service: Service, request: Request) -> Reply:
    """`/v3/` is the script, `/v3/NAME` a file of its frames or, by POST, a call."""
    name = request.path.removeprefix("/v3/")
    if request.method == "GET":
        return _file(name or "stripe.js")
    calls = {"session": _session, "tokens": _token, "intent": _intent, "challenge": _challenge}
    try:
        body = calls[name](service, json.loads(request.body))
    except Refused as refused:
        return Reply(refused.status, json.dumps(refused.body).encode(), headers=OPEN_TO_PAGES)
    except (LookupError, ValueError, TypeError):
        return Reply(
            400, b'{"error": {"type": "invalid_request_error", "message": "Not understood."}}', headers=OPEN_TO_PAGES
        )
    return Reply(body=json.dumps(body).encode(), headers=OPEN_TO_PAGES)


def _file(name: str) -> Reply:
    path = SCRIPT / name
    if path.parent != SCRIPT or not path.is_file():
        return Reply(404, b"", "text/plain")
    policy = {"Content-Security-Policy": FRAME_POLICY} if path.suffix == ".html" else {}
    return Reply(200, path.read_bytes(), TYPES[path.suffix], {**OPEN_TO_PAGES, **policy})


def _check_key(service: Service, key: str) -> None:
    if key != service.keys.publishable:
        raise Refused(401, f"Invalid API Key provided: {key[:8]}****", "api_key_invalid")


def _session(service: Service, asked: Row) -> Row:
    """May this page show these ways of paying? What the account does not offer is refused."""
    _check_key(service, asked["key"])
    offered = {name for name, on in service.settings["payment_methods"].items() if on}
    if missing := set(asked["types"] or ["card"]) - offered:
        words = f"The payment method type provided: {min(missing)} is invalid. Please ensure it is activated."
        raise Refused(400, words, "payment_intent_invalid_parameter")
    if "sepa_debit" in (asked["types"] or ()) and str(asked["currency"]).lower() != "eur":
        words = "The payment method type sepa_debit is invalid. It takes payments in eur alone."
        raise Refused(400, words, "payment_intent_invalid_parameter")
    return {"wallets": service.settings["browser"]["wallets"]}


def _token(service: Service, typed: Row) -> Row:
    """A confirmation token of what was typed into the frame."""
    _check_key(service, typed["key"])
    billing: dict[str, Any] = typed["billing"]
    card = cards.of_number(typed["number"]) if typed["type"] == "card" else cards.of_iban(typed["iban"])
    if card is None:
        raise Refused(402, "Your card was declined.", "card_declined", decline_code="not_a_test_card")
    who = {
        "name": billing.get("name"),
        "email": billing.get("email"),
        "lives_in": billing.get("address", {}).get("country"),
    }
    if typed.get("wallet"):
        who["wallet"] = typed["wallet"]
    elif typed["type"] == "card":
        who |= {"exp_month": int(typed["expiry"][:2]), "exp_year": 2000 + int(typed["expiry"][2:])}
    return {"confirmationToken": shown(tokens.make(service, replace(card, **who), setup=typed.get("setup")))}


def _by_secret(service: Service, secret: str) -> Row:
    row = service.find(secret.partition("_secret_")[0])
    if row["client_secret"] != secret:
        raise Refused(400, "The client_secret provided does not match any associated intent on this account.")
    return row


def _intent(service: Service, asked: Row) -> Row:
    _check_key(service, asked["key"])
    row = shown(_by_secret(service, asked["secret"]))
    return {"intent": {key: row[key] for key in SHOWN_TO_BROWSERS.split() if key in row}}


def _challenge(service: Service, asked: Row) -> Row:
    """The payer's answer to the bank."""
    row = _by_secret(service, asked["secret"])
    subject = subject_of(row["id"])
    if row["status"] == "requires_action":
        (subject.complete_challenge if asked["passed"] else subject.fail_challenge)(service, row)
    return {"ok": True}


def subject_of(intent: str) -> Any:
    """The module that knows how to go on with an intent of this id."""
    return setups if intent.startswith("seti_") else payments
