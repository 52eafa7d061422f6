"""A record can be restricted by whoever answers for it: not to be used for a decision, until the restriction is lifted."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from crossline.access import row_security as rows

# A foreign key finds a hidden row, and an audience is whatever the row says: so a row from a page is checked against the
# record that its viewer sees, and against who they are. Nobody restricts another agency's record.
OF_OWN_RECORD = (
    "EXISTS (SELECT FROM records_record r WHERE r.id = record_id AND r.owner_id = decided_agency "
    "AND r.audience_id = records_recordrestriction.audience_id) "
    "AND decided_at BETWEEN now() - interval '1 minute' AND now() + interval '10 minutes' "
    f"AND {rows.holds('information_manager')} AND {rows.signed('decided_by', 'decided_agency')}"
)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_seals"), ("records", "0002_retention")]

    operations = [
        migrations.CreateModel(
            name="RecordRestriction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("placed", "Restricted"), ("lifted", "Restriction lifted")], max_length=10
                    ),
                ),
                ("reason", models.TextField()),
                ("decided_by", models.CharField(max_length=80)),
                ("decided_agency", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "audience",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.audience"),
                ),
                (
                    "record",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="records.record"),
                ),
            ],
        ),
        migrations.RunSQL(rows.content("records_recordrestriction", web="SELECT, INSERT", added=OF_OWN_RECORD)),
    ]
