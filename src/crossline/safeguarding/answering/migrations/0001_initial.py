"""Answering for concerns, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.safeguarding.answering.security import ANSWERING


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0011_authorities"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConcernCase",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                    "basis_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseReason",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=60)),
                ("standing", models.CharField(max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "basis_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "mention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reasons", to="answering.concerncase"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("home_force", "Force of the home"),
                            ("home_authority", "Local authority of the home"),
                            ("host_force", "Force of where they were found"),
                            ("host_authority", "Local authority of where they were found"),
                        ],
                        max_length=16,
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=60)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("page", "On their page here"),
                            ("telephone", "By telephone"),
                            ("nobody", "Nobody known to tell"),
                        ],
                        max_length=10,
                    ),
                ),
                ("because", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "basis_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="told", to="answering.concerncase"
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="told", to="answering.casereason"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerNotice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=20)),
                ("authority", models.CharField(max_length=12)),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("home_force", "Force of the home"),
                            ("home_authority", "Local authority of the home"),
                            ("host_force", "Force of where they were found"),
                            ("host_authority", "Local authority of where they were found"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_child", models.BooleanField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "ring",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "told",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notice", to="answering.told"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                    "basis_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="answering.concerncase"
                    ),
                ),
                (
                    "told",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="done", to="answering.told"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("taken_on", "Taken on"),
                            ("in_hand", "In hand"),
                            ("offered", "Offered to another agency"),
                            ("declined", "Offer declined"),
                            ("withdrawn", "Offer taken back"),
                            ("accepted", "Accepted from another agency"),
                            ("ended", "Ended"),
                            ("reopened", "Open again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("person", models.CharField(blank=True, max_length=80)),
                ("offered", models.CharField(blank=True, max_length=60)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safeguarded", "Safeguarded: what was needed is in place"),
                            ("passed", "Passed to an organisation outside Crossline, which accepted it"),
                            ("known", "Already known, and worked there"),
                            ("not_about", "Not about this person"),
                            ("no_risk", "No longer at risk"),
                            ("adult", "An adult, to whom the sign does not apply"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("by", models.CharField(max_length=80)),
                ("by_agency", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "basis_audience",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="answering.concerncase"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="a_case_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), models.Q(("end", ""), _negated=True)),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("end", "")),
                            _connector="OR",
                        ),
                        name="an_end_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "offered"), models.Q(("offered", ""), _negated=True)),
                            models.Q(models.Q(("state", "offered"), _negated=True), ("offered", "")),
                            _connector="OR",
                        ),
                        name="an_offer_says_to_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["taken_on", "in_hand", "accepted", "ended"]), _negated=True),
                            models.Q(("person", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="somebody_named_takes_it_on",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="casereason",
            constraint=models.UniqueConstraint(
                fields=("case", "mention", "reason", "standing", "basis_audience"), name="a_reason_answered_once"
            ),
        ),
        migrations.RunSQL(ANSWERING),
    ]
