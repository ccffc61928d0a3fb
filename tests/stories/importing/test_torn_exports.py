"""Packed exports that are torn or damaged give what is whole; the report says of each part once that more is gone."""

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from hectograph.errors import Problem
from hectograph.stories.importing import archive_files, wxr_records
from hectograph.stories.importing.writing import run_import
from tests.stories.importing.archives import ghost, ghost_post, post, written, wxr, zipped

BREAKS_OFF = "is packed and breaks off: what follows can't be read."


def wrong_sum(packed: bytes) -> bytes:
    """A gzipped file whose bytes all unpack, to something else than was packed."""
    return packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:]


def torn_behind(text: str) -> bytes:
    """A gzipped file that ends behind `text`, though it was to go on."""
    packing = zlib.compressobj(wbits=31)
    return packing.compress(text.encode()) + packing.flush(zlib.Z_FULL_FLUSH)


def test_a_file_that_is_torn_between_two_items_does_not_pass_for_whole(newsroom: Any, tmp_path: Path) -> None:
    text = wxr(post(1), post(2)).removesuffix("</channel></rss>")
    report = run_import("wordpress", written(tmp_path, torn_behind(text), "torn.gz"))
    assert report.posts == 2
    assert report.problems == [f"The file {BREAKS_OFF}"]


def test_a_file_that_is_torn_before_its_first_item_is_told_of(newsroom: Any, tmp_path: Path) -> None:
    head = wxr(post(1)).partition("<item>")[0]
    with pytest.raises(Problem, match="breaks off"):
        run_import("wordpress", written(tmp_path, torn_behind(head), "torn.gz"))


def test_a_file_whose_sum_is_wrong_is_told_of(newsroom: Any, tmp_path: Path) -> None:
    file = written(tmp_path, wrong_sum(gzip.compress(wxr(post(1)).encode())), "wrong.gz")
    report = run_import("wordpress", file)
    assert report.posts == 1
    assert report.problems == [f"The file {BREAKS_OFF}"]


def test_the_damaged_one_of_several_parts_is_named(newsroom: Any, tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("a.xml", wxr(post(1, body="Whole.")))
        packed.writestr("b.xml", wxr(post(2, body="Turned.")))
    file.write_bytes(file.read_bytes().replace(b"Turned.", b"Burned."))
    assert run_import("wordpress", file).problems == [f"b.xml {BREAKS_OFF}"]


def ghost_of_four(folder: Path) -> str:
    return ghost(folder, [ghost_post(n) for n in range(1, 5)]).read_text()


def test_a_ghost_whose_sum_is_wrong_is_told_of_once_though_it_is_read_many_times(newsroom: Any, tmp_path: Path) -> None:
    packed = wrong_sum(gzip.compress(ghost_of_four(tmp_path).encode()))
    report = run_import("ghost", written(tmp_path, packed, "ghost.gz"))
    assert report.posts == 4
    assert report.problems == [f"The file {BREAKS_OFF}"]


def test_a_ghost_that_is_torn_within_a_post_is_told_of_once(newsroom: Any, tmp_path: Path) -> None:
    text = ghost_of_four(tmp_path)
    report = run_import("ghost", written(tmp_path, torn_behind(text[: len(text) * 7 // 10]), "ghost.gz"))
    assert 0 < report.posts < 4
    assert report.problems == [f"The file {BREAKS_OFF}"]


@pytest.mark.parametrize("over", [0, 1])
def test_what_unpacks_to_more_than_the_most_is_told_of(
    newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: int
) -> None:
    text = wxr(post(1)).encode()
    monkeypatch.setattr(archive_files, "_MOST", len(text) - over)
    report = run_import("wordpress", written(tmp_path, gzip.compress(text), "large.gz"))
    assert report.posts == 1
    assert report.problems == [f"The file {BREAKS_OFF}"] * over


def test_a_part_whose_texts_were_cut_is_named(newsroom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wxr_records, "LARGEST_ITEM", 2000)
    file = zipped(tmp_path, a__xml=wxr(post(1)), b__xml=wxr(post(2, more="<a>" * 1000)))
    assert [problem.partition(":")[0] for problem in run_import("wordpress", file).problems] == ["b.xml"]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[zipfile.ZipFile]:
    """Every zip that is opened in the test."""
    found: list[zipfile.ZipFile] = []

    class Watched(zipfile.ZipFile):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            found.append(self)

    monkeypatch.setattr(archive_files.zipfile, "ZipFile", Watched)
    return found


def test_no_zip_stays_open_behind_an_import(newsroom: Any, tmp_path: Path, opened: list[zipfile.ZipFile]) -> None:
    run_import("wordpress", zipped(tmp_path, a__xml=wxr(post(1)), b__xml=wxr(post(2))))
    assert [one for one in opened if one.fp] == []
    assert len(opened) > 2


def test_no_zip_stays_open_whose_part_is_locked_with_a_password(
    newsroom: Any, tmp_path: Path, opened: list[zipfile.ZipFile]
) -> None:
    data = bytearray(zipped(tmp_path, a__xml=wxr(post(1))).read_bytes())
    for flags in (6, data.index(b"PK\x01\x02") + 8):
        data[flags] |= 1
    with pytest.raises(Problem, match="encrypted"):
        run_import("wordpress", written(tmp_path, bytes(data), "locked.zip"))
    assert [one for one in opened if one.fp] == []
