"""A role for people of partner organisations, and the wall between those and intelligence."""

import django.contrib.postgres.fields
from django.db import migrations, models

from crossline.access.partner_security import PARTNERS

ROLES = (
    *("analyst", "intelligence", "investigator", "safeguarding", "coordinator", "information_manager", "auditor"),
    *("administrator", "partner"),
)


class Migration(migrations.Migration):
    dependencies = [("access", "0008_compartments")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[(role, role) for role in ROLES], max_length=40), size=None
            ),
        ),
        migrations.RunSQL(PARTNERS),
    ]
