"""Which records a read showed and what explains it; what an auditor made of a read; who may read the audit."""

import uuid

import django.utils.timezone
from django.db import migrations, models

from crossline.access import row_security as rows


class Migration(migrations.Migration):
    dependencies = [("access", "0003_sign_in")]

    operations = [
        migrations.CreateModel(
            name="AuditSubject",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("event", models.UUIDField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor_id", models.CharField(max_length=40)),
                ("actor_agency", models.CharField(max_length=60)),
                ("record", models.UUIDField()),
                ("owner_agency", models.CharField(max_length=60)),
                ("explanation", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="AuditDecision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("event", models.UUIDField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("outcome", models.CharField(max_length=20)),
                ("note", models.CharField(max_length=500)),
                ("decided_by", models.CharField(max_length=120)),
                ("decided_agency", models.CharField(max_length=60)),
            ],
        ),
        migrations.RunSQL(rows.WHO_LOOKED),
        migrations.RunSQL(rows.append_only("access_auditsubject")),
        migrations.RunSQL(rows.append_only("access_auditdecision")),
    ]
