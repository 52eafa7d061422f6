"""How returned lines take their orders, as people say, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.lines.status_security import ORDERS


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_policy_changes"),
        ("lines", "0003_verdicts"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="LineOrders",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("line_ref", models.CharField(max_length=200)),
                (
                    "taken",
                    models.CharField(
                        choices=[
                            ("phone", "By telephone"),
                            ("social", "By social media or an app"),
                            ("both", "By telephone and by social media or an app"),
                            ("not_known", "Not known"),
                            ("as_found", "As the records show"),
                        ],
                        max_length=10,
                    ),
                ),
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
                "indexes": [models.Index(fields=["owner", "line_ref"], name="line_orders_of_return")],
            },
        ),
        migrations.RunSQL(ORDERS),
    ]
