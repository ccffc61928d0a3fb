"""A store of each kind, for tests that must hold for all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from hectograph.desk import spool
from hectograph.desk.store import Store
from tests import postgres

KINDS = ["sqlite", "postgresql"]
PLENTY = 100_000_000


@cache
def server() -> str:
    """A PostgreSQL for the whole run; the run's end stops it."""
    url = postgres.start(Path(tempfile.mkdtemp(prefix="hecto-spool-")))
    if url is None:
        pytest.skip("PostgreSQL is not installed")
    return url


@contextmanager
def place(kind: str, folder: Path) -> Iterator[str]:
    """Where a spool of `kind` may lie; what is there afterwards is thrown away."""
    if kind == "sqlite":
        yield str(folder / "spool.sqlite3")
        return
    name = f"spool_{abs(hash(str(folder)))}"
    with psycopg.connect(server(), autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    yield server().rpartition("/")[0] + f"/{name}"
    with psycopg.connect(server(), autocommit=True) as database:
        database.execute(f"DROP DATABASE {name} WITH (FORCE)")


def opened(where: str, most_bytes: int = PLENTY) -> Store:
    return spool.store(where, most_bytes)
