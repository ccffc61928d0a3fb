"""Measuring a whole command: seconds, and memory as PSS summed over its process tree."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_began = time.monotonic()


def say(what: str) -> None:
    """A line on standard error with the seconds since this process began."""
    print(f"{time.monotonic() - _began:6.0f} s  {what}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Run:
    seconds: float
    pss_mb: float


def run(command: list[str], *, environment: dict[str, str] | None = None, memory: bool = False) -> Run:
    """Run to the end; an exit code other than 0 is an error. With `memory`, PSS is sampled every 50 ms."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    if memory:
        watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - started
    if code:
        raise subprocess.CalledProcessError(code, command)
    return Run(seconds, peak[0])


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], pss_mb(process.pid))
        time.sleep(0.05)


def pss_mb(pid: int) -> float:
    """Proportional set size of a process and its children, in MB (10^6 bytes)."""
    total = 0
    try:
        root = psutil.Process(pid)
        for one in [root, *root.children(recursive=True)]:
            total += one.memory_full_info().pss
    except psutil.Error:
        return total / 1e6
    return total / 1e6


def tree_size(folder: Path) -> dict[str, int]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {"files": len(files), "bytes": sum(path.stat().st_size for path in files)}


def machine() -> dict[str, object]:
    model = next((line.split(":")[1].strip() for line in _cpu_lines() if line.startswith("model name")), "")
    return {"cores": os.cpu_count(), "cpu": model, "python": platform.python_version(), "system": platform.system()}


def _cpu_lines() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []
