"""Restricted keys: three of them, each with the permissions that one of the newsroom's processes needs.

A fourth, the tester's, may do everything, the processor's test helpers included: the contract suite runs with it.
"""

from dataclasses import dataclass
from hashlib import sha256

from tests.peers.stripe.failures import Refused

READABLE = [
    "account",
    "balance",
    "balance_transaction",
    "charge",
    "confirmation_token",
    "customer",
    "dispute",
    "early_fraud_warning",
    "event",
    "invoice",
    "payment_intent",
    "payment_method",
    "payment_method_configuration",
    "payout",
    "portal",
    "price",
    "product",
    "refund",
    "setup_intent",
    "subscription",
    "webhook_endpoint",
]
WRITES = {
    "web": "customer payment_intent payment_method price product setup_intent subscription",
    "worker": "customer invoice payment_intent payment_method setup_intent subscription",
    "operator": "dispute refund",
    "tester": " ".join([*READABLE, "test_helper"]),
}
READS = {
    "web": "account charge confirmation_token invoice payment_method_configuration portal webhook_endpoint",
    "worker": " ".join(word for word in READABLE if word != "confirmation_token"),
    "operator": "balance balance_transaction charge invoice payment_intent payout",
    "tester": "",
}


@dataclass(frozen=True)
class Keys:
    """The account's secrets, all drawn from one seed."""

    web: str
    worker: str
    operator: str
    tester: str
    publishable: str
    webhook_secret: str
    account: str

    @classmethod
    def drawn_from(cls, seed: str) -> "Keys":
        def draw(word: str) -> str:
            return sha256(f"{seed}:{word}".encode()).hexdigest()[:32]

        restricted = {name: f"rk_test_{draw(name)}" for name in WRITES}
        return cls(**restricted, publishable=f"pk_test_{draw('publishable')}",
                   webhook_secret=f"whsec_{draw('webhook')}", account=f"acct_{draw('account')[:16]}")  # fmt: skip

    def name_of(self, key: str) -> str:
        """Which of the three a key is. Live keys and full secret keys are unknown here, and refused as such."""
        for name in WRITES:
            if key and key == getattr(self, name):
                return name
        if not key:
            raise Refused(401, "You did not provide an API key. You need to provide your API key as Bearer auth.")
        raise Refused(401, f"Invalid API Key provided: {key[:8]}****{key[-4:]}", "api_key_invalid")

    def permit(self, name: str, subject: str, write: bool) -> None:
        writes = WRITES[name].split()
        if subject in writes or (not write and subject in READS[name].split()):
            return
        right = f"rak_{subject}_{'write' if write else 'read'}"
        words = (
            f"The provided key '{getattr(self, name)[:8]}****' does not have the required permissions for this endpoint"
        )
        words += f" on account '{self.account}'. Having the '{right}' permission would allow this request to continue."
        raise Refused(403, words, "more_permissions_required")
