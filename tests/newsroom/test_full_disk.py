"""A disk that is full, or that can't be written to, tears no file and loses no change."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import OperationalError, ProgrammingError

from hectograph.errors import Problem
from hectograph.newsroom.command import main
from hectograph.newsroom.flows import publish, tree, whole_site
from hectograph.stories import queue
from tests.newsroom.test_publish import NOW, full, work
from tests.newsroom.test_publish import tree as files


class Disk:
    """Writes until it has room for no more."""

    def __init__(self, room: int, number: int) -> None:
        self.room, self.number = room, number
        self.write = tree._write

    def __call__(self, path: str, data: bytes) -> None:
        if len(data) > self.room:
            self.write(path, data[: self.room])  # a disk takes what fits before it says no
            raise OSError(self.number, "no room")
        self.room -= len(data)
        self.write(path, data)


@pytest.mark.parametrize("room", [0, 3_000, 20_000, 40_000])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_in_the_middle_of_a_publish(
    newsroom: Any, site_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int, number: int
) -> None:
    newsroom.story("Before")
    work()
    before = files(site_root)
    newsroom.story("After")
    waiting = queue.waiting()
    with monkeypatch.context() as patched:
        patched.setattr(tree, "_write", Disk(room, number))
        with pytest.raises(Problem, match="disk is full"):
            publish.publish(NOW)
    assert queue.waiting() == waiting
    torn = {path for path, data in files(site_root).items() if path.endswith(".html") and b"</html>" not in data}
    assert torn == set()
    assert not list(site_root.rglob("*.aside"))
    assert before.keys() <= files(site_root).keys()
    work()
    assert files(site_root) == full(tmp_path / "whole")


def test_a_whole_build_on_a_full_disk_is_a_sentence_too(
    newsroom: Any, site_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.story("One")
    monkeypatch.setattr(tree, "_write", Disk(5_000, errno.ENOSPC))
    with pytest.raises(Problem, match="disk is full"):
        whole_site.build(NOW, processes=1)


@pytest.mark.parametrize("act", ["put", "remove", "sweep"])
def test_a_folder_that_is_read_only_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    site = tree.Tree(tmp_path)
    site.put("a.html", b"<html></html>")

    def refuses(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr("os.unlink", refuses)
    monkeypatch.setattr("os.replace", refuses)
    acts = {
        "put": lambda: site.put("a.html", b"<html>2</html>"),
        "remove": lambda: site.remove("a.html"),
        "sweep": lambda: site.sweep(set()),
    }
    with pytest.raises(Problem, match="can't be written to"):
        acts[act]()
    assert (tmp_path / "a.html").read_bytes() == b"<html></html>"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("database or disk is full"), "The disk is full"),
        (OperationalError("attempt to write a readonly database"), "can't be written to"),
        (OperationalError("no such column: readers_subscriber.new"), "older than the program"),
        (ProgrammingError('column "new" does not exist'), "older than the program"),
        (OperationalError("no such table: readers_turn"), "Run `hecto init`"),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
    ],
)
def test_a_command_that_meets_it_says_so_and_ends_with_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def fails(args: Any) -> int:
        raise error

    monkeypatch.setattr("hectograph.newsroom.command.publish_command.run", fails)
    assert main.main(["publish"]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
