"""More kinds of partner organisation: the check that ties an id to a kind knows them."""

from django.db import migrations

from crossline.access.partner_security import MORE_KINDS


class Migration(migrations.Migration):
    dependencies = [("access", "0011_authorities")]

    operations = [migrations.RunSQL(MORE_KINDS)]
