"""What a killed process had started ends with it: no port stays taken, no key stays in a memory."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hectograph.desk import listening, orphans
from hectograph.errors import Problem
from tests.desk.conftest import Street, served, streets  # noqa: F401 (a fixture)
from tests.newsroom.test_command_alone import free_port
from tests.process import Home

_STARTS = """
import subprocess, sys
from hectograph.desk import orphans
child = subprocess.Popen(orphans.bound("sleep", "600", by=int(sys.argv[1])))
print(child.pid, flush=True)
child.wait()
"""
_FORKS = """
import multiprocessing, time
from hectograph.desk import orphans
with multiprocessing.get_context("fork").Pool(2, initializer=orphans.end_with_starter) as pool:
    print(*[one.pid for one in pool._pool], flush=True)
    pool.map(time.sleep, [600, 600])
"""


def runs(pid: int) -> bool:
    """Whether the process is there, and no mere entry that nobody has asked about yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def below(pid: int) -> set[int]:
    """All processes that `pid` started, and those that they did."""
    found = set[int]()
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        found |= {child, *below(child)}
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    """Up to two minutes, which only a run that has failed takes."""
    for _ in range(12_000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("It never came to pass.")


def kill(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def is_free(port: int) -> bool:
    try:
        listening.free(f"127.0.0.1:{port}")
    except Problem:
        return False
    return True


@pytest.mark.parametrize(("code", "words"), [(_STARTS, ["9"]), (_STARTS, ["15"]), (_FORKS, [])])
def test_children_end_with_who_started_them(code: str, words: list[str]) -> None:
    with subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        children = [int(word) for word in process.stdout.readline().split()]
        assert children
        kill(process)
        wait_until(lambda: not any(runs(child) for child in children))


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
        wait_until(lambda: not any(runs(child) for child in children))
        wait_until(lambda: is_free(port))


def test_a_killed_serve_leaves_no_admin_behind(tmp_path: Path) -> None:
    home, port = Home(tmp_path), free_port()
    home.found()
    process = home.start("serve", "--port", str(port))
    wait_until(lambda: not is_free(port))
    wait_until(lambda: len(below(process.pid)) >= 2)
    children = below(process.pid)
    kill(process)
    wait_until(lambda: not any(runs(child) for child in children))
    wait_until(lambda: is_free(port))
