"""The room's tables, with row security from the first."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from crossline.access import row_security as rows


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=60)),
                ("standing", models.CharField(max_length=20)),
                ("sentence", models.TextField()),
                ("rule_version", models.CharField(max_length=60)),
                ("raised_at", models.DateTimeField()),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience")),
                ("mention", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.mention")),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency")),
                ("record", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.record")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("mention", "reason"), name="a_concern_once")],
            },
        ),
        migrations.RunSQL(rows.content("safeguarding_concern")),
    ]
