"""The single row exists from the first day, so a reader never has to write it."""

import uuid

from django.db import migrations


def create_row(apps, schema_editor):
    apps.get_model("base", "ContentVersion").objects.get_or_create(
        pk=1, defaults={"value": uuid.uuid4()}
    )


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]

    operations = [migrations.RunPython(create_row, migrations.RunPython.noop, elidable=False)]
