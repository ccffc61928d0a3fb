"""The database keeps the versions of the country policy and what operators did: rows are only ever added."""

from django.db import migrations

_TABLES = ("support_policyrow", "support_operatoraction")
_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'what was decided is only added to'); END"""
_POSTGRESQL = """CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what was decided is only added to'; END $$;
CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"""


def guard(apps, schema_editor):
    """Make the triggers."""
    for table in _TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRESQL.format(table=table))
            continue
        for verb in ("update", "delete"):
            schema_editor.execute(_SQLITE.format(table=table, verb=verb))


def unguard(apps, schema_editor):
    """Take the triggers away."""
    for table in _TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_refuse() CASCADE")
            continue
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("support", "0003_giving")]

    operations = [migrations.RunPython(guard, unguard)]
