"""What the database refuses to delete goes between tests that really commit: only there, and only then."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from hectograph.support.operator_action import OperatorAction
from hectograph.support.policy_row import PolicyRow

_guard = import_module("hectograph.support.migrations.0004_decisions_are_only_added_to")


def empty() -> None:
    """Delete decisions and what operators did: the guards go, the rows go, and the guards come back."""
    if not OperatorAction.objects.exists() and not PolicyRow.objects.exists():
        return
    with connection.schema_editor() as editor:
        _guard.unguard(apps, editor)
    for rows in (OperatorAction, PolicyRow):
        rows.objects.all().delete()
    with connection.schema_editor() as editor:
        _guard.guard(apps, editor)
