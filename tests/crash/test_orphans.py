"""What a killed process had started ends with it: no port stays taken, no key stays in a memory."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hectograph.desk import listening, orphans
from hectograph.errors import Problem
from tests.desk.conftest import Street, served, streets  # noqa: F401 (a fixture)
from tests.process import Home, below, port_for_later, wait_for, wait_until

# A child says who it is once it is bound: one that is not up yet ends by itself when it finds its starter gone.
_STARTS = """
import subprocess, sys
from hectograph.desk import orphans
subprocess.run(orphans.bound("sh", "-c", "echo $$; exec sleep 600", by=int(sys.argv[1])))
"""
_FORKS = """
import multiprocessing, os, time
from hectograph.desk import orphans
def work(seconds):
    os.write(1, b"%d\\n" % os.getpid())  # whole, however many write
    time.sleep(seconds)
with multiprocessing.get_context("fork").Pool(2, initializer=orphans.end_with_starter) as pool:
    pool.map(work, [600, 600])
"""


def runs(pid: int) -> bool:
    """Whether the process is there, and no mere entry that nobody has asked about yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def is_free(port: int) -> bool:
    try:
        listening.free(f"127.0.0.1:{port}")
    except Problem:
        return False
    return True


@pytest.mark.parametrize(("code", "words", "count"), [(_STARTS, ["9"], 1), (_STARTS, ["15"], 1), (_FORKS, [], 2)])
def test_children_end_with_who_started_them(code: str, words: list[str], count: int) -> None:
    with subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            children = [int(process.stdout.readline()) for _ in range(count)]
        finally:
            kill(process)
    wait_until(lambda: not any(map(runs, children)))


def test_one_whose_starter_is_gone_already_does_not_begin(tmp_path: Path) -> None:
    command = orphans.bound("touch", str(tmp_path / "begun"))
    command[3] = str(os.getppid())
    assert subprocess.run(command, check=False).returncode == 1
    assert not (tmp_path / "begun").exists()


def test_what_is_bound_is_the_command_itself() -> None:
    done = subprocess.run(orphans.bound("sh", "-c", "exit 7"), check=False)
    assert done.returncode == 7


def test_a_desk_that_is_killed_leaves_its_port_free(streets: Callable[..., Street], tmp_path: Path) -> None:  # noqa: F811
    with served(streets(), tmp_path) as (port, process):
        children = below(process.pid)
        assert children
        kill(process)
        wait_until(lambda: not any(map(runs, children)))
        wait_until(lambda: is_free(port))


def test_a_killed_serve_leaves_no_admin_behind(tmp_path: Path) -> None:
    home, port = Home(tmp_path), port_for_later()
    home.found()
    process = home.start("serve", "--port", str(port))
    try:
        wait_for(port, process)
        wait_until(lambda: len(below(process.pid)) >= 2)
        children = below(process.pid)
    finally:
        kill(process)
    wait_until(lambda: not any(map(runs, children)))
    wait_until(lambda: is_free(port))
