"""The audit is sealed: each row has a number and its transaction, and there are places for its seals and their checkpoints."""

from django.db import migrations, models

from crossline.access import row_security as rows


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuditLeaf",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event", models.UUIDField(unique=True)),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("key", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("peaks", models.TextField()),
                ("horizon", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(rows.SEALS),
        migrations.RunSQL(rows.append_only("access_auditleaf")),
        migrations.RunSQL(rows.append_only("access_auditcheckpoint")),
    ]
