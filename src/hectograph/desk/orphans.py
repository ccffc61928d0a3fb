"""No orphans: what another process started ends with it, also where that one is killed and can end nothing more. Else
it would go on unseen, and hold the port, the keys or the lock.

`python -m hectograph.desk.orphans PARENT SIGNAL COMMAND…` becomes COMMAND, to which Linux sends SIGNAL (a number) when
the process PARENT is gone. On other systems only what ends in order ends its children.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # outlives an exec; a change of account takes it away


def end_with(parent: int, by: int = signal.SIGKILL) -> None:
    """End this process by the signal `by` when `parent`, which started it, does; at once where that is gone already.
    What counts is the thread that started it: let that be the main one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os._exit(1)


def end_with_starter() -> None:
    """The same in a process that `multiprocessing` forked, as granian does and a pool."""
    if (starter := multiprocessing.parent_process()) and starter.pid:
        end_with(starter.pid)


def bound(*command: str, by: int = signal.SIGKILL) -> list[str]:
    """`command` as one that ends with this process."""
    return [sys.executable, "-m", "hectograph.desk.orphans", str(os.getpid()), str(int(by)), *command]


if __name__ == "__main__":
    end_with(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 (our own words alone)
