"""The stand-in as a process of its own, for the demo and for trying things by hand.

    python -m tests.peers.stripe --port 8070 --webhooks http://127.0.0.1:8090/webhooks/stripe

It prints nothing but errors, listens on loopback alone, follows the machine's clock, and ends on SIGTERM or SIGINT.

    --port N            where to listen; 0 for any free port (then see --keys)
    --webhooks URL      where events go, each at once and again for three days if need be; without it they stay unsent
    --secret-seed WORD  what the keys are drawn from ("demo"): the same word, the same keys. Each is a prefix and the
                        first 32 hex digits of sha256("WORD:NAME"): rk_test_ for NAME web, worker, operator, tester,
                        pk_test_ for publishable, whsec_ for webhook; acct_ and 16 digits for account
    --keys FILE         written once it listens, so that a starter may wait for it: a JSON object with url, script_url,
                        web, worker, operator, tester, publishable, webhook_secret and account
    --state FILE        where the account is kept, a second after each change and at the end; read at the start. Delete
                        it to begin anew. It holds no card's number
    --settles LIST      the currencies that the account holds ("eur"); all others are turned into the first
    --wallets LIST      what the payer's device has, of apple_pay and google_pay: none, if not said

`POST /_control/clock {"days": 31}` moves its clock; see `control.py` for all that can be done to it from outside.
"""

import argparse
import json
import pickle
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from tests.peers.stripe.service import Service
from tests.peers.stripe.stand_in import StripeStandIn

FORM = 1  # of what is kept: raised when rows or tables change, so that an older file is left aside


def main(words: list[str]) -> None:
    options = _options().parse_args(words)
    stopped = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    with _stand_in(options) as peer:
        if options.webhooks:
            peer.deliver_to(options.webhooks, by_itself=True)
        peer.drift("browser.wallets", [word for word in options.wallets.split(",") if word])
        if options.keys:
            whereabouts = {"url": peer.url, "script_url": peer.script_url}
            _write(options.keys, json.dumps({**whereabouts, **asdict(peer.keys)}).encode())
        kept = b""
        while not stopped.wait(1):
            kept = _turn(peer, options.state, kept)
        _turn(peer, options.state, kept)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.peers.stripe", add_help=True)
    parser.add_argument("--port", type=int, default=8070)
    parser.add_argument("--webhooks")
    parser.add_argument("--secret-seed", default="demo")
    parser.add_argument("--keys", type=Path)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--settles", default="eur")
    parser.add_argument("--wallets", default="")
    return parser


def _stand_in(options: argparse.Namespace) -> StripeStandIn:
    service = _kept(options.state) if options.state else None
    words = {"secret_seed": options.secret_seed, "settles": tuple(options.settles.split(","))}
    peer = StripeStandIn(**words, running=True, port=options.port, service=service)
    if service is None:
        peer.payouts_every_day()
    return peer


def _kept(state: Path) -> Service | None:
    """The account of an earlier run; None where there is none, or one of another version of the stand-in."""
    if not state.exists():
        return None
    try:
        form, service = pickle.loads(state.read_bytes())  # a file of our own, written below
    except (pickle.UnpicklingError, AttributeError, ImportError, EOFError, TypeError, ValueError):
        return None
    return service if form == FORM else None


def _turn(peer: StripeStandIn, state: Path | None, kept: bytes) -> bytes:
    """Works off what is due and keeps the account if it changed. Answers what is kept now."""
    with peer.lock:
        peer.service.clock.work_off()
        now = pickle.dumps((FORM, peer.service)) if state else b""
    if state and now != kept:
        _write(state, now)
    return now


def _write(path: Path, content: bytes) -> None:
    aside = path.with_suffix(".aside")
    aside.touch(mode=0o600)
    aside.write_bytes(content)
    aside.replace(path)


if __name__ == "__main__":
    main(sys.argv[1:])
