"""A round counts its changes; prices, ceilings and rounds never share a day."""

from django.db import migrations, models

from portal.base.no_overlap import no_overlap


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="round",
            name="version",
            field=models.PositiveIntegerField(
                db_default=1, default=1, editable=False, verbose_name="version"
            ),
        ),
        no_overlap("catalogue_round"),
        no_overlap("catalogue_price", "component_id", "form"),
        no_overlap("catalogue_cap", "component_id", "domain_id"),
    ]
