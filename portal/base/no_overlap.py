"""Rows of the same thing never share a day: kept by the database itself, whoever writes.

    operations = [no_overlap("catalogue_price", "component_id", "form")]   # in a migration

A trigger on SQLite and on PostgreSQL alike, so that both refuse the same rows and no extension is
needed; the error is an IntegrityError named `<table>_overlap`. On PostgreSQL two writers of the
same thing wait for each other, so neither misses the other's row.

SQLite drops the triggers of a table that a later migration makes anew: such a migration repeats
the operation. Tests write past the services and would notice.
"""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER {table}_overlap_{event} BEFORE {event} ON {table}
WHEN EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.id IS NOT NEW.id {same}
    AND (other.valid_until IS NULL OR other.valid_until > NEW.valid_from)
    AND (NEW.valid_until IS NULL OR other.valid_from < NEW.valid_until)
)
BEGIN SELECT RAISE(ABORT, '{table}_overlap'); END
"""
POSTGRESQL = """
CREATE FUNCTION {table}_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('{table}'), hashtext(concat_ws('/', {key})));
    IF EXISTS (
        SELECT 1 FROM {table} AS other
        WHERE other.id IS DISTINCT FROM NEW.id {same}
        AND (other.valid_until IS NULL OR other.valid_until > NEW.valid_from)
        AND (NEW.valid_until IS NULL OR other.valid_from < NEW.valid_until)
    ) THEN
        RAISE EXCEPTION '{table}_overlap'
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{table}_overlap';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_overlap BEFORE INSERT OR UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_overlap();
"""


def no_overlap(table: str, *same: str) -> migrations.RunPython:
    """The operation that guards `table`; `same`: columns that tell one thing from another."""

    def install(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            matching = "".join(f" AND other.{column} IS NEW.{column}" for column in same)
            for event in ("insert", "update"):
                _run(schema_editor, SQLITE.format(table=table, event=event, same=matching))
            return
        matching = "".join(
            f" AND other.{column} IS NOT DISTINCT FROM NEW.{column}" for column in same
        )
        key = ", ".join(f"coalesce(NEW.{column}::text, '')" for column in same) or "''"
        _run(schema_editor, POSTGRESQL.format(table=table, same=matching, key=key))

    def remove(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for event in ("insert", "update"):
                _run(schema_editor, f"DROP TRIGGER IF EXISTS {table}_overlap_{event}")
            return
        _run(schema_editor, f"DROP TRIGGER IF EXISTS {table}_overlap ON {table}")
        _run(schema_editor, f"DROP FUNCTION IF EXISTS {table}_overlap()")

    return migrations.RunPython(install, remove)


def _run(schema_editor: Any, statement: str) -> None:
    # Without parameters a per cent sign is a per cent sign.
    schema_editor.execute(statement, params=None)
