"""The database itself keeps the ledger: rows are only ever added, and each transaction adds up to zero.

What holds on SQLite, for any writer with foreign keys on (ours has): an entry's account must be there when the entry
comes; a transaction's row comes last, is refused unless its entries are there, are whole numbers, are of its own rail and
add up to zero in each currency, and closes the set; foreign keys, checked at commit, leave no entry without its
transaction. Existing rows are refused again before SQLite's OR REPLACE could take their place. So what is committed adds
up, always.

What holds on PostgreSQL, for the role that the newsroom runs as, too: the same, by constraint triggers at commit on
entries and on transactions. Two that write to one transaction at once each see at least their own entries, which alone
must add up. TRUNCATE is refused unless the table is empty: that loses nothing, and empties a database between tests.

Whoever may change the schema can of course remove the triggers. On SQLite a later migration that remakes one of these
tables must make its triggers again; tests/support/test_books.py fails otherwise.
"""

from django.db import migrations

_TABLES = ("support_ledgeraccount", "support_ledgertxn", "support_ledgerentry")

_SQLITE = [
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
        for table in _TABLES
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER support_ledgeraccount_once BEFORE INSERT ON support_ledgeraccount
    WHEN EXISTS (SELECT 1 FROM support_ledgeraccount WHERE code = NEW.code)
    BEGIN SELECT RAISE(ABORT, 'the ledger has this account'); END""",
    """CREATE TRIGGER support_ledgerentry_open BEFORE INSERT ON support_ledgerentry
    WHEN EXISTS (SELECT 1 FROM support_ledgertxn WHERE ref = NEW.txn_id)
        OR NOT EXISTS (SELECT 1 FROM support_ledgeraccount WHERE code = NEW.account_id)
    BEGIN SELECT RAISE(ABORT, 'the transaction is closed, or there is no such account'); END""",
    """CREATE TRIGGER support_ledgertxn_sums BEFORE INSERT ON support_ledgertxn
    WHEN EXISTS (SELECT 1 FROM support_ledgertxn WHERE ref = NEW.ref)
        OR NOT EXISTS (SELECT 1 FROM support_ledgerentry WHERE txn_id = NEW.ref)
        OR EXISTS (
            SELECT 1 FROM support_ledgerentry e JOIN support_ledgeraccount a ON a.code = e.account_id
            WHERE e.txn_id = NEW.ref GROUP BY a.currency
            HAVING sum(e.minor) <> 0 OR max(a.rail <> NEW.rail) OR max(typeof(e.minor) <> 'integer'))
    BEGIN SELECT RAISE(ABORT, 'the transaction does not add up'); END""",
]

_POSTGRESQL = [
    """CREATE FUNCTION support_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE FUNCTION support_ledger_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE kept boolean;
    BEGIN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO kept;
        IF kept THEN
            RAISE EXCEPTION 'the ledger is only added to' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION support_ledger_sums() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE txn text := to_jsonb(NEW) ->> TG_ARGV[0];
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM support_ledgerentry WHERE txn_id = txn) OR EXISTS (
            SELECT 1 FROM support_ledgerentry e
            JOIN support_ledgeraccount a ON a.code = e.account_id
            JOIN support_ledgertxn t ON t.ref = e.txn_id
            WHERE e.txn_id = txn GROUP BY a.currency HAVING sum(e.minor) <> 0 OR bool_or(a.rail <> t.rail))
        THEN RAISE EXCEPTION 'the transaction does not add up' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$""",
    *(
        f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION support_ledger_refuse()"
        for table in _TABLES
    ),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION support_ledger_keep()"
        for table in _TABLES
    ),
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_sums AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION support_ledger_sums('{column}')"
        for table, column in (("support_ledgertxn", "ref"), ("support_ledgerentry", "txn_id"))
    ),
]

_SQLITE_NAMES = [
    *(f"{table}_no_{verb}" for table in _TABLES for verb in ("update", "delete")),
    "support_ledgeraccount_once",
    "support_ledgerentry_open",
    "support_ledgertxn_sums",
]


def guard(apps, schema_editor):
    """Make the triggers."""
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement, params=None)  # its percent signs are its own


def unguard(apps, schema_editor):
    """Take the triggers away."""
    if schema_editor.connection.vendor == "sqlite":
        for name in _SQLITE_NAMES:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for name in ("refuse", "keep", "sums"):
        schema_editor.execute(f"DROP FUNCTION support_ledger_{name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("support", "0001_ledger")]

    operations = [migrations.RunPython(guard, unguard)]
