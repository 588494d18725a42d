"""The index over title and text together that Wagtail's own schema lacks on PostgreSQL."""

from django.db import migrations

CREATE = """
CREATE INDEX IF NOT EXISTS search_entry_title_body_gin
ON wagtailsearch_indexentry USING gin ((title || body))
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS search_entry_title_body_gin")


class Migration(migrations.Migration):
    dependencies = [("wagtailsearch", "0010_add_text_fields")]

    operations = [migrations.RunPython(create, drop)]
