"""A vault, a newsroom with a desk's letters to take in, and a relay that can misbehave."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hectograph.post import relay
from hectograph.readers import intake, outbox, vault
from hectograph.readers.outbox import Outbox
from hectograph.readers.small_mail import House
from hectograph.readers.subscriber import Subscriber
from hectograph.readers.vault import Vault
from hectograph.sealing import capability
from hectograph.sealing.envelope import INTAKE
from hectograph.sealing.seal import seal

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADDRESS = "anna.reader@example.org"


class Readers:
    """Acts of readers as the newsroom gets them: sealed envelopes."""

    def __init__(self, opened: Vault) -> None:
        self.vault = opened

    def envelope(self, **words: object) -> bytes:
        return seal(self.vault.ring.current(INTAKE).public, json.dumps(words).encode())

    def sign_up(self, address: str = ADDRESS, language: str = "en", at: datetime = NOW) -> str:
        words = {"kind": "sign-up", "address": address, "language": language, "letter": "", "text": "v1"}
        return intake.take(self.vault, self.envelope(**words), at)

    def wish(self, purpose: int, number: str, at: datetime = NOW, **chosen: str) -> str:
        words = {"kind": "wish", "purpose": purpose, "number": number, "chosen": chosen}
        return intake.take(self.vault, self.envelope(**words), at)

    def one(self, address: str = ADDRESS) -> Subscriber:
        return Subscriber.objects.get(index=self.vault.index(address))

    def confirmed(self, address: str = ADDRESS) -> Subscriber:
        self.sign_up(address)
        assert self.wish(1, self.one(address).confirm_number) == "confirmed"
        return self.one(address)

    def link(self, text: str) -> capability.Capability | None:
        public: Ed25519PublicKey = self.vault.links.public_key()
        return capability.check(public, text, NOW)


@pytest.fixture
def opened(tmp_path: Path) -> Vault:
    return vault.make(tmp_path / "opener", NOW)


@pytest.fixture
def readers(db: None, opened: Vault) -> Readers:
    return Readers(opened)


class Relay:
    """Takes mails, and answers as told: one fate after the other, then acceptance."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.fates: list[relay.Fate] = []
        self.before: Callable[[], None] = lambda: None
        self.down = False

    def hand(self, sender: str, to: str, message: bytes) -> relay.Fate:
        self.before()
        fate = self.fates.pop(0) if self.fates else relay.Fate.ACCEPTED
        if fate in (relay.Fate.ACCEPTED, relay.Fate.UNCERTAIN):
            self.taken.append((to, message.decode()))
        return fate

    def __enter__(self) -> "Relay":
        if self.down:
            raise relay.RelayProblem("The mail relay can't be reached.")
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


@pytest.fixture
def post(opened: Vault, monkeypatch: pytest.MonkeyPatch) -> tuple[Outbox, Relay]:
    peer = Relay()
    monkeypatch.setattr(outbox, "connect", lambda _: peer)
    house = House("The Courier", "https://links.example", "https://courier.example/how.html")
    return Outbox(opened, relay.Relay("x", 25, "none"), "letter@courier.example", lambda language: house), peer
