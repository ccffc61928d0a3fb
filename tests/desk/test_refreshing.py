"""What people typed is in no memory of a desk at rest: its process is replaced, and nobody notices."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hectograph.desk.refreshing import Refresh
from hectograph.sealing import envelope
from hectograph.sealing.unseal import unseal
from tests.desk import stores
from tests.desk.conftest import Street, served
from tests.desk.test_power import post
from tests.loops import run
from tests.newsroom.theft_drill import memory

Streets = Callable[..., Street]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def worker(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def wait_for_another(pid: int, before: set[int]) -> None:
    """Until none of the processes of `before` is left."""
    while worker(pid) & before or not worker(pid):
        time.sleep(0.05)


def kept(street: Street) -> list[str]:
    ring = {envelope.key_id(street.configuration.intake[0]): street.intake}
    store = stores.opened(street.configuration.spool)
    rows = store.page(0, 10_000).rows
    store.close()
    return [json.loads(unseal(ring, sealed))["address"].partition("@")[0] for _, sealed in rows]


def test_no_address_is_in_the_memory_of_a_desk_at_rest(streets: Streets, tmp_path: Path) -> None:
    street, thanked = streets(), list[str]()
    with served(street, tmp_path, per_client=0, refresh_idle=0.5) as (port, process):
        first = worker(process.pid)
        post(port, "planted.reader", thanked, 30)
        assert len(thanked) == 30
        wait_for_another(process.pid, first)
        at_rest = memory(process.pid)
    assert [name for name in thanked if name.encode() in at_rest] == []
    assert kept(street) == thanked


def test_while_the_process_is_replaced_everyone_is_answered_and_kept(streets: Streets, tmp_path: Path) -> None:
    street, thanked = streets(), list[str]()
    with served(street, tmp_path, per_client=0, refresh_latest=0.5) as (port, process):
        first, done = worker(process.pid), threading.Event()

        def on_and_on() -> None:
            number = 0
            while not done.is_set():
                before = len(thanked)
                post(port, f"reader{number}", thanked, 1)
                assert len(thanked) == before + 1
                number += 1

        thread = threading.Thread(target=on_and_on)
        thread.start()
        wait_for_another(process.pid, first)
        done.set()
        thread.join()
    assert sorted(kept(street)) == sorted(thanked)


def test_a_desk_whose_files_are_just_written_anew_goes_on_as_it_is(streets: Streets, tmp_path: Path) -> None:
    street, thanked = streets(), list[str]()
    with served(street, tmp_path, per_client=0, refresh_idle=0.5) as (port, process):
        first = worker(process.pid)
        post(port, "one", thanked, 1)
        (tmp_path / "desk.toml").write_text("half a fi")
        while "is not replaced" not in (tmp_path / "desk.log").read_text():
            time.sleep(0.02)
        assert worker(process.pid) == first
        post(port, "two", thanked, 1)
    assert kept(street) == ["one-0", "two-0"]


@pytest.mark.parametrize(("forms", "due"), [([0], 60), ([0, 50, 100], 160), ([*range(0, 700, 50)], 600)])
def test_it_is_time_after_the_last_form_or_a_while_after_the_first(forms: list[int], due: int) -> None:
    clock = Clock()

    async def come() -> float:
        refresh = Refresh(60, 600, replace=lambda: None, is_busy=lambda: False, ticking=clock)
        for at in forms:
            clock.now = 100.0 + at
            refresh.typed()
        return clock.now + refresh.due_in() - 100

    assert run(come()) == due


def test_a_payment_under_way_is_waited_for() -> None:
    replaced, busy = list[bool](), [True, True, False]

    async def come() -> None:
        refresh = Refresh(0.01, 1, replace=lambda: replaced.append(True), is_busy=lambda: busy.pop(0))
        refresh.typed()
        assert refresh._watch is not None
        await refresh._watch

    run(come())
    assert (replaced, busy) == ([True], [])
