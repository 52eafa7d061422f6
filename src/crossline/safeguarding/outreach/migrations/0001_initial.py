"""Outreach after closures, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.safeguarding.outreach.security import OUTREACH


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outreach",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=20)),
                ("places", models.CharField(max_length=300)),
                ("message", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("reason", models.TextField()),
                ("planned_by", models.CharField(max_length=80)),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutreachStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("agreed", "Agreed by the health partner"),
                            ("declined", "Declined by the health partner"),
                            ("sent", "Messages sent"),
                            ("counted", "Counted by the health partner"),
                            ("ended", "Ended"),
                            ("called_off", "Called off"),
                        ],
                        max_length=12,
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                ("words", models.TextField()),
                ("by", models.CharField(max_length=80)),
                ("by_agency", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "outreach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="outreach.outreach"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("outreach", "number"), name="an_outreach_step_once")],
            },
        ),
        migrations.RunSQL(OUTREACH),
    ]
