"""A record can be put into a compartment and taken out; what carries its audience follows, and concerns are raised anew."""

from __future__ import annotations

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.records.compartments.security import MOVES, NOT_RELEASED_FROM_A_COMPARTMENT


def _to(to: str, on_delete: Any, **said: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(on_delete=on_delete, to=to, **said)


def _audience() -> models.ForeignKey[Any, Any]:
    return _to("access.audience", django.db.models.deletion.PROTECT, related_name="+")


def _record() -> models.ForeignKey[Any, Any]:
    return _to("records.record", django.db.models.deletion.CASCADE)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_compartments"),
        ("entities", "0001_initial"),
        ("records", "0004_release"),
        ("safeguarding", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompartmentEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=200)),
                ("put_in_by", models.CharField(max_length=80)),
                ("put_in_agency", models.CharField(max_length=60)),
                ("put_in_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", _audience()),
                ("compartment", _to("access.compartment", django.db.models.deletion.PROTECT)),
                ("former_audience", _audience()),
                ("record", _record()),
            ],
        ),
        migrations.CreateModel(
            name="CompartmentExit",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="exit",
                        serialize=False,
                        to="records.compartmententry",
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("taken_out_by", models.CharField(max_length=80)),
                ("taken_out_agency", models.CharField(max_length=60)),
                ("taken_out_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", _audience()),
                ("former_audience", _audience()),
                ("record", _record()),
            ],
        ),
        migrations.RunSQL(MOVES),
        migrations.RunSQL(NOT_RELEASED_FROM_A_COMPARTMENT),
    ]
