"""Where tests keep what a newsroom keeps: a scratch folder of their own, made before Django reads its settings."""

import os
import tempfile
from pathlib import Path

from tests import postgres, shared

SCRATCH = Path(tempfile.mkdtemp(prefix="hecto-tests-"))
_FIRST = shared.NAME not in os.environ  # of the run: workers start with what it set
if _FIRST:
    os.environ[shared.NAME] = str(SCRATCH / "shared")
    (SCRATCH / "shared").mkdir()
os.environ["HECTO_HOME"] = str(SCRATCH / "var")
os.environ["HECTO_KEYS"] = str(SCRATCH / "keys")
os.environ["HECTO_TIME_ZONE"] = "Europe/Riga"
(SCRATCH / "var/static").mkdir(parents=True)
if _FIRST and os.environ.get("HECTO_TEST_DATABASE") == "postgresql":
    address = postgres.start(SCRATCH)
    if address is None:  # on SQLite they would pass, and prove nothing
        raise SystemExit("PostgreSQL is not installed. `make system` says what to install.")
    os.environ["DATABASE_URL"] = address
