"""`.ci/run` lets nothing through that did not run; `make` is played by a script."""

import os
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parents[1] / ".ci/run"
ALLOWED = "SKIPPED [1] tests/stories/importing/test_import.py:172: HECTO_WXR is not set"
STRANGE = "SKIPPED [1] tests/browser/conftest.py:65: Chromium is not installed"


def ci(folder: Path, **said: str) -> subprocess.CompletedProcess[str]:
    """What comes of it where `make TARGET` prints `said[TARGET]`, and fails where that says so."""
    for target, words in said.items():
        (folder / target).write_text(words + "\n")
    make = folder / "make"
    make.write_text(
        f"#!/bin/sh\necho make $1 under $PYTEST_ADDOPTS\ncat {folder}/$1 2>&-; ! grep -qs failed {folder}/$1\n"
    )
    make.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run([RUN], env=environment, capture_output=True, text=True, check=False)


def test_lint_tests_and_soak_are_run_in_turn(tmp_path: Path) -> None:
    done = ci(tmp_path, test="9 passed")
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("make")] == ["lint", "test", "soak"]


def test_a_skip_that_is_allowed_lets_it_pass(tmp_path: Path) -> None:
    assert ci(tmp_path, test=ALLOWED, soak=ALLOWED).returncode == 0


@pytest.mark.parametrize("target", ["test", "soak"])
def test_a_skip_that_nobody_allowed_fails_it(tmp_path: Path, target: str) -> None:
    done = ci(tmp_path, **{target: f"{ALLOWED}\n{STRANGE}"})
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].endswith(STRANGE)


@pytest.mark.parametrize("target", ["lint", "test", "soak"])
def test_what_fails_fails_it_and_nothing_comes_after(tmp_path: Path, target: str) -> None:
    done = ci(tmp_path, **{target: "1 failed"})
    assert done.returncode != 0
    assert [line for line in done.stdout.splitlines() if line.startswith("make")][-1].split()[1] == target


def test_skips_are_told_in_plain_lines_whatever_the_terminal(tmp_path: Path) -> None:
    assert "--color=no" in ci(tmp_path).stdout
