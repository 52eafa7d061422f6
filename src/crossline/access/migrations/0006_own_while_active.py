"""Whoever may no longer sign in reads nothing: of reads, requests and second factors, not even their own."""

from django.db import migrations

from crossline.access.people_security import OWN_WHILE_ACTIVE


class Migration(migrations.Migration):
    dependencies = [("access", "0005_approvals")]

    operations = [migrations.RunSQL(OWN_WHILE_ACTIVE)]
