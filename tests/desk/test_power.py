"""A desk that is killed in the middle of commits: whoever was thanked is in the spool, whole and in order."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest

from hectograph.sealing import envelope
from hectograph.sealing.unseal import unseal
from tests.desk import stores
from tests.desk.conftest import Street, served

FORM = {"content-type": "application/x-www-form-urlencoded"}


def post(port: int, who: str, thanked: list[str], most: int = 9999) -> None:
    """Sign up under one name after the other, or until the desk is gone."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        for name in (f"{who}-{number}" for number in range(most)):
            line.request("POST", "/sign-up", urlencode({"address": f"{name}@example.org"}), FORM)
            answer = line.getresponse()
            answer.read()
            if answer.status == 200:
                thanked.append(name)
    except (OSError, HTTPException):
        pass
    finally:
        line.close()


@pytest.mark.parametrize("kills", [1, pytest.param(12, marks=pytest.mark.soak)])
def test_whoever_was_thanked_is_there_after_the_desk_was_killed(
    streets: Callable[..., Street], tmp_path: Path, kills: int
) -> None:
    street, thanked = streets(), list[str]()
    for kill in range(kills):
        with served(street, tmp_path, per_client=0) as (port, process):
            before = len(thanked)
            threads = [threading.Thread(target=post, args=(port, f"r{kill}-{at}", thanked)) for at in range(8)]
            for thread in threads:
                thread.start()
            while len(thanked) < before + 200 + kill:  # so much is committed, and more is under way
                time.sleep(0.001)
            os.killpg(process.pid, signal.SIGKILL)
            for thread in threads:
                thread.join()
    ring = {envelope.key_id(street.configuration.intake[0]): street.intake}
    store, after, kept = stores.opened(street.configuration.spool), 0, list[str]()
    while rows := store.page(after, 2000).rows:
        kept += [json.loads(unseal(ring, sealed))["address"].partition("@")[0] for _, sealed in rows]
        after = rows[-1][0]
    store.close()
    assert set(thanked) <= set(kept)
    assert len(kept) == len(set(kept))
