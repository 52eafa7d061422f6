"""Planned events: where and when they are, that one was called off, and what crosses the wall about them (decision 0030)."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from crossline.deconfliction.event_functions import FUNCTIONS, TABLES
from crossline.deconfliction.functions import RESOLVING
from crossline.engines.deconfliction.event import EventKind


def _to(model: str, *, on_delete: object = django.db.models.deletion.PROTECT) -> models.ForeignKey:
    return models.ForeignKey(on_delete=on_delete, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("deconfliction", "0001_initial")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="CheckedEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=EventKind.choices(), max_length=20)),
                ("place", models.CharField(max_length=80)),
                ("lat", models.FloatField()),
                ("lon", models.FloatField()),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("agency", _to("access.agency")),
                ("asked", _to("deconfliction.check", on_delete=django.db.models.deletion.CASCADE)),
                ("audience", _to("access.audience")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ends"], name="event_ends"),
                    models.Index(fields=["asked"], name="event_of_check"),
                    models.Index(fields=["agency", "ends"], name="events_of_agency"),
                ]
            },
        ),
        migrations.CreateModel(
            name="EventCalledOff",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("agency", _to("access.agency")),
                ("asked", _to("deconfliction.check", on_delete=django.db.models.deletion.CASCADE)),
                ("audience", _to("access.audience")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["asked"], name="an_event_called_off_once")],
            },
        ),
        migrations.RunSQL(TABLES),
        migrations.RunSQL(FUNCTIONS),
        # An outcome of an event is recorded as that of any check: the function knows both kinds from here on.
        migrations.RunSQL(
            "DROP FUNCTION crossline_deconflict_outcome(uuid, text, text, text, uuid);\n" + RESOLVING,
        ),
    ]
