"""A record can be released to one more agency, by two people of its owner, and taken back; what carries its audience follows."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.access import row_security as rows
from crossline.records.release_security import ALLOWED, FOLLOW, TAKEN_BACK


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_own_while_active"),
        ("entities", "0001_initial"),
        ("records", "0003_restriction"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordRelease",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("conditions", models.CharField(max_length=280)),
                ("reason", models.CharField(max_length=200)),
                ("approval", models.UUIDField(unique=True)),
                ("released_by", models.CharField(max_length=80)),
                ("released_agency", models.CharField(max_length=60)),
                ("released_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience"),
                ),
                (
                    "record",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.record"),
                ),
                (
                    "to_agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReleaseTakenBack",
            fields=[
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="taken_back",
                        serialize=False,
                        to="records.recordrelease",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.record"),
                ),
                ("reason", models.CharField(max_length=200)),
                ("taken_back_by", models.CharField(max_length=80)),
                ("taken_back_agency", models.CharField(max_length=60)),
                ("taken_back_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience"),
                ),
            ],
        ),
        migrations.RunSQL(rows.content("records_recordrelease", web="SELECT, INSERT", added=ALLOWED)),
        migrations.RunSQL(rows.content("records_releasetakenback", web="SELECT, INSERT", added=TAKEN_BACK)),
        migrations.RunSQL(FOLLOW),
    ]
