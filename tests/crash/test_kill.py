"""Killed in the middle of anything, the press leaves no torn file, and the next run does the rest."""

import gzip
import random
import signal
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from tests.process import Home

# A worker that dies before or after its n-th write or rename, wherever in a build that falls: no clock is asked.
DYING = """
import os, signal, sys
left = int(sys.argv[1])
def tick():
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
def counted(act):
    def inner(*words, **more):
        tick()
        done = act(*words, **more)
        tick()
        return done
    return inner
os.write, os.replace = counted(os.write), counted(os.replace)
from hectograph.newsroom.command.main import main
main(["work"])
"""
A_STORY = 12  # steps at the least: a page and what it is packed into, each written and renamed, before and after
STORIES = """
room = Newsroom()
for number in range({count}):
    room.story(f"Story {{number}}", words="word " * 400)
"""


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("count", "kills"), [(40, 4), pytest.param(200, 25, marks=pytest.mark.soak)])
def test_a_worker_killed_again_and_again_tears_nothing_and_loses_nothing(
    tmp_path: Path, count: int, kills: int
) -> None:
    home, dice = Home(tmp_path), random.Random(11)
    home.found()
    home.python(STORIES.format(count=count))
    for _ in range(kills):
        steps = dice.randrange(A_STORY * count // kills)
        command = [sys.executable, "-c", DYING, str(steps)]
        worker = subprocess.run(command, env=home.environment, check=False, timeout=600)
        assert worker.returncode == -signal.SIGKILL
        for path, data in tree(home.site).items():
            if path.endswith(".html"):
                assert data.endswith((b"</html>\n", b"</html>")), path
            elif path.endswith(".br"):
                brotli.decompress(data)
            elif path.endswith(".gz"):
                gzip.decompress(data)
    home.hecto("publish")
    home.hecto("publish", "--full")
    whole = tree(home.site)
    assert sum(path.startswith("en/2026/11/story-") and path.endswith(".html") for path in whole) == count
    assert not any(path.endswith(".aside") for path in whole)


def test_a_folder_that_cannot_be_written_is_a_sentence_and_nothing_is_lost(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.found()
    home.python(STORIES.format(count=1))
    home.site.rmdir()
    home.site.write_text("a file where the folder should be")
    done = home.hecto("publish", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("hecto: The site")
    home.site.unlink()
    home.hecto("publish")
    assert (home.site / "en/2026/11/story-0.html").exists()
