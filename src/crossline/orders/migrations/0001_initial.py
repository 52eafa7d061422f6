"""Orders, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.orders.security import ORDERS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("title", models.CharField(max_length=200)),
                ("line", models.UUIDField(null=True)),
                ("about", models.UUIDField(null=True)),
                ("opened_by", models.CharField(max_length=80)),
                ("opened_agency", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            ],
        ),
        migrations.CreateModel(
            name="OrderEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Service on a provider or a person"),
                            ("breach", "Breach"),
                            ("check_back", "Check whether a number is silent"),
                            ("condition", "Condition of the order"),
                        ],
                        max_length=12,
                    ),
                ),
                ("day", models.DateField()),
                ("detail", models.JSONField(default=dict)),
                ("text", models.TextField()),
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="orders.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("content", models.JSONField()),
                ("reason", models.TextField()),
                ("saved_by", models.CharField(max_length=80)),
                ("saved_agency", models.CharField(max_length=60)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="orders.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("signed_off", "Signed off"),
                            ("applied", "Applied for"),
                            ("granted", "Granted"),
                            ("refused", "Refused by the court"),
                            ("served", "Served"),
                            ("complied", "Complied with"),
                            ("varied", "Varied"),
                            ("discharged", "Discharged"),
                            ("expired", "Expired"),
                        ],
                        max_length=12,
                    ),
                ),
                ("day", models.DateField()),
                ("detail", models.JSONField(default=dict)),
                ("reason", models.TextField()),
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="orders.order"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="orders.orderversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("ground", "Dated ground, in words of the draft"),
                            ("evidence", "Shows that a number or device is the line’s"),
                            ("apart", "Kept apart: its owner has to be asked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("identifier", models.CharField(blank=True, max_length=80)),
                ("sentence", models.TextField(blank=True)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="orders.orderversion"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="orderversion",
            constraint=models.UniqueConstraint(fields=("order", "number"), name="a_version_once"),
        ),
        migrations.AddConstraint(
            model_name="orderstep",
            constraint=models.UniqueConstraint(fields=("order", "number"), name="a_step_once"),
        ),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.UniqueConstraint(fields=("version", "record", "use", "identifier"), name="an_item_once"),
        ),
        migrations.RunSQL(ORDERS),
    ]
