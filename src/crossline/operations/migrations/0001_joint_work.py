"""Requests between agencies and their steps, the lead of a line, and up to where an agency has read: with row security."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.operations.joint.security import JOINT_WORK


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0010_policy_changes"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="JointRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("information", "Information"), ("action", "Action"), ("resources", "Resources")],
                        max_length=20,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("threat_to_life", "Threat to life"), ("urgent", "Urgent"), ("routine", "Routine")],
                        max_length=20,
                    ),
                ),
                (
                    "about_kind",
                    models.CharField(
                        choices=[
                            ("subject", "A subject in words"),
                            ("line_return", "A line"),
                            ("investigation", "An investigation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("about_owner", models.CharField(blank=True, max_length=60)),
                ("about_ref", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(max_length=200)),
                ("wanted", models.TextField()),
                ("reason", models.TextField()),
                ("grounds", models.TextField()),
                ("needed_by", models.DateField(null=True)),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "from_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
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
            name="LeadStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("accepted", "Leads"),
                            ("declined", "Declined"),
                            ("withdrawn", "Offer taken back"),
                            ("ended", "Laid down"),
                        ],
                        max_length=12,
                    ),
                ),
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
                    "follows",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="operations.leadstep",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
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
            name="ReadUpTo",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("up_to", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
            name="RequestStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("acknowledged", "Acknowledged"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("deferred", "Deferred"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                            ("escalated", "Escalated to the centre"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("until", models.DateField(null=True)),
                (
                    "use",
                    models.CharField(
                        blank=True,
                        choices=[("useful", "Useful"), ("partly", "Partly useful"), ("not", "Not useful")],
                        max_length=10,
                    ),
                ),
                (
                    "records",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="operations.jointrequest"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="jointrequest",
            index=models.Index(fields=["about_owner", "about_ref"], name="joint_request_about"),
        ),
        migrations.AddConstraint(
            model_name="jointrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_agency", models.F("to_agency")), _negated=True),
                name="a_request_is_of_another_agency",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("about_kind", "subject"), ("about_owner", ""), ("about_ref", "")),
                    models.Q(
                        models.Q(("about_kind", "subject"), _negated=True),
                        models.Q(("about_owner", ""), _negated=True),
                        models.Q(("about_ref", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_request_about_a_record_names_it",
            ),
        ),
        migrations.AddIndex(
            model_name="leadstep",
            index=models.Index(fields=["owner", "ref"], name="lead_of_a_line"),
        ),
        migrations.AddConstraint(
            model_name="requeststep",
            constraint=models.UniqueConstraint(fields=("request", "number"), name="a_step_of_a_request_once"),
        ),
        migrations.RunSQL(JOINT_WORK),
    ]
