"""Pointers, checks, settings and outcomes of deconfliction, with row security and the functions that cross it, from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.deconfliction.functions import FIRST
from crossline.deconfliction.security import FOLLOW, TABLES


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20)),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_by_id", models.CharField(max_length=36)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("purpose", models.CharField(max_length=200)),
                ("operation", models.CharField(max_length=100)),
                ("contact", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("scheme", models.CharField(max_length=10)),
                ("value", models.CharField(max_length=300)),
                ("until", models.DateField()),
                ("in_file", models.BooleanField(default=False)),
                ("approval", models.UUIDField(null=True)),
                (
                    "body",
                    models.CharField(
                        choices=[
                            ("nothing", "Nobody that you may be told of"),
                            ("met", "Other agencies to ring"),
                            ("hub", "A value that many agencies share"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answer", models.JSONField(default=list)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
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
            name="CheckOutcome",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20)),
                ("asking_agency", models.CharField(max_length=60)),
                ("other_agency", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("joint", "A joint operation"),
                            ("handed_over", "One agency handed it over to the other"),
                            ("stood_down", "One agency stood down"),
                            ("no_conflict", "The same target, and no conflict"),
                            ("false_match", "Not the same target after all"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("shared", models.BooleanField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("recorded_agency", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deconfliction.check"
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
            name="CheckToken",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token", models.BinaryField(max_length=16)),
                ("until", models.DateField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deconfliction.check"
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
            name="Pointer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("about", models.CharField(max_length=221)),
                ("scheme", models.CharField(max_length=10)),
                ("token", models.BinaryField(max_length=16)),
                ("until", models.DateField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            name="AnswerSetting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("about", models.CharField(blank=True, max_length=221)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("silent", "Nothing: you are told that they asked, and can ring them"),
                            ("contact", "Your agency, and whom to ring"),
                            ("contact_and_category", "Your agency, whom to ring, and a word for the kind of operation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("category", models.CharField(blank=True, max_length=40)),
                ("set_by", models.CharField(max_length=80)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "about", "set_at"], name="answer_setting")],
            },
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(fields=["asked_by_id", "asked_at"], name="checks_of_person"),
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(fields=["agency", "asked_at"], name="checks_of_agency"),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(fields=("agency", "number"), name="a_check_number_once"),
        ),
        migrations.AddIndex(
            model_name="checkoutcome",
            index=models.Index(fields=["asked", "other_agency", "recorded_at"], name="outcome_of_check"),
        ),
        migrations.AddIndex(
            model_name="checktoken",
            index=models.Index(fields=["token"], name="check_token"),
        ),
        migrations.AddIndex(
            model_name="checktoken",
            index=models.Index(fields=["agency", "until"], name="check_tokens_of_agency"),
        ),
        migrations.AddIndex(
            model_name="pointer",
            index=models.Index(fields=["token"], name="pointer_token"),
        ),
        migrations.AddIndex(
            model_name="pointer",
            index=models.Index(fields=["owner", "about"], name="pointer_about"),
        ),
        migrations.RunSQL(TABLES),
        migrations.RunSQL(FIRST),
        migrations.RunSQL(FOLLOW),
    ]
