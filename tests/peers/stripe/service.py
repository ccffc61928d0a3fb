"""The account: its tables, clock, money and events. Everything that a call or an act changes hangs here.

A service can be written to a file as it is: it holds plain rows, no open files and no threads.
"""

import json
import random
from typing import Any

from tests.peers.stripe.cards import Card
from tests.peers.stripe.clock import Clock
from tests.peers.stripe.failures import Refused
from tests.peers.stripe.idempotency import Idempotency
from tests.peers.stripe.keys import Keys
from tests.peers.stripe.tables import Row, Table

API_VERSION = "2026-10-28.endive"
PREFIXES = {
    "pi": "payment_intent",
    "seti": "setup_intent",
    "ch": "charge",
    "py": "charge",
    "cus": "customer",
    "pm": "payment_method",
    "sub": "subscription",
    "in": "invoice",
    "inpay": "invoice_payment",
    "prod": "product",
    "price": "price",
    "re": "refund",
    "pyr": "refund",
    "du": "dispute",
    "po": "payout",
    "txn": "balance_transaction",
    "evt": "event",
    "ctoken": "confirmation_token",
    "issfr": "early_fraud_warning",
}


class Service:
    """One account in test mode. `settles` are the currencies that it holds; all others are turned into the first."""

    def __init__(self, clock: Clock, keys: Keys, *, seed: int = 1, settles: tuple[str, ...] = ("eur",)) -> None:
        self.clock = clock
        self.keys = keys
        self.settles = settles
        self.random = random.Random(seed)
        self.tables = {kind: Table(kind) for kind in PREFIXES.values()}
        self.cards: dict[str, Card] = {}  # how a confirmation token or a payment method behaves
        self.balance: dict[str, dict[str, int]] = {}  # currency -> available, pending
        self.settings = first_settings()
        self.idempotency = Idempotency()
        self.undelivered: list[Row] = []  # events that the deliverer has not seen yet
        self.listens = False  # whether anyone takes deliveries
        self.cause: Row = {"id": None, "idempotency_key": None}

    @property
    def now(self) -> int:
        return self.clock.now

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_1{self.random.getrandbits(92):023x}"

    def table(self, kind: str) -> Table:
        return self.tables[kind]

    def add(self, prefix: str, kind: str, **fields: Any) -> Row:
        row: Row = {"id": self.new_id(prefix), "object": kind, "created": self.now, "livemode": False, **fields}
        return self.tables[PREFIXES[prefix]].add(row)

    def find(self, name: str) -> Row:
        """The object of this id, whatever it is."""
        kind = PREFIXES.get(name.split("_")[0])
        if kind is None:
            raise LookupError(name)
        return self.tables[kind].get(name)

    def emit(self, event_type: str, row: Row, previous: Row | None = None) -> None:
        """An event with the object as it is now."""
        event = self.add("evt", "event", account=None, api_version=API_VERSION, type=event_type, request=self.cause,
                         pending_webhooks=1, _snapshot=_snapshot(row), _previous=previous)  # fmt: skip
        if self.listens:
            self.undelivered.append(event)


def _snapshot(row: Row) -> str:
    return json.dumps({key: value for key, value in row.items() if key[0] != "_"})


def shown(row: Any) -> Any:
    """A row as an answer shows it: without what is private, with an event's snapshot opened."""
    if isinstance(row, list):
        return [shown(item) for item in row]
    if not isinstance(row, dict):
        return row
    open_row = {key: shown(value) for key, value in row.items() if not key.startswith("_")}
    if row.get("object") == "event":
        previous = {"previous_attributes": row["_previous"]} if row["_previous"] else {}
        open_row["data"] = {"object": json.loads(row["_snapshot"]), **previous}
    return open_row


def expanded(service: Service, row: Row, paths: list[str], key: str) -> Row:
    """The row shown, with the objects that `expand` names in place of their ids, where the `key` may read those."""
    answer = shown(row)
    for path in paths:
        _expand(service, answer, row, path.split("."), path, key)
    return answer


def _expand(service: Service, answer: Any, row: Any, names: list[str], path: str, key: str) -> None:
    head, *rest = names
    if head == "data" and isinstance(answer.get("data"), list):
        for item, source in zip(answer["data"], row["data"], strict=True):
            _expand(service, item, source, rest, path, key)
        return
    value, source = answer.get(head), row.get(head)
    if f"_{head}" in row:  # fields that are only included on demand
        answer[head] = value = shown(row[f"_{head}"])
        source = row[f"_{head}"]
    elif head not in row:
        raise Refused(400, f"This property cannot be expanded ({path}).", param="expand")
    elif isinstance(value, str):
        source = service.find(value)
        service.keys.permit(key, source["object"].rpartition(".")[2], write=False)
        answer[head] = value = shown(source)
    if rest and isinstance(value, dict):
        _expand(service, value, source, rest, path, key)


def first_settings() -> Row:
    """What an operator sets in the dashboard, as the newsroom wants it: every back door shut."""
    shown = dict.fromkeys(("card", "sepa_debit", "apple_pay", "google_pay"), True)
    doors = ("payment_method_update", "customer_update", "invoice_history", "subscription_update")
    return {
        "payment_methods": {**shown, "link": False, "paypal": False},
        "browser": {"wallets": []},  # what the payer's device has: "apple_pay", "google_pay"
        "portal": {"subscription_cancel": True, **dict.fromkeys(doors, False)},
        "webhook": {"api_version": API_VERSION, "status": "enabled", "url": ""},
    }
