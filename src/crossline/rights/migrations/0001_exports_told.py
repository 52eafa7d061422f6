"""Whoever answers for an agency's records may be told which exports its people made. The room has no tables of its own."""

from django.db import migrations

from crossline.access import row_security as rows


class Migration(migrations.Migration):
    dependencies = [("access", "0002_seals")]

    operations = [migrations.RunSQL(rows.EXPORTS_TOLD)]
