"""The head of the chain, and a database that refuses to change or forget an entry.

SQLite makes a table anew when it alters one and loses its triggers: a later migration of these two
tables has to call `refuse_changes` again. `audit_verify` says when they are missing.
"""

from django.db import migrations

TEXT = "The view log is append-only."
# The one lawful change: whom an entry is about is blanked, once, and all of it (rules.md 16).
ERASURE = """
    OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
    AND NEW.subject = '' AND NEW.number = '' AND NEW.salt = ''
    AND NEW.id = OLD.id AND NEW.event_id = OLD.event_id AND NEW.digest = OLD.digest
"""

SQLITE = [
    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        {when} BEGIN SELECT RAISE(ABORT, '{TEXT}'); END"""
    for table, verb, when in (
        ("audit_accessevent", "UPDATE", ""),
        ("audit_accessevent", "DELETE", ""),
        ("audit_accesssubject", "UPDATE", f"WHEN NOT ({ERASURE})"),
        ("audit_accesssubject", "DELETE", ""),
        ("audit_chainhead", "DELETE", ""),
    )
]

POSTGRES = [
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'restrict_violation'; END $$""",
    f"""CREATE TRIGGER audit_accesssubject_no_update BEFORE UPDATE ON audit_accesssubject
        FOR EACH ROW WHEN (NOT ({ERASURE})) EXECUTE FUNCTION audit_refuse()""",
    *(
        f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
            FOR EACH {each} EXECUTE FUNCTION audit_refuse()"""
        for table, verb, each in (
            ("audit_accessevent", "UPDATE", "ROW"),
            ("audit_accessevent", "DELETE", "ROW"),
            ("audit_accesssubject", "DELETE", "ROW"),
            ("audit_chainhead", "DELETE", "ROW"),
            ("audit_accessevent", "TRUNCATE", "STATEMENT"),
            ("audit_accesssubject", "TRUNCATE", "STATEMENT"),
        )
    ),
]


def make_head(apps, schema_editor):
    apps.get_model("audit", "ChainHead").objects.get_or_create(pk=1)


def refuse_changes(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(make_head, migrations.RunPython.noop),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
    ]
