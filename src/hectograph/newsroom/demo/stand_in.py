"""The demo's payment service: a stand-in on this machine, a process of its own, so that no money moves.

It lives with the tests, in a checkout; without one the demo takes no payments.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hectograph.desk import orphans
from hectograph.errors import Problem
from hectograph.newsroom import payment_keys
from hectograph.newsroom.flows import desk_support
from hectograph.payments.policy import Policy
from hectograph.support import policy_row

_ROOT = Path(__file__).parents[4]
_MODULE = "tests.peers.stripe"
_BLOCKED, _CAUTION = frozenset(("BY", "RU")), frozenset(("AM", "GE", "KG", "KZ"))
_LISTS = ("HECTO_SUPPORT_METHODS", "HECTO_TRANSFER_CURRENCIES")
_WAIT = 30.0  # seconds


def is_here() -> bool:
    return (_ROOT / "tests" / "peers" / "stripe" / "__main__.py").exists()


def prepare(port: int) -> None:
    """Put its keys where the cashier and the desk look for them, and set up what the newsroom takes, refuses and asks
    about. Done already is done."""
    facts = settings.HECTO_HOME / "stand-in.json"
    if not facts.exists():
        _ask_for_keys(facts)
    found = json.loads(facts.read_text())
    folder = payment_keys.folder()
    for each in (folder.parent, folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("web", "worker", "operator"):
        _write(folder / name, found[name])
    _write(folder / desk_support.WEBHOOK, found["webhook_secret"])
    for name, value in environment(port).items():
        setattr(settings, name, value.split(",") if name in _LISTS else value)
    if policy_row.current() is None:
        policy_row.publish(Policy(0, _BLOCKED, _CAUTION), "demo", timezone.now())


def environment(port: int) -> dict[str, str]:
    """What the demo's processes are told of it."""
    found = json.loads((settings.HECTO_HOME / "stand-in.json").read_text())
    return {
        "HECTO_SUPPORT_METHODS": "card,sepa,transfer",
        "HECTO_TRANSFER_IBAN": "DE89370400440532013000",  # the standard's own example
        "HECTO_TRANSFER_HOLDER": "The Meridian Courier",
        "HECTO_TRANSFER_CURRENCIES": "EUR,USD",
        "HECTO_STRIPE_PUBLISHABLE": found["publishable"],
        "HECTO_STRIPE_ACCOUNT": found["account"],
        "HECTO_STRIPE_STAND_IN": f"http://127.0.0.1:{port}",
    }


def start(port: int, desk: int) -> subprocess.Popen[bytes]:
    """The running stand-in; what happened in it before is remembered."""
    where = ["--webhooks", f"http://127.0.0.1:{desk}/webhooks/stripe"]
    state = ["--state", str(settings.HECTO_HOME / "stand-in.state")]
    return _process("--port", str(port), "--settles", "usd,eur", *where, *state)


def _process(*words: str) -> subprocess.Popen[bytes]:
    command = orphans.bound(sys.executable, "-m", _MODULE, *words)
    return subprocess.Popen(command, cwd=_ROOT, env=dict(os.environ))  # noqa: S603 (our own words alone)


def _ask_for_keys(facts: Path) -> None:
    """It writes them when it runs: let it, for a moment."""
    process = _process("--port", "0", "--keys", str(facts))
    try:
        end = time.monotonic() + _WAIT
        while not facts.exists():
            if process.poll() is not None or time.monotonic() > end:
                raise Problem("The stand-in for the payment service did not start.", "Run `make setup`, and try again.")
            time.sleep(0.05)
    finally:
        process.terminate()
        process.wait()


def _write(path: Path, secret: str) -> None:
    path.touch(mode=0o600)
    path.write_text(secret)
