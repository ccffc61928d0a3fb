"""Restricted keys: three of them, each with the permissions that one of the newsroom's processes needs.

A fourth, the tester's, may do everything, the processor's test helpers included: the contract suite runs with it.
"""

from dataclasses import dataclass
from hashlib import sha256

from hectograph.payments.processors.stripe import permissions
from tests.peers.stripe.failures import Refused

NAMES = ("web", "worker", "operator", "tester")


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

        restricted = {name: f"rk_test_{draw(name)}" for name in NAMES}
        return cls(**restricted, publishable=f"pk_test_{draw('publishable')}",
                   webhook_secret=f"whsec_{draw('webhook')}", account=f"acct_{draw('account')[:16]}")  # fmt: skip

    def name_of(self, key: str) -> str:
        """Which of the three a key is. Live keys and full secret keys are unknown here, and refused as such."""
        for name in NAMES:
            if key and key == getattr(self, name):
                return name
        if not key:
            raise Refused(401, "You did not provide an API key. You need to provide your API key as Bearer auth.")
        raise Refused(401, f"Invalid API Key provided: {key[:8]}****{key[-4:]}", "api_key_invalid")

    def permit(self, name: str, subject: str, write: bool) -> None:
        """Refuse what the key lacks: the newsroom's have what its table says, and nothing else."""
        if name == "tester" or permissions.may(name, subject, write=write):
            return
        right = f"rak_{subject}_{'write' if write else 'read'}"
        words = (
            f"The provided key '{getattr(self, name)[:8]}****' does not have the required permissions for this endpoint"
        )
        words += f" on account '{self.account}'. Having the '{right}' permission would allow this request to continue."
        raise Refused(403, words, "more_permissions_required")
