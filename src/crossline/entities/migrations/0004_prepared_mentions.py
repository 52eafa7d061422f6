"""Mentions as comparisons read them, beside their keys; both with the mention's audience, which they follow.

Matches lose two indexes that others serve as well. Only the engine reads mentions, and a migration is not the engine: the keys
of before go, and everything is matched anew.
"""

import django.db.models.deletion
from django.db import migrations, models

from crossline.access import row_security as rows
from crossline.entities.security import KEYS_FOLLOW


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("records", "0005_compartments"),
        ("entities", "0003_match_keys"),
    ]

    operations = [
        migrations.DeleteModel("MatchKey"),
        migrations.CreateModel(
            name="MatchKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "audience", "mention", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.audience",
                    ),
                ),
                (
                    "mention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mention"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PreparedMention",
            fields=[
                (
                    "mention",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="records.mention",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.audience",
                    ),
                ),
                ("prepared", models.TextField()),
            ],
        ),
        *(
            migrations.AlterField(
                "match",
                side,
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to="records.mention",
                ),
            )
            for side in ("left", "right")
        ),
        migrations.RunSQL(
            rows.content("entities_matchkey")
            + rows.content("entities_preparedmention")
            + KEYS_FOLLOW
            + "DELETE FROM entities_registeredmodel;\n"
        ),
    ]
