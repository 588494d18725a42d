from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_priceimport"),
    ]

    operations = [
        migrations.AddField(
            model_name="priceimport",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="answered"),
        ),
        migrations.AddField(
            model_name="priceimport",
            name="digest",
            field=models.CharField(
                blank=True, db_default="", max_length=64, verbose_name="sign of the cells"
            ),
        ),
        migrations.AddField(
            model_name="priceimport",
            name="outcome",
            field=models.JSONField(db_default={}, default=dict, verbose_name="what was done"),
        ),
        migrations.AddField(
            model_name="priceimport",
            name="seen",
            field=models.JSONField(db_default=[], default=list, verbose_name="questions seen"),
        ),
        migrations.AddField(
            model_name="priceimport",
            name="taken_back_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken back"),
        ),
    ]
