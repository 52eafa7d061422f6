"""What people decide on changes of number, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.lines.security import JUDGEMENTS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeJudgement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("finding", models.CharField(max_length=200)),
                ("old_number", models.CharField(max_length=60)),
                ("new_number", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("put_forward", "Put forward"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("score", models.FloatField()),
                ("method", models.CharField(max_length=60)),
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
                    "follows",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_by",
                        to="lines.changejudgement",
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
                "indexes": [models.Index(fields=["owner", "old_number", "new_number"], name="change_judgement_pair")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("follows", None)),
                        fields=("record", "finding"),
                        name="one_first_judgement_of_a_change",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["confirmed", "rejected", "withdrawn"])),
                        name="a_judgement_decides",
                    ),
                ],
            },
        ),
        migrations.RunSQL(JUDGEMENTS),
    ]
