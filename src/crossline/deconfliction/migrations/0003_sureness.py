"""How sure a meeting is, and numbers that took over: kept with each token, and told with each answer."""

import django.db.models.deletion
from django.db import migrations, models

from crossline.deconfliction.event_functions import RESOLVING
from crossline.deconfliction.functions import LOOKING
from crossline.deconfliction.security import VIA


def _via() -> models.ForeignKey:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="records.record",
        db_index=False,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("deconfliction", "0002_events"),
        ("records", "0006_decoy"),
    ]

    operations = [
        *(
            migrations.AddField(model_name=model, name="sure", field=models.SmallIntegerField(default=1))
            for model in ("pointer", "checktoken")
        ),
        migrations.AddField(model_name="pointer", name="via", field=_via()),
        migrations.AddField(model_name="checktoken", name="via_id", field=models.UUIDField(null=True)),
        migrations.AddIndex(
            model_name="pointer",
            index=models.Index(fields=["via"], name="pointer_via", condition=models.Q(via__isnull=False)),
        ),
        migrations.AddIndex(
            model_name="checktoken",
            index=models.Index(fields=["via_id"], name="check_token_via", condition=models.Q(via_id__isnull=False)),
        ),
        migrations.RunSQL(LOOKING),
        migrations.RunSQL(RESOLVING),
        migrations.RunSQL(VIA),
    ]
