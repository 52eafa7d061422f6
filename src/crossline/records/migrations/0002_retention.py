"""Every record keeps which rule set its clock; reviews, holds, confirmations and tombstones have their tables."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.access import row_security as rows

AGENCY = {"on_delete": django.db.models.deletion.PROTECT, "to": "access.agency"}
AUDIENCE = {"on_delete": django.db.models.deletion.PROTECT, "to": "access.audience"}
RECORD = {"on_delete": django.db.models.deletion.CASCADE, "to": "records.record"}

MANAGER = "information_manager"


def of_own_record(table: str, agency: str, at: str) -> str:
    """What a page may add about a record: one its viewer sees, of their own agency, with its owner and audience, and now."""
    return (
        f"EXISTS (SELECT FROM records_record r WHERE r.id = {table}.record_id AND r.owner_id = {table}.owner_id "
        f"AND r.audience_id = {table}.audience_id) AND {agency} = {table}.owner_id AND {now(at)}"
    )


def now(at: str) -> str:
    """That a time is the present, give or take a slow request."""
    return f"{at} BETWEEN now() - interval '1 minute' AND now() + interval '10 minutes'"


REVIEWED = (
    f"{of_own_record('records_recordreview', 'decided_agency', 'decided_at')} "
    f"AND {rows.signed('decided_by', 'decided_agency', MANAGER)}"
)
HELD = (
    f"{of_own_record('records_legalhold', 'placed_agency', 'placed_at')} "
    f"AND {rows.signed('placed_by', 'placed_agency', MANAGER)}"
)
LIFTED = (
    "EXISTS (SELECT FROM records_legalhold h WHERE h.id = hold_id AND h.owner_id = records_holdlifted.owner_id "
    "AND h.audience_id = records_holdlifted.audience_id) AND lifted_agency = records_holdlifted.owner_id "
    f"AND {now('lifted_at')} AND {rows.signed('lifted_by', 'lifted_agency', MANAGER)}"
)
CONFIRMED = (
    "EXISTS (SELECT FROM records_recordreview v WHERE v.id = review_id AND v.choice = 'dispose' "
    "AND v.decided_by = records_confirmation.decided_by AND v.owner_id = records_confirmation.owner_id "
    "AND v.audience_id = records_confirmation.audience_id) AND confirmed_agency = records_confirmation.owner_id "
    f"AND {now('confirmed_at')} AND {rows.signed('confirmed_by', 'confirmed_agency', MANAGER)}"
)
SET_BY_REVIEW = (
    "EXISTS (SELECT FROM records_recordreview v WHERE v.id = review_id AND v.record_id = records_retentionclock.record_id "
    "AND v.choice = 'keep' AND v.next_review = due AND v.decided_by = set_by AND v.rule = records_retentionclock.rule "
    "AND v.owner_id = records_retentionclock.owner_id AND v.audience_id = records_retentionclock.audience_id) "
    f"AND {now('set_at')} AND {rows.signed('set_by', 'records_retentionclock.owner_id', MANAGER)}"
)
# The decider that a confirmation repeats is the review's own, whoever writes it: not only on the word of a policy.
SAME_DECIDER = """
ALTER TABLE records_recordreview ADD CONSTRAINT review_and_its_decider UNIQUE (id, decided_by);
ALTER TABLE records_confirmation ADD CONSTRAINT of_that_decider FOREIGN KEY (review_id, decided_by)
    REFERENCES records_recordreview (id, decided_by) DEFERRABLE INITIALLY DEFERRED;
"""
READ_AND_ADD = {"web": "SELECT, INSERT"}


def own(table: str) -> str:
    """What a reviewer wrote is read by people of the owner alone, whoever else sees the record."""
    return rows.of_own_agency(f"{table}.owner_id")


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_information_manager"),
        ("records", "0001_initial"),
    ]

    operations = [
        # Rows that are there already get the rule by which their date was reckoned.
        migrations.AddField(
            model_name="record",
            name="review_rule",
            field=models.CharField(default="mopi-group-3-1", max_length=60),
            preserve_default=False,
        ),
        migrations.RunSQL(
            rows.as_unforced(
                "records_record",
                "UPDATE records_record SET review_rule = 'children-and-victims-1' WHERE kind IN ('missing', 'concern')",
            )
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["owner", "review_at"], name="record_review"),
        ),
        migrations.CreateModel(
            name="RecordReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=60)),
                ("answers", models.JSONField(default=dict)),
                ("choice", models.CharField(max_length=10)),
                ("ground", models.CharField(blank=True, max_length=20)),
                ("next_review", models.DateField(null=True)),
                ("reason", models.TextField()),
                ("decided_by", models.CharField(max_length=80)),
                ("decided_agency", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", models.ForeignKey(**AUDIENCE)),
                ("owner", models.ForeignKey(**AGENCY)),
                ("record", models.ForeignKey(**RECORD)),
            ],
            options={
                "indexes": [models.Index(fields=["record", "decided_at"], name="review_record")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", "keep"), ("ground", ""), ("next_review__isnull", False)),
                            models.Q(
                                ("choice", "dispose"), ("next_review", None), models.Q(("ground", ""), _negated=True)
                            ),
                            models.Q(("choice", "hold"), ("ground", ""), ("next_review", None)),
                            _connector="OR",
                        ),
                        name="a_review_says_what_follows",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="records.recordreview",
                    ),
                ),
                ("agreed", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("decided_by", models.CharField(max_length=80)),
                ("confirmed_by", models.CharField(max_length=80)),
                ("confirmed_agency", models.CharField(max_length=60)),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", models.ForeignKey(**AUDIENCE)),
                ("owner", models.ForeignKey(**AGENCY)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_by", models.F("decided_by")), _negated=True),
                        name="two_people_confirm_a_disposal",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionClock",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=60)),
                ("due", models.DateField()),
                ("set_by", models.CharField(max_length=80)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", models.ForeignKey(**AUDIENCE)),
                ("owner", models.ForeignKey(**AGENCY)),
                ("record", models.ForeignKey(**RECORD)),
                (
                    "review",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="records.recordreview"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["record", "set_at"], name="clock_record")]},
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ground", models.CharField(max_length=20)),
                ("reason", models.TextField()),
                ("placed_by", models.CharField(max_length=80)),
                ("placed_agency", models.CharField(max_length=60)),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", models.ForeignKey(**AUDIENCE)),
                ("owner", models.ForeignKey(**AGENCY)),
                ("record", models.ForeignKey(**RECORD)),
            ],
        ),
        migrations.CreateModel(
            name="HoldLifted",
            fields=[
                (
                    "hold",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="lifted",
                        serialize=False,
                        to="records.legalhold",
                    ),
                ),
                ("reason", models.TextField()),
                ("lifted_by", models.CharField(max_length=80)),
                ("lifted_agency", models.CharField(max_length=60)),
                ("lifted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("audience", models.ForeignKey(**AUDIENCE)),
                ("owner", models.ForeignKey(**AGENCY)),
            ],
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("rule", models.CharField(max_length=60)),
                ("ground", models.CharField(max_length=20)),
                ("decided_by", models.CharField(max_length=80)),
                ("decided_at", models.DateTimeField()),
                ("confirmed_by", models.CharField(blank=True, max_length=80)),
                ("disposed_at", models.DateTimeField()),
                ("audience", models.ForeignKey(**AUDIENCE)),
                ("owner", models.ForeignKey(**AGENCY)),
            ],
            options={
                "indexes": [models.Index(fields=["disposed_at"], name="tombstone_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ground", "authority_expired"),
                            models.Q(
                                models.Q(("decided_by", ""), _negated=True),
                                models.Q(("confirmed_by", ""), _negated=True),
                                models.Q(("confirmed_by", models.F("decided_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="two_people_disposed",
                    )
                ],
            },
        ),
        migrations.RunSQL(SAME_DECIDER),
        migrations.RunSQL(
            rows.content("records_recordreview", **READ_AND_ADD, added=REVIEWED, read=own("records_recordreview"))
        ),
        migrations.RunSQL(
            rows.content("records_confirmation", **READ_AND_ADD, added=CONFIRMED, read=own("records_confirmation"))
        ),
        migrations.RunSQL(rows.content("records_retentionclock", **READ_AND_ADD, added=SET_BY_REVIEW)),
        migrations.RunSQL(rows.content("records_legalhold", **READ_AND_ADD, added=HELD, read=own("records_legalhold"))),
        migrations.RunSQL(
            rows.content("records_holdlifted", **READ_AND_ADD, added=LIFTED, read=own("records_holdlifted"))
        ),
        migrations.RunSQL(rows.content("records_tombstone")),
        migrations.RunSQL(rows.append_only("records_tombstone")),
    ]
