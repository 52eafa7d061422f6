"""Keys of mentions, for looking up a delivery's people: seen with their mention, written by the engine alone."""

import django.db.models.deletion
from django.db import migrations, models

from crossline.access import row_security as rows

OF_A_SEEN_MENTION = "EXISTS (SELECT FROM records_mention m WHERE m.id = mention_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        ("entities", "0002_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "mention", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "mention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(rows.content("entities_matchkey", audiences=(), read=OF_A_SEEN_MENTION)),
    ]
