"""A flood over several cashiers, with real threads: no token is lost from the count, and a person is called once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from hectograph.newsroom.flows import fuses
from hectograph.newsroom.flows.till import BAD, READ
from hectograph.support import fuse, fuse_count
from hectograph.support.fuse import Alarm
from hectograph.support.fuse_count import FuseCount
from tests.newsroom.giving import START

pytestmark = pytest.mark.django_db(transaction=True)
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other anyhow")


def at_once(count: int, act: Callable[[], None]) -> None:
    gate, wrong = threading.Barrier(count), list[Exception]()

    def run() -> None:
        gate.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 (a thread's own would be lost)
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@postgresql
def test_twelve_threads_that_hear_at_once_lose_no_count() -> None:
    def hear() -> None:
        for _ in range(40):
            fuse_count.hear("card", BAD, START)

    at_once(12, hear)
    assert FuseCount.objects.get().n == 480


@postgresql
def test_a_flood_over_twelve_cashiers_closes_cards_and_calls_a_person_once() -> None:
    def declined() -> None:
        meter = fuses.Meter(lambda: START)
        for _ in range(5):
            if meter.is_open("card"):
                meter.seen("card", READ)
                meter.seen("card", BAD)

    at_once(12, declined)
    assert fuse.is_closed("card", START)
    assert Alarm.objects.count() == 1
    assert fuse_count.heard("card", READ, START.replace(year=2025)) <= 30 + 12  # each has one in hand at the most
