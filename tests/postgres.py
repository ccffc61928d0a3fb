"""A PostgreSQL of the tests' own, in a scratch folder: `HECTO_TEST_DATABASE=postgresql`."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.process import port_for_later

_running: list[list[str]] = []
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def start(folder: Path) -> str | None:
    """Its address as DATABASE_URL has it; None where PostgreSQL is not installed."""
    if not _BINARIES:
        return None
    binaries, port = _BINARIES[-1].parent, port_for_later()
    data = folder / "postgresql"
    data.mkdir(parents=True)
    owner: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = ["runuser", "-u", "postgres", "--"]
        folder.chmod(0o755)
        shutil.chown(data, "postgres", "postgres")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    make = [*owner, str(binaries / "initdb"), "-D", str(data), "-U", "hecto", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run([*make, "--no-sync"], **quiet)  # type: ignore[call-overload]
    control = [*owner, str(binaries / "pg_ctl"), "-D", str(data), "-l", str(data / "log"), "-w"]
    options = f"-p {port} -h 127.0.0.1 -k {data} -F"
    subprocess.run([*control, "-o", options, "start"], **quiet)  # type: ignore[call-overload]
    _running.append([*control, "-m", "immediate", "stop"])
    return f"postgres://hecto@127.0.0.1:{port}/postgres"


def stop() -> None:
    """Stop what `start` started."""
    while _running:
        subprocess.run(_running.pop(), stdout=subprocess.DEVNULL, cwd="/", check=False)


def stop_newest() -> None:
    """Stop the one that was started last: a test's own, beside the one that the whole run may use."""
    subprocess.run(_running.pop(), stdout=subprocess.DEVNULL, cwd="/", check=False)
