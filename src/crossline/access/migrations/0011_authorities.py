"""Which local authorities a partner organisation covers."""

import django.contrib.postgres.fields
from django.db import migrations, models

from crossline.access.partner_security import COVER_AUTHORITIES


class Migration(migrations.Migration):
    dependencies = [("access", "0010_policy_changes")]

    operations = [
        migrations.AddField(
            model_name="agency",
            name="authorities",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), default=list, size=None
            ),
        ),
        migrations.RunSQL("ALTER TABLE access_agency ALTER COLUMN authorities SET DEFAULT '{}'"),
        migrations.RunSQL(COVER_AUTHORITIES),
    ]
