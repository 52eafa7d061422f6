"""Requests for a second person's approval, and what became of each."""

import uuid

import django.utils.timezone
from django.db import migrations, models

from crossline.access import row_security as rows


class Migration(migrations.Migration):
    dependencies = [("access", "0004_who_looked")]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=30)),
                ("about", models.CharField(max_length=200)),
                ("rows", models.IntegerField(default=0)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("asked_by", models.CharField(max_length=120)),
                ("asked_by_id", models.CharField(max_length=40)),
                ("asked_agency", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="ApprovalStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("approval", models.UUIDField()),
                ("state", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=120)),
                ("by_id", models.CharField(max_length=40)),
                ("by_agency", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("approval", "state"), name="a_state_once_an_approval")],
            },
        ),
        migrations.RunSQL(rows.APPROVALS),
    ]
