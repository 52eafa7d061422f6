"""What people say of two returned lines, and which lines have the nation's attention, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.lines.status_security import VERDICTS


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_policy_changes"),
        ("lines", "0002_states"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="LineAttention",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("line_ref", models.CharField(max_length=200)),
                ("raised", models.BooleanField()),
                ("reason", models.TextField()),
                ("decided_by", models.CharField(max_length=80)),
                ("decided_agency", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "line_ref"], name="line_attention_of_return")],
            },
        ),
        migrations.CreateModel(
            name="LineJudgement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("left_ref", models.CharField(max_length=200)),
                ("right_ref", models.CharField(max_length=200)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("unjudged", "Not judged"),
                            ("same", "The same line"),
                            ("different", "Different lines"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("decided_by", models.CharField(max_length=80)),
                ("decided_agency", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "follows",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_by",
                        to="lines.linejudgement",
                    ),
                ),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
                (
                    "left_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "left_owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
                (
                    "right_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "right_owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("follows", None)),
                        fields=("left", "right"),
                        name="one_first_verdict_on_a_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict", "unjudged"), _negated=True), name="a_verdict_is_given"
                    ),
                ],
            },
        ),
        migrations.RunSQL(VERDICTS),
    ]
