"""A role for those who answer for an agency's records."""

import django.contrib.postgres.fields
from django.db import migrations, models

ROLES = ("analyst", "intelligence", "investigator", "safeguarding", "coordinator", "information_manager", "auditor")


class Migration(migrations.Migration):
    dependencies = [("access", "0002_seals")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[(role, role) for role in ROLES], max_length=40), size=None
            ),
        ),
    ]
