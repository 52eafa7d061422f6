"""Reports of partners, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.safeguarding.reporting.security import REPORTS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=20)),
                ("pack", models.CharField(max_length=40)),
                ("content", models.JSONField()),
                ("sent_by", models.CharField(max_length=80)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "force",
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
                (
                    "record",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerReportStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("read", "Read by the police"),
                            ("answered", "Answered"),
                            ("raised_again", "Raised again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True)),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="reporting.partnerreport"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("report", "number"), name="a_report_step_once")],
            },
        ),
        migrations.RunSQL(REPORTS),
    ]
