"""Which judgements are decisions, by whom each may be added and taken back, and the change that came with it."""

from django.db import migrations, models

from crossline.entities.security import DECISIONS


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="judgement",
            name="change",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="change",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="judgement",
            name="decides",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(models.When(decided_agency="nclcc", then=True), default=False),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.RunSQL(DECISIONS),
    ]
