"""The room's tables, with row security from the first."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from crossline.access import row_security as rows


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=30)),
                ("country", models.CharField(blank=True, max_length=40)),
                ("region", models.CharField(blank=True, max_length=60)),
                ("rocu_id", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=600, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("verb", models.CharField(max_length=20)),
                ("event", models.CharField(max_length=60)),
                ("actor_id", models.CharField(blank=True, max_length=40)),
                ("actor", models.CharField(max_length=120)),
                ("actor_agency", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("username", models.CharField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("analyst", "analyst"),
                                ("intelligence", "intelligence"),
                                ("investigator", "investigator"),
                                ("safeguarding", "safeguarding"),
                                ("coordinator", "coordinator"),
                                ("auditor", "auditor"),
                            ],
                            max_length=40,
                        ),
                        size=None,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AudienceLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.audience")),
                ("label", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.label")),
            ],
        ),
        migrations.AddField(
            model_name="audience",
            name="labels",
            field=models.ManyToManyField(through="access.AudienceLabel", to="access.label"),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.label")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name="audiencelabel",
            constraint=models.UniqueConstraint(fields=("label", "audience"), name="one_label_once_an_audience"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("person", "label"), name="one_label_once_a_person"),
        ),
        migrations.RunSQL(rows.VISIBLE_AUDIENCES_FUNCTION),
        migrations.RunSQL(rows.REFUSE_CHANGE),
        migrations.RunSQL(rows.reference("access_agency")),
        migrations.RunSQL(rows.reference("access_person", web="SELECT, UPDATE (last_login)")),
        migrations.RunSQL(rows.reference("access_membership", web="REFERENCES")),
        migrations.RunSQL(rows.AUDIENCES),
        migrations.RunSQL(rows.SESSIONS),
        migrations.RunSQL(rows.AUDIT),
        migrations.RunSQL(rows.append_only("access_auditevent")),
    ]
