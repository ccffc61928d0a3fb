"""An import that is killed goes on where it stopped: every post once, none half."""

import json
import sqlite3
import time
from pathlib import Path

import pytest

from tests.process import Home
from tests.stories.importing.archives import post, written, wxr

COUNT = "print(Story.objects.count(), Story.objects.filter(live=True).values('title').distinct().count())"


@pytest.mark.parametrize(("posts", "kills"), [(25, 1), pytest.param(400, 12, marks=pytest.mark.soak)])
def test_a_killed_import_goes_on_and_brings_every_post_once(tmp_path: Path, posts: int, kills: int) -> None:
    home = Home(tmp_path)
    home.found()
    file = written(tmp_path, wxr(*(post(n, f"Post {n}", "Words.\n\nMore.") for n in range(posts))))
    for kill in range(kills):
        running = home.start("import", "wordpress", str(file))
        for _ in range(600):  # until this run has brought something new
            time.sleep(0.1)
            if running.poll() is not None or _count(home) > kill:
                break
        running.kill()
        running.wait()
    report = json.loads(home.hecto("import", "wordpress", str(file), "--json").stdout)
    assert (report["posts"], report["skipped"]) == (posts, 0)
    assert home.python(COUNT).split() == [str(posts), str(posts)]
    again = json.loads(home.hecto("import", "wordpress", str(file), "--json").stdout)
    assert {item["outcome"] for item in again["items"]} == {"same"}


def _count(home: Home) -> int:
    with sqlite3.connect(home.folder / "var/newsroom.sqlite3", timeout=20) as database:
        return int(database.execute("SELECT count(*) FROM stories_imported").fetchone()[0])
