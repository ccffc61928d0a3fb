"""`books_seeds_equal`: random acts at the stand-in, hints over the wire twice, late, never and in any order; then the
sweep. `sweep_100k_s`, `sweep_pss_mb`: a first sweep of 100,000 balance transactions, by a process of its own over HTTP.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import run
from tests.peers.stripe.stand_in import StripeStandIn

SEEDS, ACTS, MOVEMENTS = 50, 500, 100_000


def books_seeds_equal() -> int:
    """How many of fifty seeds end equal to the cent."""
    with _newsroom() as environment:
        command = [sys.executable, "-m", "bench.support_acts", "storms", str(SEEDS), str(ACTS)]
        said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return int(json.loads(said.splitlines()[-1]))


def sweep_100k() -> dict[str, object]:
    """Seconds and memory (PSS) of a whole process that sweeps, from its start to its end."""
    with StripeStandIn() as peer, _newsroom() as environment:
        while len(peer.rows("balance_transactions")) < MOVEMENTS:
            for _ in range(1_000):
                peer.pay(500, "eur")
        act = ["sweep", peer.url, peer.keys.worker, str(len(peer.rows("balance_transactions")))]
        swept = run([sys.executable, "-m", "bench.support_acts", *act], environment=environment, memory=True)
    return {"sweep_100k_s": round(swept.seconds, 1), "sweep_pss_mb": round(swept.pss_mb, 1)}


@contextmanager
def _newsroom() -> Iterator[dict[str, str]]:
    """A newsroom's database with its tables, in a folder that goes away; the environment that names it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "var").mkdir()
        own = {"HECTO_HOME": f"{folder}/var", "HECTO_KEYS": f"{folder}/keys"}
        environment = {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.settings"}
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], env=environment, check=True)
        yield {**environment, "DJANGO_SETTINGS_MODULE": "bench.support_settings"}
