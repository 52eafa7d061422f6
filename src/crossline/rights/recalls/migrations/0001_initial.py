"""What is called back from whoever was given it, with row security from the first."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.rights.recalls.security import RECALLS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0012_partner_kinds"),
        ("records", "0006_decoy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("export", "Export"),
                            ("sheet", "Referral"),
                            ("minutes", "Minutes of a meeting"),
                            ("notice", "Notice that somebody needs help"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("person", models.CharField(blank=True, max_length=80)),
                ("given_at", models.DateTimeField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.audience"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recalls", to="records.tombstone"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecallAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                (
                    "answer",
                    models.CharField(
                        choices=[("destroyed", "Destroyed"), ("not_held", "Not held"), ("kept", "Kept, with a reason")],
                        max_length=10,
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
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="recalls.recall"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.UniqueConstraint(
                fields=("record", "what", "number", "holder", "person"), name="a_recall_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recallanswer",
            constraint=models.UniqueConstraint(fields=("recall", "number"), name="a_recall_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="recallanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "kept"), _negated=True), models.Q(("words", ""), _negated=True), _connector="OR"
                ),
                name="what_is_kept_has_a_reason",
            ),
        ),
        migrations.RunSQL(RECALLS),
    ]
