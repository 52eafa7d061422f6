"""Planned events with those that were called off, with row security and the functions that cross it, from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.deconfliction.event_functions import FUNCTIONS, TABLES
from crossline.deconfliction.rules import AnswerLevel
from crossline.engines.deconfliction.tokens import EventKind


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_policy_changes"),
        ("deconfliction", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=EventKind.choices(), max_length=20)),
                ("lat", models.FloatField()),
                ("lon", models.FloatField()),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("reach_metres", models.FloatField()),
                ("reach_before", models.DurationField()),
                ("reach_after", models.DurationField()),
                ("level", models.CharField(choices=AnswerLevel.choices(), max_length=20)),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("forgotten_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "asked",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="event", to="deconfliction.check"
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["lat", "starts"], name="events_near"),
                    models.Index(fields=["agency", "forgotten_at"], name="events_of_agency"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventCalledOff",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("called_off_by", models.CharField(max_length=80)),
                ("called_off_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="called_off",
                        to="deconfliction.plannedevent",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(TABLES),
        migrations.RunSQL(FUNCTIONS),
    ]
