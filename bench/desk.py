"""The desk and the opener, each a process of its own as in production, on this machine:

    uv run python -m bench.desk --json

Prints one JSON object: sign-ups a second and their latency, memory of a desk at rest, envelopes opened a second, seconds
from the form to the relay, memory of importing a million readers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from bench import measure

_CONNECTIONS = 24
_MAIN = [sys.executable, "-m", "hectograph.newsroom.command.main"]


def _port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Machine:
    """A newsroom with one desk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.desk_port, self.smtp_port = folder, _port(), _port()
        self.environment = {
            **os.environ,
            "HECTO_HOME": str(folder / "var"),
            "HECTO_KEYS": str(folder / "keys"),
            "HECTO_RELAY": f"smtp+plain://127.0.0.1:{self.smtp_port}",
            "HECTO_LINKS": f"http://127.0.0.1:{self.desk_port}",
            "HECTO_LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "hectograph.newsroom.settings",
        }
        at = f"127.0.0.1:{self.desk_port}"
        configure = ["desk", "--configure", "--address", f"http://{at}", "--listen", at]
        for words in (["init", "--no-account"], ["keys", "make"], configure):
            subprocess.run([*_MAIN, *words], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start_desk(self) -> subprocess.Popen[bytes]:
        """As a desk's host has it, on one core: every limit on, distinct clients by the header of the proxy in front."""
        file = self.folder / "var/desk/desk.toml"
        file.write_text(file.read_text().replace('client_header = ""', 'client_header = "x-client"'))
        command = ["taskset", "-c", "0", sys.executable, "-m", "hectograph.desk.serving", str(file)]
        process = subprocess.Popen(command, env=self.environment)
        for _ in range(300):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.desk_port)) == 0:
                    return process
            time.sleep(0.05)
        raise RuntimeError("the desk does not answer")


def _request(address: str, client: str, *, close: bool = False) -> bytes:
    body = urlencode({"address": address, "language": "en", "after": "8"}).encode()
    lines = ["POST /sign-up HTTP/1.1", "Host: desk", "Content-Type: application/x-www-form-urlencoded"]
    lines += [f"X-Client: {client}", f"Content-Length: {len(body)}", *(["Connection: close"] if close else [])]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _client(port: int, number: int, end: float, taken: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.perf_counter() < end:
        count += 1
        started = time.perf_counter()
        writer.write(_request(f"r{number}.{count}@example.org", f"{number}.{count}"))
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the desk refused: {head.splitlines()[0].decode()}")
        taken.append(time.perf_counter() - started)
    writer.close()


async def _flood(port: int, seconds: float) -> list[float]:
    """Seconds of each answer; each client sends one sign-up after the other."""
    end, taken = time.perf_counter() + seconds, list[float]()
    await asyncio.gather(*(_client(port, number, end, taken) for number in range(_CONNECTIONS)))
    return taken


def signups(machine: Machine, seconds: float) -> dict[str, Any]:
    desk = machine.start_desk()
    try:
        time.sleep(1)
        at_rest = _pss(desk.pid)
        started, own = time.perf_counter(), time.process_time()
        taken = asyncio.run(_flood(machine.desk_port, seconds))
        passed, spent = time.perf_counter() - started, time.process_time() - own
    finally:
        desk.terminate()
        desk.wait()
    return {
        "desk_signups_per_s": round(len(taken) / passed),
        "desk_p99_ms": round(1000 * statistics.quantiles(taken, n=100)[-1], 1),
        "desk_pss_mb": round(at_rest),
        "generator_cpu_share": round(spent / passed, 2),
    }


def _pss(pid: int) -> float:
    process = psutil.Process(pid)
    return float(sum(one.memory_full_info().pss for one in [process, *process.children(recursive=True)]) / 1e6)


_PULL = """
import json, time
import django; django.setup()
from django.utils import timezone
from hectograph.newsroom import opener
from hectograph.newsroom.flows import subscribe
vault = opener.open_vault()
started = time.perf_counter()
came = subscribe.pull(vault, timezone.now())
print(json.dumps({"came": came, "seconds": time.perf_counter() - started}))
"""


def pulling(machine: Machine) -> dict[str, Any]:
    """Everything that the flood left in the spool: fetched, opened, de-duplicated, stored."""
    desk = machine.start_desk()
    try:
        done = subprocess.run([sys.executable, "-c", _PULL], env=machine.environment, check=True, capture_output=True)
    finally:
        desk.terminate()
        desk.wait()
    found = json.loads(done.stdout)
    return {"pull_per_s": round(found["came"] / found["seconds"]), "pulled": found["came"]}


_RELAY = """
import sys, time
from aiosmtpd.controller import Controller
class Keep:
    async def handle_DATA(self, server, session, envelope):
        print(envelope.rcpt_tos[0], time.time(), flush=True)
        return "250 kept"
Controller(Keep(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
time.sleep(3600)
"""


def confirming(folder: Path, count: int) -> dict[str, Any]:
    """From the form posted to the mail at the relay, one reader after the other, in a newsroom of its own."""
    machine = Machine(folder)
    command = [sys.executable, "-c", _RELAY, str(machine.smtp_port)]
    relay = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    desk = machine.start_desk()
    opener = subprocess.Popen([*_MAIN, "work", "--opener"], env=machine.environment)
    seconds: list[float] = []
    try:
        time.sleep(8)
        assert relay.stdout is not None
        for number in range(count):
            time.sleep(random.Random(number).random())
            started, address = time.time(), f"late{number}@example.org"
            asyncio.run(_one(machine.desk_port, address))
            to, at = relay.stdout.readline().split()
            assert to == address
            seconds.append(float(at) - started)
    finally:
        for process in (relay, desk, opener):
            process.terminate()
            process.wait()
    return {"confirm_latency_s": round(statistics.median(seconds), 2)}


async def _one(port: int, address: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_request(address, address, close=True))
    await reader.read()
    writer.close()


def importing(folder: Path, count: int) -> dict[str, Any]:
    machine, file = Machine(folder), folder / "members.csv"
    with open(file, "w") as out:
        out.write("id,email,subscribed_to_emails,created_at\n")
        out.writelines(f"{n},member{n}@example{n % 97}.org,true,2025-01-01T00:00:00Z\n" for n in range(count))
    command = [*_MAIN, "readers", "import", str(file), "--store", "--json"]
    run = measure.run(command, environment=machine.environment, memory=True)
    return {"import_1m_pss_mb": round(run.pss_mb), "import_rows": count, "import_s": round(run.seconds, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="(always on: the figures are one JSON object)")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--members", type=int, default=1_000_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as scratch:
        folders = [Path(scratch) / name for name in ("flood", "late", "many")]
        for folder in folders:
            folder.mkdir()
        machine = Machine(folders[0])
        figures = signups(machine, args.seconds)
        measure.say(json.dumps(figures))
        figures |= pulling(machine) | confirming(folders[1], 20)
        measure.say(json.dumps(figures))
        figures |= importing(folders[2], args.members)
    sys.stdout.write(json.dumps({**figures, "machine": measure.machine()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
