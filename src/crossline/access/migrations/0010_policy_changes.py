"""The statements of the policy that this store was started with, and who agreed to each."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.access.policy_changes.security import POLICY_CHANGES


class Migration(migrations.Migration):
    dependencies = [("access", "0009_partners")]

    operations = [
        migrations.CreateModel(
            name="PolicyStatement",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("lines", models.JSONField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.policystatement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PolicyWord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("said", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=80)),
                ("by_id", models.UUIDField()),
                ("by_agency", models.CharField(max_length=60)),
                (
                    "statement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.policystatement"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "by_id", "said"), name="nobody_counts_twice_for_a_policy"
                    )
                ],
            },
        ),
        migrations.RunSQL(POLICY_CHANGES),
    ]
