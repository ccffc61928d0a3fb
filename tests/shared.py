"""What takes long to make, made once a run: tests' workers are processes, and whoever needs it next finds it there."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

NAME = "HECTO_TESTS_SHARED"  # the folder; the first process of a run makes it, and its workers inherit the name


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` as `make` filled it, by whichever worker came first; the others wait. To be read, or copied."""
    shared = Path(os.environ[NAME])
    folder, done = shared / name, shared / f"{name}.done"
    with open(shared / f"{name}.lock", "w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of one who failed
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
