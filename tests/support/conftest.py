"""What tests of money lean on: books that can be emptied between tests, which the database itself refuses otherwise."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from hectograph.support.books import LedgerAccount, LedgerEntry, LedgerTxn

_guard = import_module("hectograph.support.migrations.0002_ledger_is_only_added_to")


@pytest.fixture
def books(transactional_db: None) -> Iterator[None]:
    """Books that are really committed to. After the test the guards go, the rows go, and the guards come back."""
    yield
    with connection.schema_editor() as editor:
        _guard.unguard(apps, editor)
    for rows in (LedgerEntry, LedgerTxn, LedgerAccount):
        rows.objects.all().delete()
    with connection.schema_editor() as editor:
        _guard.guard(apps, editor)
