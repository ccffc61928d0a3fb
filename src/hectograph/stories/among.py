"""The lookup `among`: like Django's `in`, for many whole numbers. They go to the database as one parameter, not each as
one of its own, which Django prepares one by one: that cost a whole build a tenth of its time."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import AutoField, ForeignKey, IntegerField, Lookup


class Among(Lookup):
    """`field__among=[1, 2, …]`: the field holds one of these numbers."""

    lookup_name = "among"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[int]:
        return [int(number) for number in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs:
            raise EmptyResultSet  # nothing is asked of the database, as `in` does it
        left, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s)", [*params, self.rhs]
        return f"{left} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]  # noqa: S608 (a column)


def register() -> None:
    """Make the lookup known for numbers and for what refers by them."""
    for kind in (AutoField, ForeignKey, IntegerField):
        kind.register_lookup(Among)
