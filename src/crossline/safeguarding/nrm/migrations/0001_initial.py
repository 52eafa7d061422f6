"""The National Referral Mechanism and the section 45 log, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.safeguarding.nrm.security import NRM


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="NrmCase",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
        ),
        migrations.CreateModel(
            name="NrmRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="nrm.nrmcase"
                    ),
                ),
                (
                    "to_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NrmVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "age",
                    models.CharField(
                        choices=[
                            ("child", "A child"),
                            ("may_be_child", "May be a child: treated as one"),
                            ("adult", "An adult"),
                        ],
                        max_length=14,
                    ),
                ),
                ("age_evidence", models.CharField(blank=True, max_length=300)),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("not_needed", "Not needed: a child"),
                            ("given", "Informed consent given"),
                            ("refused", "Does not consent"),
                            ("not_asked", "Not asked yet"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("nrm", "National Referral Mechanism"),
                            ("duty_to_notify", "Duty to notify"),
                            ("ask", "Ask for informed consent first"),
                        ],
                        max_length=14,
                    ),
                ),
                ("anonymous", models.BooleanField(default=False)),
                ("answers", models.JSONField(default=dict)),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="nrm.nrmcase"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NrmStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("read", "Read by a second person"),
                            ("asked", "A first responder was asked to send it"),
                            ("sent", "Sent"),
                            ("reasonable_yes", "Reasonable grounds: yes"),
                            ("reasonable_no", "Reasonable grounds: no"),
                            ("conclusive_yes", "Conclusive grounds: yes"),
                            ("conclusive_no", "Conclusive grounds: no"),
                            ("reconsideration", "Reconsideration asked for"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=16,
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="nrm.nrmcase"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="nrm.nrmversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NrmObservation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("indicator", models.CharField(blank=True, max_length=40)),
                ("corroborates", models.CharField(blank=True, max_length=20)),
                ("sentence", models.TextField()),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="observations", to="nrm.nrmversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Section45Entry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "test",
                    models.CharField(
                        choices=[
                            ("child", "A child"),
                            ("may_be_child", "May be a child: treated as one"),
                            ("adult", "An adult"),
                        ],
                        max_length=14,
                    ),
                ),
                ("considered_by", models.CharField(max_length=200)),
                ("tests", models.JSONField(default=dict)),
                ("evidence", models.TextField()),
                ("scheduled", models.CharField(blank=True, max_length=60)),
                ("safeguarding_disposal", models.TextField(blank=True)),
                ("nrm_state", models.CharField(max_length=80)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("applies", "May apply: told to whoever decides on charge"),
                            ("more_needed", "More has to be found out first"),
                            ("does_not_apply", "Does not apply"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField()),
                ("day", models.DateField()),
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
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GuardianCoverage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                (
                    "coverage",
                    models.CharField(
                        choices=[("not_known", "Not known"), ("covered", "Covered"), ("not_covered", "Not covered")],
                        max_length=12,
                    ),
                ),
                ("source", models.CharField(max_length=300)),
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "authority", "number"), name="a_coverage_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="nrmversion",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="an_nrm_version_once"),
        ),
        migrations.AddConstraint(
            model_name="nrmversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("route", "duty_to_notify"), _negated=True),
                    models.Q(("age", "adult"), ("consent", "refused")),
                    _connector="OR",
                ),
                name="a_child_never_goes_by_duty_to_notify",
            ),
        ),
        migrations.AddConstraint(
            model_name="nrmversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("age", "adult"), ("route", "nrm"), _negated=True), ("consent", "given"), _connector="OR"
                ),
                name="an_adult_is_referred_with_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="nrmversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anonymous", False),
                    models.Q(
                        ("route", "duty_to_notify"),
                        models.Q(
                            (
                                "answers__has_any_keys",
                                (
                                    "names",
                                    "other_names",
                                    "born",
                                    "contact",
                                    "address_safe",
                                    "social_worker",
                                    "consent_how",
                                ),
                            ),
                            _negated=True,
                        ),
                    ),
                    _connector="OR",
                ),
                name="a_notice_without_a_name_names_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="nrmstep",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="an_nrm_step_once"),
        ),
        migrations.AddConstraint(
            model_name="nrmobservation",
            constraint=models.UniqueConstraint(fields=("version", "record"), name="an_observation_once"),
        ),
        migrations.AddConstraint(
            model_name="section45entry",
            constraint=models.UniqueConstraint(fields=("record", "number"), name="a_consideration_once"),
        ),
        migrations.AddConstraint(
            model_name="section45entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("test", "adult"), models.Q(("safeguarding_disposal", ""), _negated=True), _connector="OR"
                ),
                name="for_a_child_a_safeguarding_disposal_is_considered",
            ),
        ),
        migrations.RunSQL(NRM),
    ]
