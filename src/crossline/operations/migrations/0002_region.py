"""A request is escalated to the regional unit of the agency that was asked before it goes to the centre."""

from django.db import migrations, models

from crossline.operations.joint.region_security import REGION


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_joint_work")]

    operations = [
        migrations.AlterField(
            model_name="requeststep",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Asked"),
                    ("acknowledged", "Acknowledged"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("deferred", "Deferred"),
                    ("answered", "Answered"),
                    ("closed", "Closed"),
                    ("withdrawn", "Withdrawn"),
                    ("escalated_region", "Escalated to the region"),
                    ("escalated", "Escalated to the centre"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(REGION),
    ]
