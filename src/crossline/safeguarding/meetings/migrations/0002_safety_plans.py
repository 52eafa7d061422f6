"""Safety plans with their texts, endings, returns home and outcomes, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.safeguarding.meetings.security import PLANS


class Migration(migrations.Migration):
    dependencies = [("access", "0012_partner_kinds"), ("records", "0006_decoy"), ("meetings", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SafetyPlan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("opened_by", models.CharField(max_length=80)),
                ("opened_agency", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
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
        ),
        migrations.CreateModel(
            name="PlanEnding",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("words", models.TextField()),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="endings", to="meetings.safetyplan"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EndingAnswer",
            fields=[
                (
                    "ending",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="answer",
                        serialize=False,
                        to="meetings.planending",
                    ),
                ),
                ("agreed", models.BooleanField()),
                ("words", models.TextField(blank=True)),
                ("by", models.CharField(max_length=80)),
                ("by_agency", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("under_way", "Under way"),
                            ("done", "Handed over"),
                            ("not_done", "Not done"),
                        ],
                        max_length=12,
                    ),
                ),
                ("fetches", models.TextField()),
                ("how", models.TextField()),
                ("starts_at", models.DateTimeField()),
                ("handed_to", models.TextField()),
                ("contact", models.TextField(blank=True)),
                ("words", models.TextField(blank=True)),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="returns", to="meetings.safetyplan"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("plan", "number"), name="a_return_entry_once")],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("parts", models.JSONField()),
                ("review_on", models.DateField()),
                ("words", models.TextField()),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="meetings.safetyplan"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("plan", "number"), name="a_plan_text_once")],
            },
        ),
        migrations.CreateModel(
            name="PlanOutcome",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("point", models.CharField(max_length=20)),
                ("number", models.IntegerField()),
                ("answers", models.JSONField()),
                ("words", models.TextField(blank=True)),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="outcomes", to="meetings.safetyplan"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "point", "number"), name="a_plan_outcome_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="planending",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="a_plan_ending_once"),
        ),
        migrations.RunSQL(PLANS),
    ]
