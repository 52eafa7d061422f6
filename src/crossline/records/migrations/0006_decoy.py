"""Decoys: who planted and agreed, for auditors alone, and apart from it what an agency's people are shown."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.records.decoys.security import PLANTED, SHOWN, UNTOLD

AGENCY = {"on_delete": django.db.models.deletion.PROTECT, "to": "access.agency"}
AUDIENCE = {"on_delete": django.db.models.deletion.PROTECT, "to": "access.audience"}


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_compartments"),
        ("records", "0005_compartments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decoy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=200)),
                ("person", models.UUIDField(default=uuid.uuid4)),
                ("phone", models.UUIDField(default=uuid.uuid4)),
                ("said", models.JSONField()),
                (
                    "tokens",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), size=None),
                ),
                ("days", models.SmallIntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("planted_by", models.CharField(max_length=80)),
                ("planted_by_id", models.CharField(max_length=40)),
                ("planted_agency", models.CharField(max_length=60)),
                ("planted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sponsor", models.CharField(max_length=80)),
                ("sponsor_id", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="DecoyStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=10)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=80)),
                ("by_id", models.CharField(max_length=40)),
                ("by_agency", models.CharField(max_length=60)),
                (
                    "decoy",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.decoy"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("decoy", "state"), name="a_state_once_a_decoy"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["agreed", "refused"])),
                        fields=("decoy",),
                        name="one_word_on_a_decoy",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecoyRecord",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=200)),
                ("person", models.UUIDField()),
                ("phone", models.UUIDField()),
                ("said", models.JSONField()),
                ("until", models.DateTimeField()),
                ("owner", models.ForeignKey(**AGENCY)),
                ("audience", models.ForeignKey(**AUDIENCE)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ref", "audience"], name="decoy_ref"),
                    models.Index(fields=["person", "audience"], name="decoy_person"),
                    models.Index(fields=["phone", "audience"], name="decoy_phone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecoyToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=300)),
                (
                    "decoy",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.decoyrecord"),
                ),
                ("audience", models.ForeignKey(**AUDIENCE)),
            ],
            options={"indexes": [models.Index(fields=["token", "audience"], name="decoy_token")]},
        ),
        migrations.RunSQL(PLANTED),
        migrations.RunSQL(SHOWN),
        migrations.RunSQL(UNTOLD),
    ]
