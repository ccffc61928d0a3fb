"""The run that is meant for PostgreSQL is on PostgreSQL."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_run_for_postgresql_is_on_it() -> None:
    if os.environ.get("HECTO_TEST_DATABASE") != "postgresql":
        assert connection.vendor == "sqlite"
    elif not os.environ["DATABASE_URL"]:
        pytest.skip("PostgreSQL is not installed")
    else:
        assert connection.vendor == "postgresql"
