"""Signing in: second factors, counted attempts, temporary passwords; and people are administered on pages."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from crossline.access import people_security as people

ROLES = ("analyst", "intelligence", "investigator", "safeguarding", "coordinator", "auditor", "administrator")


def _id() -> models.UUIDField:
    return models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)


def _factor() -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.secondfactor")


class Migration(migrations.Migration):
    dependencies = [("access", "0003_information_manager")]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[(role, role) for role in ROLES], max_length=40), size=None
            ),
        ),
        migrations.AddField(model_name="person", name="password_temporary", field=models.BooleanField(default=False)),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", _id()),
                ("secret", models.BinaryField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SecondFactorEnd",
            fields=[
                ("id", _id()),
                ("ended_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_by", models.CharField(max_length=80)),
                ("factor", _factor()),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[("id", _id()), ("hash", models.CharField(max_length=64)), ("factor", _factor())],
        ),
        migrations.CreateModel(
            name="UsedCode",
            fields=[
                ("id", _id()),
                ("used", models.CharField(max_length=80)),
                ("used_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("factor", _factor()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("factor", "used"), name="one_code_once")],
            },
        ),
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                ("id", _id()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("username", models.CharField(max_length=80)),
                ("address", models.CharField(max_length=45)),
                ("outcome", models.CharField(max_length=20)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["username", "at"], name="attempts_by_name"),
                    models.Index(fields=["address", "at"], name="attempts_by_address"),
                ],
            },
        ),
        migrations.RunSQL(people.WRITE_PERSON),
        migrations.RunSQL(people.ADMINISTER_PERSON),
        migrations.RunSQL(people.SET_OWN_PASSWORD),
        migrations.RunSQL(people.SECOND_FACTORS),
        migrations.RunSQL(people.ATTEMPTS),
    ]
