"""What people declare of returned lines, and the records that speak for it, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.lines.status_security import STATES


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_policy_changes"),
        ("lines", "0001_initial"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="LineState",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("line_ref", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("as_returned", "As returned"),
                            ("identified", "Identified"),
                            ("active", "Active"),
                            ("disrupted", "Disrupted"),
                            ("type1_proposed", "Type 1 closure proposed"),
                            ("type2_proposed", "Type 2 closure proposed"),
                            ("closed_type1", "Closed, type 1"),
                            ("closed_type2", "Closed, type 2"),
                            ("not_agreed", "Closure not agreed"),
                            ("taken_back", "Proposal taken back"),
                            ("checked", "Checked: out of use"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=16,
                    ),
                ),
                ("since", models.DateField()),
                ("number", models.CharField(blank=True, max_length=60)),
                ("check_back", models.IntegerField(null=True)),
                ("checked_on", models.DateField(null=True)),
                ("check_said", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("decided_by", models.CharField(max_length=80)),
                ("decided_agency", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_by",
                        to="lines.linestate",
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
            name="StateEvidence",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "proves",
                    models.CharField(
                        choices=[
                            ("holder", "Who holds the line"),
                            ("charged", "That the holder was arrested and charged"),
                            ("dead", "That the number is out of use"),
                            ("speaks", "That the number speaks again"),
                            ("supports", "What else supports it"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "line_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "mention",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
                (
                    "state",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="lines.linestate"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="linestate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows", None)), fields=("owner", "line_ref"), name="one_first_state_of_a_return"
            ),
        ),
        migrations.AddConstraint(
            model_name="linestate",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "as_returned"), _negated=True), name="a_state_is_declared"
            ),
        ),
        migrations.AddConstraint(
            model_name="stateevidence",
            constraint=models.UniqueConstraint(fields=("state", "record", "proves"), name="a_record_once_for_a_state"),
        ),
        migrations.RunSQL(STATES),
    ]
