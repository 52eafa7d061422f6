"""An index by which somebody's own reads are found, for what was corrected since."""

from django.db import migrations

from crossline.access.row_security import READERS


class Migration(migrations.Migration):
    dependencies = [("access", "0006_own_while_active")]

    operations = [migrations.RunSQL(READERS)]
