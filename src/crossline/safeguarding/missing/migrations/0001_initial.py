"""What people write of missing episodes, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.safeguarding.missing.security import MISSING


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="EpisodeDisclosure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("told_at", models.DateTimeField()),
                ("told_to", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("by", models.CharField(max_length=80)),
                ("by_agency", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
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
        migrations.CreateModel(
            name="EpisodeEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("returned", "Came back"),
                            ("prevention", "Prevention interview"),
                            ("offered", "Return interview offered"),
                            ("accepted", "Return interview accepted"),
                            ("declined", "Return interview declined"),
                            ("done", "Return interview done"),
                            ("risk", "Risk graded"),
                            ("journey", "Journey and condition"),
                            ("chased", "Somebody was asked"),
                            ("taken_back", "Written by mistake"),
                        ],
                        max_length=12,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True)),
                ("by", models.CharField(max_length=80)),
                ("by_agency", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="missing.episodeentry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TriggerPlan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("text", models.TextField()),
                ("review_on", models.DateField()),
                ("reason", models.TextField()),
                ("by", models.CharField(max_length=80)),
                ("by_agency", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "about",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
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
            options={
                "constraints": [models.UniqueConstraint(fields=("about", "number"), name="a_plan_once")],
            },
        ),
        migrations.RunSQL(MISSING),
    ]
