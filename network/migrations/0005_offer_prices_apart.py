"""Prices of one offer in one form never share a day."""

from django.db import migrations

from portal.base.no_overlap import no_overlap


class Migration(migrations.Migration):
    dependencies = [("network", "0004_people")]

    operations = [no_overlap("network_offerprice", "offer_id", "form")]
