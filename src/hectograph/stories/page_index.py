"""An index of our own on Wagtail's table of pages: the few that end by themselves are found without looking at all."""

from __future__ import annotations

from typing import Any

from django.db import connections
from wagtail.models import Page

_NAME = "stories_pages_that_end"


def ensure(using: str = "default", **kwargs: Any) -> None:
    """Make it where it is missing; called after migrations. A migration of ours would not last: on SQLite each change
    of Wagtail's own table makes that anew, with Wagtail's indexes alone."""
    table = Page._meta.db_table
    with connections[using].cursor() as cursor:
        if table not in connections[using].introspection.table_names(cursor):
            return  # only some rooms were migrated so far
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {_NAME} ON {table} (expire_at) WHERE expire_at IS NOT NULL")
