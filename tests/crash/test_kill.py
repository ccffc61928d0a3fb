"""Killed in the middle of anything, the press leaves no torn file, and the next run does the rest."""

import gzip
import random
import time
from pathlib import Path

import brotli
import pytest

from tests.process import Home

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
        worker = home.start("work")
        time.sleep(1.5 + dice.random() * 2)
        worker.kill()
        worker.wait()
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
