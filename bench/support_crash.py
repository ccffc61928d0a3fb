"""`double_charges`, `untrue_pages`: payments whose process is killed between any two steps, against the stand-in over
HTTP: each is charged once or not at all, and its page says which. `killed_plans` does the same to plans (no figure)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.peers.stripe.stand_in import StripeStandIn

RUNS, SEED = 500, 7


def killed_payments(runs: int = RUNS, seed: int = SEED) -> dict[str, object]:
    """All that came of it, with `strays` in words."""
    return _killed("bench.support_kills", ("web",), runs, seed)


def killed_plans(runs: int = RUNS, seed: int = SEED) -> dict[str, object]:
    """The same of what comes after a plan began: wishes, another card among them, renewals, and failed ones."""
    return _killed("bench.support_plan_kills", ("web", "worker"), runs, seed)


def _killed(program: str, keys: tuple[str, ...], runs: int, seed: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, StripeStandIn() as peer:
        (Path(folder) / "var").mkdir()
        own = {"HECTO_HOME": f"{folder}/var", "HECTO_KEYS": f"{folder}/keys", "DATABASE_URL": ""}
        environment = {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "bench.support_settings"}
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], env=environment, check=True)
        words = [peer.url, *(getattr(peer.keys, key) for key in keys), str(runs), str(seed)]
        command = [sys.executable, "-m", program, *words]
        said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, object] = json.loads(said.splitlines()[-1])
    return found


def killed_payments_figures() -> dict[str, object]:
    """The two figures of the issue."""
    found = killed_payments()
    return {name: found[name] for name in ("double_charges", "untrue_pages")}
