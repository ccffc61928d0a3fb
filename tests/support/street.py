"""A storm whose webhooks go the whole way: posted to a desk's own door over HTTP, sealed, kept in its spool on disk,
fetched by the newsroom's question, opened, and put into the inbox. The desk is a process of its own, as in life."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import timezone

from hectograph.newsroom.flows import desks, subscribe
from hectograph.newsroom.payment_keys import folder as keys_folder
from hectograph.readers import vault as vaults
from tests.peers.stripe.stand_in import StripeStandIn
from tests.process import port_for_later, wait_for
from tests.support.storm import SETTLES, Storm


@contextmanager
def storm_on_the_street(seed: int, folder: Path, settings: Any) -> Iterator[Storm]:
    """The storm's clock stands a little ahead of the machine's, by which desk and newsroom go."""
    start = int(time.time()) + 600
    with StripeStandIn(seed=seed, settles=SETTLES, start=start) as peer:
        over, vault = Storm(peer, "stripe"), vaults.make(folder / "keys", timezone.now())
        with _served(desk_file(folder, vault, peer, settings)) as address:
            peer.deliver_to(f"{address}/webhooks/stripe")
            over.fetch = lambda: _all(vault)
            yield over
    shutil.rmtree(keys_folder(), ignore_errors=True)


def _all(vault: vaults.Vault) -> None:
    while subscribe.pull(vault, timezone.now()):
        pass


def desk_file(folder: Path, vault: vaults.Vault, peer: StripeStandIn, settings: Any) -> Path:
    """The file of a desk that takes the stand-in's webhooks, at a free port."""
    settings.HECTO_SUPPORT_METHODS = ["card"]
    settings.HECTO_STRIPE_STAND_IN, settings.HECTO_STRIPE_PUBLISHABLE = peer.url, peer.publishable
    settings.HECTO_STRIPE_ACCOUNT = ""
    keys_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    (keys_folder() / "webhook").write_text(peer.webhook_secret)
    (keys_folder() / "webhook").chmod(0o600)
    at = f"127.0.0.1:{port_for_later()}"
    return desks.configure(vault, folder / "desk", address=f"http://{at}", listen=at)


@contextmanager
def _served(file: Path) -> Iterator[str]:
    at = next(line for line in file.read_text().splitlines() if line.startswith("listen")).split('"')[1]
    command = [sys.executable, "-m", "hectograph.desk.serving", str(file)]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        wait_for(int(at.rpartition(":")[2]), process)
        yield f"http://{at}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
