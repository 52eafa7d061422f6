"""The room's tables, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.access import row_security as rows

BOTH_ENDS = ("left_audience_id", "right_audience_id")

# A foreign key finds a hidden row, and an audience is whatever the row says: so a judgement from a page is checked against
# what its viewer sees of the mentions themselves, and a withdrawal against the judgement.
OF_SEEN_MENTIONS = (
    "EXISTS (SELECT FROM records_mention m WHERE m.id = left_id AND m.audience_id = left_audience_id) "
    "AND EXISTS (SELECT FROM records_mention m WHERE m.id = right_id AND m.audience_id = right_audience_id) "
    f"AND {rows.signed('decided_by', 'decided_agency')}"
)
OF_A_SEEN_JUDGEMENT = (
    "EXISTS (SELECT FROM entities_judgement j WHERE j.id = judgement_id AND j.left_audience_id = "
    "entities_withdrawal.left_audience_id AND j.right_audience_id = entities_withdrawal.right_audience_id) "
    f"AND {rows.signed('withdrawn_by')}"
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("same", "The same"), ("different", "Different"), ("unsure", "Unsure")], max_length=10
                    ),
                ),
                ("reason", models.TextField()),
                ("decided_by", models.CharField(max_length=80)),
                ("decided_agency", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "left_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "right_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RegisteredModel",
            fields=[
                ("version", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("release", models.CharField(max_length=60)),
                ("scale", models.IntegerField()),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("weight", models.FloatField()),
                ("model_version", models.CharField(max_length=60)),
                ("explanation", models.JSONField()),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "left_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
                (
                    "right_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "judgement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="entities.judgement",
                    ),
                ),
                ("reason", models.TextField()),
                ("withdrawn_by", models.CharField(max_length=80)),
                ("withdrawn_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "left_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "right_audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(fields=["left"], name="judgement_left"),
        ),
        migrations.AddIndex(
            model_name="judgement",
            index=models.Index(fields=["right"], name="judgement_right"),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(fields=["right"], name="match_right"),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(fields=("left", "right"), name="a_pair_once"),
        ),
        migrations.RunSQL(rows.reference("entities_registeredmodel")),
        migrations.RunSQL(rows.content("entities_match", audiences=BOTH_ENDS)),
        migrations.RunSQL(
            rows.content("entities_judgement", audiences=BOTH_ENDS, web="SELECT, INSERT", added=OF_SEEN_MENTIONS)
        ),
        migrations.RunSQL(
            rows.content("entities_withdrawal", audiences=BOTH_ENDS, web="SELECT, INSERT", added=OF_A_SEEN_JUDGEMENT)
        ),
    ]
