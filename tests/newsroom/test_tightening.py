"""Builds pack fast; what readers get is packed tight once nobody publishes. Every .br is always that of its page."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.newsroom import timetable, worker
from hectograph.newsroom.flows import packing
from hectograph.newsroom.flows.tightening import Tightening, pack_all
from hectograph.newsroom.flows.tree import Tree
from hectograph.newsroom.worker import Worker
from tests.newsroom.test_publish import tree as files
from tests.newsroom.test_publish import work

PAGE = ("<p>" + "Воду дадут в субботу, если насосы привезут вовремя. " * 9).encode()


def tight_pages(root: Path) -> set[str]:
    return {path[:-3] for path, data in files(root).items() if path.endswith(".br") and packing.is_tight(data)}


def packed_pages(root: Path) -> set[str]:
    return {path[:-3] for path in files(root) if path.endswith(".br")}


def untrue(root: Path) -> set[str]:
    """Files whose .br is that of something else."""
    found = files(root)
    return {path for path in packed_pages(root) if brotli.decompress(found[f"{path}.br"]) != found[path]}


@given(st.binary(max_size=3_000))
def test_the_first_byte_tells_fast_from_tight_whatever_was_packed(data: bytes) -> None:
    assert packing.is_tight(packing.tight(data)[:1])
    assert not packing.is_tight(packing.fast(data)[:1])


@given(st.binary(max_size=3_000))
def test_what_is_packed_unpacks_to_itself_and_is_packed_alike_each_time(data: bytes) -> None:
    packed = packing.zipped(data)
    assert gzip.decompress(packed) == brotli.decompress(packing.fast(data)) == data
    assert packed == packing.zipped(data)
    assert packed[4:8] == bytes(4)  # no time


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([b"one " * 50, b"two " * 60, None]))))
def test_no_order_of_writing_removing_and_tightening_leaves_the_br_of_another_page(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, bytes | None]]
) -> None:
    tree = Tree(tmp_path_factory.mktemp("site"))
    for name, data in acts:
        if data is None:
            tree.tighten(f"{name}.html", largest=100_000)
        else:
            tree.put(f"{name}.html", data)
        assert untrue(tree.root) == set()


def test_what_is_tight_is_smaller_and_is_left_alone_from_then_on(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.put("a.html", PAGE)
    fast = (tmp_path / "a.html.br").stat().st_size
    assert tree.tighten("a.html", largest=100_000)
    assert (tmp_path / "a.html.br").stat().st_size < fast
    assert not tree.tighten("a.html", largest=100_000)
    assert not tree.put("a.html", PAGE)
    assert tight_pages(tmp_path) == {"a.html"}


def test_a_page_that_changes_without_compression_leaves_no_old_words_beside_it(tmp_path: Path) -> None:
    Tree(tmp_path).put("a.html", PAGE)
    Tree(tmp_path).put("b.html", PAGE)
    plain = Tree(tmp_path, compress=False)
    plain.put("a.html", PAGE + b"!")
    plain.put("b.html", PAGE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html", "b.html.br", "b.html.gz"]


def test_a_file_that_would_keep_a_publication_waiting_is_left_as_it_is(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.put("feed.xml", b"word " * 30_000)
    assert not tree.tighten("feed.xml", largest=100_000)


def test_a_page_that_is_gone_meanwhile_is_passed_over(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.put("a.html", PAGE)
    left = Tightening(tree)
    left.wrote(["a.html", "never/was.html"])
    tree.remove("a.html")
    assert not left.step()


def test_what_was_written_last_comes_first_then_the_newest_months(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    for path in ("en/2024/01/old.html", "en/2026/11/new.html", "en/2020/05/mended.html"):
        tree.put(path, PAGE)
    left = Tightening(tree)
    left.wrote(["en/2020/05/mended.html"])
    order = []
    while left.step():
        order += sorted(tight_pages(tmp_path) - set(order))
    assert order == ["en/2020/05/mended.html", "en/2026/11/new.html", "en/2024/01/old.html"]


def test_all_of_a_tree_is_packed_in_one_go_and_counted(tmp_path: Path) -> None:
    tree, told = Tree(tmp_path), list[tuple[int, int]]()
    tree.put("a.html", PAGE)
    tree.put("b.html", PAGE)
    tree.tighten("a.html", largest=100_000)
    assert pack_all(tree, lambda done, whole: told.append((done, whole))) == 1
    assert told == [(1, 2), (2, 2)]


@pytest.fixture
def stepping(newsroom: Any, site_root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets a worker step until it has nothing to do, at a second of its clock."""
    monkeypatch.setattr(timetable, "run_due", lambda now: None)
    seconds = [0.0]
    at_work = Worker(lambda: seconds[0])

    def step(second: float) -> None:
        seconds[0] = second
        before = None
        for _ in range(1_000):
            if before == (before := files(site_root)) and not at_work.step():
                return
            at_work.step()
        pytest.fail("The worker never comes to rest.")

    return step


def test_a_worker_packs_tight_what_was_published_once_it_has_been_idle(
    newsroom: Any, site_root: Path, stepping: Callable[[float], None]
) -> None:
    newsroom.story("Water is back")
    stepping(1)
    assert tight_pages(site_root) == set()
    stepping(1 + worker._IDLE)
    assert "en/2026/11/water-is-back.html" in tight_pages(site_root)
    assert tight_pages(site_root) == packed_pages(site_root)
    newsroom.story("Water is gone")
    stepping(20)
    assert "en/2026/11/water-is-gone.html" not in tight_pages(site_root)
    stepping(20 + worker._IDLE)
    assert "en/2026/11/water-is-gone.html" in tight_pages(site_root)
    assert tight_pages(site_root) == packed_pages(site_root)
    assert untrue(site_root) == set()


def test_a_worker_that_starts_packs_what_a_whole_build_left(
    newsroom: Any, site_root: Path, stepping: Callable[[float], None]
) -> None:
    newsroom.story("Water is back")
    work()
    stepping(worker._IDLE)
    assert "en/2026/11/water-is-back.html" in tight_pages(site_root)
    assert tight_pages(site_root) == packed_pages(site_root)
