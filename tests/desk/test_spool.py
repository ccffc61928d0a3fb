"""The spool: on disk before anyone is thanked, in order, kept until the newsroom has it. The same for both stores."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from hectograph.desk import store as stores_module
from hectograph.desk.spool import Spool
from hectograph.desk.sqlite_store import SqliteStore
from hectograph.desk.store import SpoolFull
from tests.desk import stores
from tests.loops import run
from tests.process import Home


@pytest.fixture(params=stores.KINDS)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with stores.place(request.param, tmp_path) as place:
        yield place


def test_what_is_appended_is_there_in_order_after_a_new_start(where: str) -> None:
    first = stores.opened(where)
    first.append([b"one", b"two"])
    first.append([b"three"])
    first.close()
    again = stores.opened(where)
    page = again.page(0, 2)
    assert ([sealed for _, sealed in page.rows], page.left) == ([b"one", b"two"], 1)
    assert [sealed for _, sealed in again.page(page.rows[-1][0], 2).rows] == [b"three"]
    again.close()


def test_numbers_are_never_given_twice_even_when_all_is_fetched(where: str) -> None:
    store = stores.opened(where)
    store.append([b"one"])
    (number, _), *_ = store.page(0, 10).rows
    store.forget(number)
    store.append([b"two"])
    ((later, sealed),) = store.page(number, 10).rows
    assert (later > number, sealed) == (True, b"two")
    store.close()


def test_an_acknowledgement_deletes_up_to_its_number_alone(where: str) -> None:
    store = stores.opened(where)
    store.append([bytes([n]) for n in range(6)])
    store.forget(store.page(0, 4).rows[-1][0])
    assert [sealed for _, sealed in store.page(0, 10).rows] == [b"\4", b"\5"]
    store.close()


def test_facts_last_and_each_spool_has_a_life_of_its_own(where: str, tmp_path: Path) -> None:
    store = stores.opened(where)
    life = store.fact("life")
    store.note("puller", "one")
    store.note("puller", "two")
    store.close()
    again = stores.opened(where)
    assert (again.fact("life"), again.fact("puller"), again.fact("nothing")) == (life, "two", "")
    again.close()
    with closing(SqliteStore(tmp_path / "other.sqlite3", stores.PLENTY)) as other:
        assert other.fact("life") != life


def test_a_spool_over_its_bound_takes_nothing_until_it_is_fetched_from(where: str) -> None:
    store = stores.opened(where, most_bytes=100_000)
    with pytest.raises(SpoolFull):
        _write_many(lambda _: store.append([b"x" * 1000]))
    kept = store.page(0, 1000).rows
    assert 0 < len(kept) < 200
    store.forget(kept[-1][0])
    store.append([b"room again"])
    assert [sealed for _, sealed in store.page(0, 1000).rows] == [b"room again"]
    store.close()


def test_one_answer_holds_no_more_than_its_bound(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores_module, "PAGE_BYTES", 2500)
    store = stores.opened(where)
    store.append([b"x" * 1000] * 5)
    page = store.page(0, 500)
    assert (len(page.rows), page.left) == (2, 3)
    store.append([b"y" * 9000])
    assert [len(sealed) for _, sealed in store.page(page.rows[-1][0] + 3, 500).rows] == [9000]
    store.close()


def test_two_desks_on_one_spool_give_numbers_as_they_commit(tmp_path: Path) -> None:
    """Who has read up to a number must not find a smaller one later: the reader would be skipped."""
    with stores.place("postgresql", tmp_path) as where:
        writers, reader = [stores.opened(where) for _ in range(2)], stores.opened(where)
        threads = [threading.Thread(target=_write_many, args=(writer.append,)) for writer in writers]
        for thread in threads:
            thread.start()
        seen: list[int] = []
        while any(thread.is_alive() for thread in threads) or reader.page(seen[-1] if seen else 0, 1).rows:
            seen += [number for number, _ in reader.page(seen[-1] if seen else 0, 500).rows]
        assert len(seen) == len(set(seen)) == 400
        for store in (*writers, reader):
            store.close()


def _write_many(append: Callable[[list[bytes]], None]) -> None:
    for n in range(200):
        append([bytes([n])])


def test_a_database_that_comes_back_is_written_to_again_and_nobody_was_thanked_meanwhile(tmp_path: Path) -> None:
    with stores.place("postgresql", tmp_path) as where:
        store = stores.opened(where)
        store.append([b"before"])
        with psycopg.connect(stores.server(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        with pytest.raises(SpoolFull):
            store.append([b"lost connection"])
        store.append([b"after"])
        assert [sealed for _, sealed in store.page(0, 10).rows] == [b"before", b"after"]
        store.close()


def test_many_at_once_share_commits_and_each_is_kept(where: str) -> None:
    store = stores.opened(where)
    commits: list[int] = []
    append = store.append
    store.append = lambda rows: (commits.append(len(rows)), append(rows))[1]  # type: ignore[method-assign]
    spool = Spool(store, most_waiting=1000)

    async def rush() -> None:
        await asyncio.gather(*(spool.keep(bytes([n])) for n in range(200)))

    run(rush())
    assert (sum(commits), len(store.page(0, 1000).rows)) == (200, 200)
    assert len(commits) < 200
    spool.close()


def test_a_power_cut_takes_nothing_that_was_answered(tmp_path: Path) -> None:
    """What is written after the last flush may be lost in part or come back as rubbish; what was flushed stays. The log
    is cut at every length from the last answer on, and filled up with rubbish."""
    path = tmp_path / "spool.sqlite3"
    store = SqliteStore(path, stores.PLENTY)
    for n in range(20):
        store.append([b"kept %d" % n])
    log = path.with_name("spool.sqlite3-wal")
    flushed = log.stat().st_size
    store.append([b"not answered" * 900])
    whole, main = log.read_bytes(), path.read_bytes()
    store.close()
    for cut in range(flushed, len(whole), 997):
        copy = tmp_path / "copy.sqlite3"
        copy.write_bytes(main)
        copy.with_name("copy.sqlite3-wal").write_bytes(whole[:cut] + b"\xa5" * 600)
        copy.with_name("copy.sqlite3-shm").unlink(missing_ok=True)
        with closing(sqlite3.connect(copy)) as database:
            found = [bytes(row[0]) for row in database.execute("SELECT sealed FROM envelope ORDER BY number")]
        assert found[:20] == [b"kept %d" % n for n in range(20)]


def test_every_commit_is_flushed(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "spool.sqlite3", stores.PLENTY)) as store:
        store.append([b"x"])
        assert store._writer is not None
        assert store._writer.execute("PRAGMA synchronous").fetchone()[0] == 2
    with stores.place("postgresql", tmp_path) as where, closing(stores.opened(where)) as other:
        other.append([b"x"])
        connection = other._open["writer"]  # type: ignore[attr-defined]
        assert connection.execute("SHOW synchronous_commit").fetchone()[0] == "on"


_ON_A_FULL_DISK = """
import sys
from pathlib import Path
from hectograph.desk.sqlite_store import SqliteStore
from hectograph.desk.store import SpoolFull
folder = Path(sys.argv[1])
store = SqliteStore(folder / "spool.sqlite3", 100_000_000)
thanked = 0
try:
    for n in range(100_000):
        store.append([b"%06d" % n + b"x" * 2000])
        thanked += 1
except SpoolFull:
    pass
with open(folder / "somebody else's", "wb", buffering=0) as other:
    try:
        while True:
            other.write(b"x" * 4096)
    except OSError:
        pass
try:
    store.append([b"y" * 9000])
    sys.exit("a full disk took something")
except SpoolFull:
    pass
fetched, last = 0, 0
while rows := store.page(last, 100).rows:
    fetched, last = fetched + len(rows), rows[-1][0]
assert fetched == thanked > 100, (fetched, thanked)
store.forget(last)
assert store.page(0, 10).rows == []
store.append([b"room again"])
print("thanked", thanked)
"""


def test_a_full_disk_loses_nobody_and_fetching_makes_room_again(tmp_path: Path) -> None:
    """On a disk of its own of eight megabytes, full to the last block."""
    inside = f'mount -t tmpfs -o size=8m tmpfs {tmp_path} && exec {sys.executable} -c "$SCRIPT" {tmp_path}'
    alone = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("This machine lets nobody mount a disk of their own")
    environment = {**Home(tmp_path).environment, "SCRIPT": _ON_A_FULL_DISK}
    command = [*alone, "sh", "-c", inside]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("thanked")
