"""The stand-in as a process: it says where it is, delivers by itself, and remembers its account over a restart."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stripe import StripeClient

from tests.peers.stripe.keys import Keys

ROOT = Path(__file__).parents[2]


@contextmanager
def process(folder: Path) -> Iterator[dict[str, Any]]:
    """A stand-in of its own; its keys, once it listens."""
    keys = folder / "keys.json"
    command = [sys.executable, "-m", "tests.peers.stripe", "--port", "0", "--keys", str(keys)]
    command += ["--state", str(folder / "state"), "--secret-seed", "test"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 30
        while not keys.exists() and running.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        yield json.loads(keys.read_text())
    finally:
        running.send_signal(signal.SIGTERM)
        said, _ = running.communicate(timeout=30)
        keys.unlink(missing_ok=True)
        assert (running.returncode, said) == (0, b"")


def test_an_account_is_there_again_after_a_restart(tmp_path: Path) -> None:
    with process(tmp_path) as told:
        client = StripeClient(told["tester"], base_addresses={"api": told["url"]})
        token = client.v1.test_helpers.confirmation_tokens.create({"payment_method": "pm_card_de"})
        intent = client.v1.payment_intents.create(
            {"amount": 500, "currency": "eur", "allowed_payment_method_types": ["card"]}
        )
        client.v1.payment_intents.confirm(intent.id, {"confirmation_token": token.id})
        before = client.v1.balance.retrieve().pending[0].amount
    with process(tmp_path) as told:
        client = StripeClient(told["tester"], base_addresses={"api": told["url"]})
        assert client.v1.balance.retrieve().pending[0].amount == before
        assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"
        assert told["web"] == Keys.drawn_from("test").web
