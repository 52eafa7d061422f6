"""Referrals and sheets, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.safeguarding.referrals.security import REFERRALS


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0012_partner_kinds"), ("records", "0006_decoy")]

    operations = [
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("recipient", models.CharField(max_length=30)),
                ("urgency", models.CharField(max_length=20)),
                ("gateway", models.CharField(max_length=30)),
                ("reader", models.CharField(blank=True, max_length=80)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("recipient", models.CharField(max_length=30)),
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
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReferralText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("content", models.JSONField()),
                ("behind", models.IntegerField()),
                ("reason", models.TextField()),
                ("saved_by", models.CharField(max_length=80)),
                ("saved_agency", models.CharField(max_length=60)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="referrals.referral"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SheetRevocation",
            fields=[
                (
                    "sheet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="revocation",
                        serialize=False,
                        to="referrals.sheet",
                    ),
                ),
                ("words", models.TextField()),
                ("by", models.CharField(max_length=80)),
                ("by_agency", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="sheet",
            name="referral",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="referrals.referral"
            ),
        ),
        migrations.AddField(
            model_name="sheet",
            name="text",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.referraltext"
            ),
        ),
        migrations.CreateModel(
            name="SheetField",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("field", models.CharField(max_length=30)),
                ("words", models.TextField()),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fields", to="referrals.sheet"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SheetMessage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "side",
                    models.CharField(
                        choices=[("sender", "Whoever referred"), ("partner", "Whoever was asked")], max_length=10
                    ),
                ),
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
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="referrals.sheet"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SheetOpening",
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
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="referrals.sheet"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SheetStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("sent", "Sent"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("action", "Action taken"),
                            ("outcome", "Outcome recorded"),
                            ("done", "Done"),
                            ("reopened", "Reopened"),
                            ("revoked", "Revoked"),
                        ],
                        max_length=12,
                    ),
                ),
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
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="referrals.sheet"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TextRecord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="records", to="referrals.referraltext"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="referraltext",
            constraint=models.UniqueConstraint(fields=("referral", "number"), name="a_referral_text_once"),
        ),
        migrations.AddField(
            model_name="sheetrevocation",
            name="audience",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.UniqueConstraint(fields=("referral", "number"), name="a_sheet_once"),
        ),
        migrations.AddConstraint(
            model_name="sheetfield",
            constraint=models.UniqueConstraint(fields=("sheet", "field"), name="a_field_once"),
        ),
        migrations.AddConstraint(
            model_name="sheetstep",
            constraint=models.UniqueConstraint(fields=("sheet", "number"), name="a_sheet_step_once"),
        ),
        migrations.AddConstraint(
            model_name="textrecord",
            constraint=models.UniqueConstraint(fields=("text", "record"), name="a_record_behind_once"),
        ),
        migrations.RunSQL(REFERRALS),
    ]
