"""The room's tables, with row security from the first."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from crossline.access import row_security as rows


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("rows", models.IntegerField()),
                ("accepted", models.IntegerField()),
                ("refused", models.IntegerField()),
                ("duplicate", models.IntegerField()),
                ("held", models.IntegerField()),
                ("receipt", models.JSONField(default=dict)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency")),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience")),
            ],
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("file", models.CharField(max_length=200)),
                ("row", models.IntegerField()),
                ("column", models.CharField(blank=True, max_length=60)),
                ("outcome", models.CharField(max_length=20)),
                ("reason", models.TextField()),
                ("content", models.JSONField(null=True)),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience")),
                ("delivery", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.delivery")),
            ],
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=20)),
                ("ref", models.CharField(max_length=200)),
                ("revision", models.IntegerField(default=1)),
                ("kind", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("occurred_from", models.DateTimeField(null=True)),
                ("occurred_to", models.DateTimeField(null=True)),
                ("source_grade", models.CharField(blank=True, max_length=1)),
                ("information_grade", models.CharField(blank=True, max_length=1)),
                ("handling", models.CharField(max_length=1)),
                ("conditions", models.CharField(blank=True, max_length=200)),
                ("classification", models.CharField(max_length=20)),
                ("subject", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("detail", models.JSONField(default=dict)),
                ("content_hash", models.CharField(max_length=64)),
                ("review_at", models.DateField()),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience")),
                (
                    "delivery",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="records.delivery"),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency")),
            ],
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=60)),
                ("place", models.SmallIntegerField(default=0)),
                ("kind", models.CharField(max_length=10)),
                ("caption", models.CharField(max_length=300)),
                ("selector", models.CharField(max_length=300, null=True)),
                ("forename", models.CharField(blank=True, max_length=100)),
                ("middle", models.CharField(blank=True, max_length=100)),
                ("surname", models.CharField(blank=True, max_length=100)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), default=list, size=None
                    ),
                ),
                ("born", models.CharField(blank=True, max_length=10)),
                ("age", models.SmallIntegerField(null=True)),
                ("sex", models.CharField(blank=True, max_length=1)),
                ("nominal", models.CharField(blank=True, max_length=60)),
                ("pnc", models.CharField(blank=True, max_length=60)),
                ("detail", models.JSONField(default=dict)),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience")),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency")),
                ("record", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.record")),
            ],
        ),
        migrations.CreateModel(
            name="Assertion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=20)),
                ("basis", models.CharField(max_length=10)),
                ("category", models.CharField(blank=True, max_length=10)),
                ("from_date", models.DateField(null=True)),
                ("to_date", models.DateField(null=True)),
                ("detail", models.JSONField(default=dict)),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience")),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.agency")),
                (
                    "from_mention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assertions_from",
                        to="records.mention",
                    ),
                ),
                (
                    "to_mention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assertions_to", to="records.mention"
                    ),
                ),
                ("record", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.record")),
            ],
        ),
        migrations.CreateModel(
            name="SearchToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=100)),
                ("audience", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience")),
                ("mention", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.mention")),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=30)),
                ("version", models.CharField(max_length=60)),
                ("done_at", models.DateTimeField()),
                ("delivery", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.delivery")),
            ],
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("agency", "ref"), name="a_delivery_once"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rows",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("accepted"), "+", models.F("refused")
                                ),
                                "+",
                                models.F("duplicate"),
                            ),
                            "+",
                            models.F("held"),
                        ),
                    )
                ),
                name="every_row_has_one_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "audience"], name="record_kind"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["delivery"], name="record_delivery"),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.UniqueConstraint(fields=("owner", "source", "ref", "revision"), name="a_record_once"),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(fields=["selector", "kind", "audience"], name="mention_selector"),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(fields=["kind", "audience"], name="mention_kind"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("record", "key"), name="a_mention_once"),
        ),
        migrations.AddIndex(
            model_name="assertion",
            index=models.Index(fields=["type", "audience"], name="assertion_type"),
        ),
        migrations.AddIndex(
            model_name="searchtoken",
            index=models.Index(fields=["token", "audience"], name="search_token"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.UniqueConstraint(fields=("delivery", "step"), name="a_step_once_a_delivery"),
        ),
        migrations.RunSQL(rows.content("records_delivery")),
        migrations.RunSQL(rows.content("records_outcome")),
        migrations.RunSQL(rows.content("records_record")),
        migrations.RunSQL(rows.content("records_mention")),
        migrations.RunSQL(rows.content("records_assertion")),
        migrations.RunSQL(rows.content("records_searchtoken")),
        migrations.RunSQL(rows.reference("records_step", web="")),
        migrations.RunSQL(rows.reference("records_change", web="SELECT, INSERT")),
    ]
