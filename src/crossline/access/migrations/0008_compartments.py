"""Compartments: circles of named people, the only ones who see what is put into them."""

from __future__ import annotations

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.access.compartments.security import COMPARTMENTS, LEAVE_COMPARTMENTS
from crossline.access.people_security import WRITE_PERSON_BESIDE_COMPARTMENTS


def _id() -> models.UUIDField[Any, Any]:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def _protected(to: str, **said: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **said)


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.person")


def _of_admission(name: str) -> models.OneToOneField[Any, Any]:
    return models.OneToOneField(
        on_delete=django.db.models.deletion.CASCADE,
        primary_key=True,
        related_name=name,
        serialize=False,
        to="access.compartmentadmission",
    )


def _audience() -> models.ForeignKey[Any, Any]:
    return _protected("access.audience", related_name="+")


def _now() -> models.DateTimeField[Any, Any]:
    return models.DateTimeField(default=django.utils.timezone.now)


class Migration(migrations.Migration):
    dependencies = [("access", "0007_readers")]

    operations = [
        migrations.CreateModel(
            name="Compartment",
            fields=[
                ("id", _id()),
                (
                    "kind",
                    models.CharField(
                        choices=[("operation", "An operation"), ("source_vault", "A source vault")], max_length=20
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=300)),
                ("opened_by", models.CharField(max_length=80)),
                ("opened_at", _now()),
                ("audience", _audience()),
                ("owner", _protected("access.agency")),
            ],
        ),
        migrations.CreateModel(
            name="CompartmentAdmission",
            fields=[
                ("id", _id()),
                ("keeper", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=200)),
                ("admitted_by", models.CharField(max_length=80)),
                ("admitted_agency", models.CharField(max_length=60)),
                ("admitted_at", _now()),
                ("audience", _audience()),
                ("compartment", _protected("access.compartment")),
                ("person", _person()),
            ],
        ),
        migrations.CreateModel(
            name="CompartmentConfirmation",
            fields=[
                ("admission", _of_admission("confirmation")),
                ("confirmed_by", models.CharField(max_length=80)),
                ("confirmed_agency", models.CharField(max_length=60)),
                ("confirmed_at", _now()),
                ("audience", _audience()),
                ("person", _person()),
            ],
        ),
        migrations.CreateModel(
            name="CompartmentEnd",
            fields=[
                ("admission", _of_admission("end")),
                ("reason", models.CharField(max_length=200)),
                ("ended_by", models.CharField(max_length=80)),
                ("ended_agency", models.CharField(max_length=60)),
                ("ended_at", _now()),
                ("audience", _audience()),
                ("person", _person()),
            ],
        ),
        migrations.RunSQL(COMPARTMENTS),
        migrations.RunSQL(LEAVE_COMPARTMENTS),
        migrations.RunSQL(WRITE_PERSON_BESIDE_COMPARTMENTS),
    ]
